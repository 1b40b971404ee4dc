package benchmarks_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// A floor answers one single-value GET that it knows beforehand. It does what no implementation can leave out, and nothing else:
// look at every byte of the event once, make the header map, the URL and the request, route it, and make the response. What an
// implementation takes longer is the price of reading JSON that may hold anything.
type floor struct {
	http.Handler
	url    url.URL
	header []floorField
}

type floorField struct {
	name string
	size int // of its value
}

func newFloor(tb testing.TB, h http.Handler, payload []byte) *floor {
	tb.Helper()
	var event events.ALBTargetGroupRequest
	if err := json.Unmarshal(payload, &event); err != nil {
		tb.Fatal(err)
	}
	f := &floor{Handler: h, url: url.URL{Path: event.Path, RawQuery: "status=open&tag=gift%20wrap&page=2"}}
	for name, value := range event.Headers {
		f.header = append(f.header, floorField{http.CanonicalHeaderKey(name), len(value)})
	}
	return f
}

func (f *floor) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if !utf8.Valid(payload) || bytes.Count(payload, []byte(`"`))%2 != 0 {
		return nil, errors.New("floor: not the event that it knows")
	}
	text := string(payload) // values must outlive the payload
	values := make([]string, len(f.header))
	header := make(http.Header, len(f.header))
	for i, field := range f.header {
		values[i] = text[:field.size]
		header[field.name] = values[i : i+1 : i+1]
	}

	w := &floorWriter{header: make(http.Header), url: f.url}
	r := (&http.Request{
		Method: http.MethodGet, URL: &w.url, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: http.NoBody,
	}).WithContext(ctx)
	f.ServeHTTP(w, r)
	return bytes.Clone(w.body), nil
}

// A floorWriter is the one object of an invocation.
type floorWriter struct {
	header http.Header
	url    url.URL
	buffer [256]byte
	body   []byte
}

func (w *floorWriter) Header() http.Header { return w.header }
func (w *floorWriter) WriteHeader(int)     {}

func (w *floorWriter) Write(p []byte) (int, error) {
	w.body = append(w.buffer[:0], p...)
	return len(p), nil
}

func (w *floorWriter) WriteString(s string) (int, error) {
	w.body = append(w.buffer[:0], s...)
	return len(s), nil
}
