package problem_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/problem"
)

var errSecret = errors.New("dial tcp 10.0.0.7:5432: password authentication failed")

func TestWrite(t *testing.T) {
	tests := []struct {
		name   string
		err    error
		status int
		body   string
	}{
		{"detail", problem.NotFound("No order 7."), 404, `{"title":"Not Found","status":404,"detail":"No order 7."}`},
		{"wrapped by fmt", fmt.Errorf("load: %w", problem.Conflict("Taken.")), 409, `{"title":"Conflict","status":409,"detail":"Taken."}`},
		{"cause is not sent", problem.Wrap(errSecret, 503, "Try later."), 503, `{"title":"Service Unavailable","status":503,"detail":"Try later."}`},
		{"any other error tells nothing", errSecret, 500, `{"title":"Internal Server Error","status":500}`},
		{"nil error", nil, 500, `{"title":"Internal Server Error","status":500}`},
		{"typed nil", (*problem.Details)(nil), 500, `{"title":"Internal Server Error","status":500}`},
		{"body too large", fmt.Errorf("read: %w", &http.MaxBytesError{Limit: 10}), 413, `{"title":"Request Entity Too Large","status":413,"detail":"The request body is larger than 10 bytes."}`},
		{"deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), 504, `{"title":"Gateway Timeout","status":504,"detail":"The request took too long."}`},
		{"status out of range", problem.New(200, ""), 500, `{"title":"Internal Server Error","status":500}`},
		{"unassigned status", problem.New(499, ""), 499, `{"title":"Unknown","status":499}`},
		{"no HTML escaping", problem.BadRequest("a<b & c>d"), 400, `{"title":"Bad Request","status":400,"detail":"a<b & c>d"}`},
		{
			"every member, extensions sorted, reserved names left out",
			&problem.Details{
				Type: "https://example.com/credit", Title: "No credit", Status: 403, Detail: "30 < 50", Instance: "/log/1",
				Errors:     []problem.FieldError{{Detail: "too short", Pointer: "/name"}, {Detail: "not a number", Parameter: "page"}},
				Extensions: map[string]any{"z": 1, "balance": 30, "status": 200},
			}, 403,
			`{"type":"https://example.com/credit","title":"No credit","status":403,"detail":"30 < 50","instance":"/log/1",` +
				`"errors":[{"detail":"too short","pointer":"/name"},{"detail":"not a number","parameter":"page"}],"balance":30,"z":1}`,
		},
		{
			"an extension that JSON cannot carry",
			&problem.Details{Status: 400, Detail: "no", Extensions: map[string]any{"f": func() {}}}, 400,
			`{"title":"Bad Request","status":400,"detail":"no"}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var seen []error
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = append(seen, err) }))
			rec := httptest.NewRecorder()
			problem.Write(rec, r, tt.err)

			if rec.Code != tt.status || rec.Body.String() != tt.body {
				t.Errorf("got %d %s\nwant %d %s", rec.Code, rec.Body, tt.status, tt.body)
			}
			if !json.Valid(rec.Body.Bytes()) {
				t.Errorf("body is no JSON: %s", rec.Body)
			}
			if got := rec.Header().Get("Content-Type"); got != problem.ContentType {
				t.Errorf("Content-Type %q", got)
			}
			if len(seen) != 1 || seen[0] == nil {
				t.Fatalf("observer saw %v, want one error", seen)
			}
			if tt.err != nil && !errors.Is(seen[0], tt.err) {
				t.Errorf("observer saw %v, want it to wrap %v", seen[0], tt.err)
			}
		})
	}
}

func TestWriteReplacesHeadersOfTheLostResponse(t *testing.T) {
	rec := httptest.NewRecorder()
	h := rec.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", "999")
	h.Set("Content-Encoding", "gzip")
	h.Set("ETag", `"x"`)
	h.Set("Cache-Control", "max-age=3600")
	h.Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
	h.Set("X-Request-Id", "7")
	h.Set("Retry-After", "1")
	d := problem.TooManyRequests("Slow down.")
	d.Header = http.Header{"retry-after": {"30"}}
	problem.Write(rec, httptest.NewRequest(http.MethodGet, "/", nil), d)

	want := http.Header{
		"Content-Type":           {"application/problem+json"},
		"X-Content-Type-Options": {"nosniff"},
		"X-Request-Id":           {"7"},
		"Retry-After":            {"30"},
	}
	if diff := cmp.Diff(want, rec.Header()); diff != "" {
		t.Error(diff)
	}
}

func TestWriteHead(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.NotFound("x"))
	}))
	defer srv.Close()
	res, err := srv.Client().Head(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 404 || len(body) != 0 || res.Header.Get("Content-Type") != problem.ContentType {
		t.Errorf("got %d %q %v", res.StatusCode, body, res.Header)
	}
}

// Not parallel: it reads the standard logger.
func TestNoObserver(t *testing.T) {
	var buf bytes.Buffer
	log.SetOutput(&buf)
	defer log.SetOutput(os.Stderr)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	problem.Write(httptest.NewRecorder(), r, problem.NotFound("quiet"))
	problem.Write(httptest.NewRecorder(), r, problem.Wrap(errSecret, 500, ""))
	problem.Observe(t.Context(), errors.New("too late"))
	if s := buf.String(); strings.Contains(s, "quiet") || !strings.Contains(s, "password") || !strings.Contains(s, "too late") {
		t.Errorf("standard log: %q; want the 500's cause and the late error alone", s)
	}
}

func TestNearestObserver(t *testing.T) {
	var outer, inner int
	ctx := problem.WithObserver(t.Context(), func(error) { outer++ })
	ctx = problem.WithObserver(ctx, func(error) { inner++ })
	problem.Observe(ctx, errSecret)
	if outer != 0 || inner != 1 {
		t.Errorf("outer %d inner %d, want 0 and 1", outer, inner)
	}
}

func TestErrorChain(t *testing.T) {
	err := fmt.Errorf("save: %w", problem.Wrap(io.ErrUnexpectedEOF, 400, "Cut short."))
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("errors.Is does not find the cause")
	}
	if got, want := err.Error(), "save: 400 Bad Request: Cut short.: unexpected EOF"; got != want {
		t.Errorf("got %q want %q", got, want)
	}
	if problem.From(nil) != nil {
		t.Error("From(nil) is not nil")
	}
}

func ExampleWrite() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.NotFound("There is no order 7."))
	})
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/orders/7", nil))
	fmt.Println(rec.Code, rec.Header().Get("Content-Type"))
	fmt.Println(rec.Body)
	// Output:
	// 404 application/problem+json
	// {"title":"Not Found","status":404,"detail":"There is no order 7."}
}

func ExampleWrap() {
	err := problem.Wrap(io.ErrUnexpectedEOF, http.StatusBadGateway, "The price list is unreachable.")
	body, _ := json.Marshal(err)
	fmt.Println("log:   ", err)
	fmt.Println("client:", string(body))
	// Output:
	// log:    502 Bad Gateway: The price list is unreachable.: unexpected EOF
	// client: {"title":"Bad Gateway","status":502,"detail":"The price list is unreachable."}
}

func ExampleNew() {
	d := problem.New(http.StatusForbidden, "Your balance is 30, but that costs 50.")
	d.Type = "https://example.com/probs/out-of-credit"
	d.Title = "You do not have enough credit."
	d.Extensions = map[string]any{"balance": 30}
	body, _ := json.MarshalIndent(d, "", "  ")
	fmt.Println(string(body))
	// Output:
	// {
	//   "type": "https://example.com/probs/out-of-credit",
	//   "title": "You do not have enough credit.",
	//   "status": 403,
	//   "detail": "Your balance is 30, but that costs 50.",
	//   "balance": 30
	// }
}
