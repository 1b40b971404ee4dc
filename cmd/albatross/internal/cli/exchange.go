package cli

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

// send puts the request through a load balancer in front of fn.
func send(r *http.Request, fn *function.Function, opts []balancer.Option) *record.Record {
	call := new(function.Call)
	sent := new(bytes.Buffer)
	r = r.WithContext(function.WithCall(r.Context(), call))
	r.Body = io.NopCloser(io.TeeReader(r.Body, sent))
	var rec *record.Record
	observe := balancer.WithObserver(func(x balancer.Exchange) { rec = recordOf(x) })
	b := balancer.New(fn, append(opts, observe, quiet)...)
	w := &response{header: http.Header{}}
	b.ServeHTTP(w, r)

	rec.MultiValue = b.MultiValueHeaders()
	rec.Invocation = invocationOf(call)
	rec.Request.Body = record.Body{Bytes: sent.Bytes(), Truncated: max(0, r.ContentLength-int64(sent.Len()))} // a load balancer refuses a long one unread
	rec.Response = record.Message{Status: w.status, Headers: record.Headers(w.header), Body: record.Body{Bytes: w.body.Bytes()}}
	return rec
}

// recordOf is what the exchange tells.
func recordOf(x balancer.Exchange) *record.Record {
	rec := &record.Record{ID: 1, Start: x.Start, Duration: record.Milliseconds(x.Duration), Request: record.RequestOf(x.Request)}
	rec.Observe(x)
	return rec
}

func invocationOf(call *function.Call) *record.Invocation {
	if call.Invocation.RequestID == "" {
		return nil
	}
	return &call.Invocation
}

// A response is what the load balancer writes, kept.
type response struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *response) Header() http.Header { return w.header }

func (w *response) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	if w.header.Get("Date") == "" { // as a server does
		w.header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
}

func (w *response) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}
