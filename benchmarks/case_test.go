package benchmarks_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

// A headerMode is that of a target group.
type headerMode string

const (
	single headerMode = "single"
	multi  headerMode = "multi"
)

// A testCase is one event and the right answer to it.
type testCase struct {
	name        string
	event       string // its file under testdata, without mode and extension
	mode        headerMode
	upload      []byte // goes into the event in base64, so that 700 KB of noise need not be committed
	wantType    string
	wantBody    []byte
	allocations float64 // the limit for Albatross, with chi's four and the handler's two
}

// cases are run in this order. Those without a mode in their name are multi-value, which every implementation takes.
func cases(s *site) []testCase {
	upload := newUpload(700 << 10)
	return []testCase{
		{name: "get-single", event: "get", mode: single, wantType: "application/json", wantBody: []byte(orders), allocations: 16},
		{name: "get-multi", event: "get", mode: multi, wantType: "application/json", wantBody: []byte(orders), allocations: 16},
		{name: "post-10k", event: "post-10k", mode: multi, wantType: "application/json", wantBody: []byte("10278"), allocations: 12},
		{name: "echo-700k", event: "echo-700k", mode: multi, upload: upload, wantType: binary, wantBody: upload, allocations: 14},
		{name: "json-99k", event: "json-99k", mode: multi, wantType: "application/json", wantBody: s.catalogue, allocations: 11},
		{name: "gzip", event: "gzip", mode: multi, wantType: csv, wantBody: s.export, allocations: 12},
		{name: "health", event: "health", mode: multi, wantType: "text/plain; charset=utf-8", wantBody: []byte("ok"), allocations: 10},
	}
}

// payload is the event as the load balancer sends it.
func (c testCase) payload(tb testing.TB) []byte {
	tb.Helper()
	event, err := os.ReadFile("testdata/" + c.event + "." + string(c.mode) + ".json")
	if err != nil {
		tb.Fatal(err)
	}
	event = bytes.TrimSpace(event)
	if c.upload != nil {
		body := base64.StdEncoding.AppendEncode([]byte(`"body":"`), c.upload)
		event = bytes.Replace(event, []byte(`"body":"`), body, 1)
	}
	return event
}

// check calls the function once and compares what its client would get.
func (c testCase) check(tb testing.TB, fn lambda.Handler, wantHeader bool) {
	tb.Helper()
	out, err := fn.Invoke(tb.Context(), c.payload(tb))
	if err != nil {
		tb.Fatal(err)
	}
	var got struct {
		StatusCode        int
		Headers           map[string]string
		MultiValueHeaders map[string][]string
		Body              string
		IsBase64Encoded   bool
	}
	if err := json.Unmarshal(out, &got); err != nil {
		tb.Fatal(err)
	}
	if got.StatusCode != http.StatusOK {
		tb.Errorf("status %d, want 200", got.StatusCode)
	}

	body := []byte(got.Body)
	if got.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(got.Body); err != nil {
			tb.Error(err)
		}
	}
	if !bytes.Equal(body, c.wantBody) {
		tb.Errorf("a body of %d bytes is not the %d that the handler wrote", len(body), len(c.wantBody))
	}

	header := make(http.Header)
	if c.mode == single {
		for name, value := range got.Headers {
			header.Set(name, value)
		}
	} else {
		header = got.MultiValueHeaders
	}
	if contentType := header.Get("Content-Type"); (contentType == c.wantType) != wantHeader {
		tb.Errorf("Content-Type %q, want %q: %t", contentType, c.wantType, wantHeader)
	}
}

// TestAnswers sees to it that nobody is fast by being wrong.
func TestAnswers(t *testing.T) {
	s := newSite()
	for _, c := range cases(s) {
		if c.name == "get-single" {
			continue // get-multi has the same event
		}
		for _, c.mode = range []headerMode{single, multi} {
			for _, impl := range implementations {
				t.Run(c.event+"/"+string(c.mode)+"/"+impl.name, func(t *testing.T) {
					fn := impl.new(s)
					if c.mode == single && impl.refusesSingle != "" {
						if _, err := fn.Invoke(t.Context(), c.payload(t)); err == nil {
							t.Errorf("no error, though %s; it can be measured now", impl.refusesSingle)
						}
						return
					}
					c.check(t, fn, c.mode == multi || impl.losesHeadersSingle == "")
				})
			}
		}
	}
}

// TestEvents holds the sizes that the cases are named after.
func TestEvents(t *testing.T) {
	s := newSite()
	sizes := map[string]int{"get-single": 1300, "get-multi": 1300, "post-10k": 12900, "echo-700k": 956_000}
	for _, c := range cases(s) {
		want, ok := sizes[c.name]
		if got := len(c.payload(t)); ok && (got < want*95/100 || got > want*105/100) {
			t.Errorf("%s: an event of %d bytes, want about %d", c.name, got, want)
		}
	}
}
