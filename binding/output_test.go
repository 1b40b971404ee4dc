package binding_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

type teapot struct{ err error }

func (p *teapot) Respond(w http.ResponseWriter, _ *http.Request) error {
	if p.err == nil {
		w.WriteHeader(http.StatusTeapot)
	}
	return p.err
}

type order struct {
	ID   int    `json:"id"`
	Note string `json:"note,omitempty"`
}

// returns is a handler that returns v.
func returns[Out any](v Out, opts ...binding.Option) http.Handler {
	return binding.NewHandler(func(context.Context, struct{}) (Out, error) { return v, nil }, opts...)
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

type headers struct {
	ETag     string         `header:"etag"`
	Count    int            `header:"X-Count"`
	Zero     *int           `header:"X-Zero"`
	Modified time.Time      `header:"Last-Modified"`
	Wait     time.Duration  `header:"X-Wait"`
	Links    []string       `header:"Link"`
	Session  http.Cookie    `cookie:"session"`
	Extra    *http.Cookie   `cookie:"extra"`
	More     []http.Cookie  `cookie:"more"`
	Unset    *time.Duration `header:"X-Unset"`
	Body     order
}

func TestOutput(t *testing.T) {
	instant := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	files := fstest.MapFS{"receipt.txt": {Data: []byte("0123456789"), ModTime: instant}}
	open := func() fs.File {
		f, err := files.Open("receipt.txt")
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	type streamed struct {
		Type string `header:"Content-Type"`
		Body io.Reader
	}
	type bare struct {
		Location string `header:"Location"`
	}
	tests := []struct {
		name   string
		h      http.Handler
		status int
		header http.Header
		body   string
	}{
		{"JSON", returns(order{7, "<b> & c"}), 200, http.Header{"Content-Type": {"application/json"}}, `{"id":7,"note":"<b> & c"}` + "\n"},
		{"JSON pointer", returns(&order{7, ""}), 200, http.Header{"Content-Type": {"application/json"}}, `{"id":7}` + "\n"},
		{"nil pointer", returns[*order](nil), 200, http.Header{"Content-Type": {"application/json"}}, "null\n"},
		{"slice", returns([]int{1, 2}), 200, http.Header{"Content-Type": {"application/json"}}, "[1,2]\n"},
		{"string", returns("a"), 200, http.Header{"Content-Type": {"application/json"}}, "\"a\"\n"},
		{"status", returns(order{}, binding.WithStatus(201)), 201, http.Header{"Content-Type": {"application/json"}}, `{"id":0}` + "\n"},
		{"nothing", returns(struct{}{}), 204, http.Header{}, ""},
		{"nothing with a status", returns(struct{}{}, binding.WithStatus(202)), 202, http.Header{}, ""},
		{"responder", returns(teapot{}), 418, http.Header{}, ""},
		{"responder by pointer", returns(&teapot{}), 418, http.Header{}, ""},
		{"responder by interface", returns[binding.Responder](&teapot{}), 418, http.Header{}, ""},
		{"responder nil", returns[binding.Responder](nil), 500, problemHeader(), `{"title":"Internal Server Error","status":500}`},
		{"responder's error", returns(teapot{problem.Conflict("Full.")}), 409, problemHeader(), `{"title":"Conflict","status":409,"detail":"Full."}`},
		{"bytes", returns([]byte("<p>")), 200, http.Header{}, "<p>"},
		{"reader", returns[io.Reader](strings.NewReader("abc")), 200, http.Header{}, "abc"},
		{"nil reader", returns[io.Reader](nil), 200, http.Header{}, ""},
		{"concrete reader", returns(bytes.NewBufferString("abc")), 200, http.Header{}, "abc"},
		{"reader that fails at once", returns(iotest.ErrReader(errors.New("disk"))), 500, problemHeader(), `{"title":"Internal Server Error","status":500}`},
		{"reader with its type", returns(streamed{"text/csv", strings.NewReader("a,b")}), 200, http.Header{"Content-Type": {"text/csv"}}, "a,b"},
		{"file", returns(open()), 200, http.Header{
			"Content-Type": {"text/plain; charset=utf-8"}, "Last-Modified": {"Fri, 02 Jan 2026 02:04:05 GMT"},
			"Accept-Ranges": {"bytes"}, "Content-Length": {"10"},
		}, "0123456789"},
		{"file that cannot seek", returns[fs.File](struct{ fs.File }{open()}), 200, http.Header{
			"Content-Type": {"text/plain; charset=utf-8"}, "Last-Modified": {"Fri, 02 Jan 2026 02:04:05 GMT"},
		}, "0123456789"},
		{"nil file", returns[fs.File](nil), 500, problemHeader(), `{"title":"Internal Server Error","status":500}`},
		{"headers alone", returns(bare{"/orders/7"}), 204, http.Header{"Location": {"/orders/7"}}, ""},
		{"headers alone with a status", returns(bare{"/orders/7"}, binding.WithStatus(303)), 303, http.Header{"Location": {"/orders/7"}}, ""},
		{"headers and cookies", returns(headers{
			ETag: `"1"`, Zero: new(0), Modified: instant, Wait: time.Minute, Links: []string{"a", "b"},
			Session: http.Cookie{Value: "s", Secure: true}, Extra: &http.Cookie{Name: "own", Value: "e"},
			More: []http.Cookie{{Value: "1"}, {}, {Name: "n", Value: "2"}}, Body: order{ID: 7},
		}), 200, http.Header{
			"Content-Type": {"application/json"}, "Etag": {`"1"`}, "X-Zero": {"0"}, "Last-Modified": {"Fri, 02 Jan 2026 02:04:05 GMT"},
			"X-Wait": {"1m0s"}, "Link": {"a", "b"}, "Set-Cookie": {"session=s; Secure", "own=e", "more=1", "n=2"},
		}, `{"id":7}` + "\n"},
		{"zero headers", returns(headers{}), 200, http.Header{"Content-Type": {"application/json"}}, `{"id":0}` + "\n"},
		{"JSON that cannot be encoded", returns(struct {
			ETag string `header:"ETag"`
			Body any
		}{"x", func() {}}), 500, problemHeader(), `{"title":"Internal Server Error","status":500}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r = r.WithContext(problem.WithObserver(r.Context(), func(error) {}))
			rec := httptest.NewRecorder()
			tt.h.ServeHTTP(rec, r)
			if rec.Code != tt.status || rec.Body.String() != tt.body {
				t.Errorf("got %d %q, want %d %q", rec.Code, rec.Body, tt.status, tt.body)
			}
			if diff := cmp.Diff(tt.header, rec.Header()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func problemHeader() http.Header {
	return http.Header{"Content-Type": {"application/problem+json"}, "X-Content-Type-Options": {"nosniff"}}
}

// Bytes are one text in a header, as they are in a parameter.
func TestHeaderOfBytes(t *testing.T) {
	type output struct {
		Token []byte          `header:"X-Token"`
		Mark  json.RawMessage `header:"X-Mark"`
	}
	rec := httptest.NewRecorder()
	returns(output{[]byte("ab"), json.RawMessage("7")}).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if diff := cmp.Diff(http.Header{"X-Token": {"ab"}, "X-Mark": {"7"}}, rec.Header()); diff != "" {
		t.Error(diff)
	}
}

func TestFileRange(t *testing.T) {
	f, err := fstest.MapFS{"a.bin": {Data: []byte("0123456789")}}.Open("a.bin")
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Range", "bytes=2-4")
	rec := httptest.NewRecorder()
	returns(f).ServeHTTP(rec, r)
	if rec.Code != 206 || rec.Body.String() != "234" {
		t.Errorf("got %d %q", rec.Code, rec.Body)
	}
}

func TestReaderIsClosed(t *testing.T) {
	c := &closer{Reader: strings.NewReader("abc")}
	returns[io.ReadCloser](c).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if !c.closed {
		t.Error("left open")
	}
}

// An error after the first byte cannot be answered. The log gets it, and the client a response that is cut off.
func TestErrorTooLate(t *testing.T) {
	broken := errors.New("disk")
	half := io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken))
	begun := binding.WithEncoder("text/csv", func(w io.Writer, _ any) error {
		fmt.Fprint(w, "half")
		return broken
	})
	for name, h := range map[string]http.Handler{
		"reader": returns(half), "encoder": returns(1, begun), "responder": returns[binding.Responder](halfway{broken}),
	} {
		var seen error
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept", "text/csv")
		r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = err }))
		func() {
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("%s: panic %v, want http.ErrAbortHandler", name, p)
				}
			}()
			h.ServeHTTP(httptest.NewRecorder(), r)
		}()
		if !errors.Is(seen, broken) {
			t.Errorf("%s: the observer saw %v", name, seen)
		}
	}
}

type halfway struct{ err error }

func (h halfway) Respond(w http.ResponseWriter, _ *http.Request) error {
	fmt.Fprint(w, "half")
	return h.err
}

// Negotiation as in RFC 9110, section 12.5.1.
func TestNegotiation(t *testing.T) {
	csv := binding.WithEncoder("text/csv; charset=utf-8", func(w io.Writer, v any) error {
		_, err := fmt.Fprintf(w, "id\n%d\n", v.(order).ID)
		return err
	})
	plain := binding.WithEncoder("text/plain", func(io.Writer, any) error { return nil })
	tests := []struct {
		name, accept, want string // want: the Content-Type, "" for 406
	}{
		{"no field", "", "application/json"},
		{"anything", "*/*", "application/json"},
		{"by name", "text/csv", "text/csv; charset=utf-8"},
		{"any case", "Text/CSV", "text/csv; charset=utf-8"},
		{"range", "text/*", "text/csv; charset=utf-8"},
		{"weights", "text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8"},
		{"equal weights", "text/csv, application/json", "application/json"},
		{"the closest range counts", "text/*;q=0.9, text/csv;q=0.1, */*;q=0.5", "text/plain"},
		{"refusal", "application/json;q=0, */*", "text/csv; charset=utf-8"},
		{"unknown", "image/png", ""},
		{"all refused", "*/*;q=0", ""},
		{"weight that is none", "text/csv;q=x", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			called := false
			h := binding.NewHandler(func(context.Context, struct{}) (order, error) { called = true; return order{ID: 7}, nil }, csv, plain)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tt.accept != "" {
				r.Header.Set("Accept", tt.accept)
			}
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Header().Get("Vary") != "Accept" {
				t.Errorf("Vary %q", rec.Header().Get("Vary"))
			}
			if tt.want == "" {
				if rec.Code != 406 || called {
					t.Errorf("got %d, called %t", rec.Code, called)
				}
				return
			}
			if got := rec.Header().Get("Content-Type"); rec.Code != 200 || got != tt.want {
				t.Errorf("got %d %q, want %q", rec.Code, got, tt.want)
			}
		})
	}
}

type (
	notFound  struct{ table string }
	described struct{}
)

func (e *notFound) Error() string           { return "no row in " + e.table }
func (described) Error() string             { return "secret" }
func (described) Problem() *problem.Details { return problem.Conflict("It has changed.") }

func TestErrors(t *testing.T) {
	errStore := errors.New("store: secret")
	inner := binding.WithErrorMap(binding.ErrorIs(errStore, 503, "Inner."))
	outer := binding.WithErrorMap(
		binding.ErrorIs(errStore, 502, "Outer."),
		binding.ErrorAs(func(e *notFound) *problem.Details {
			if e.table == "" {
				return nil
			}
			return problem.NotFound("There is no such thing.")
		}),
		nil,
	)
	tests := []struct {
		name string
		err  error
		body string
	}{
		{"problem", fmt.Errorf("wrapped: %w", problem.Forbidden("No.")), `{"title":"Forbidden","status":403,"detail":"No."}`},
		{"describes itself", fmt.Errorf("wrapped: %w", described{}), `{"title":"Conflict","status":409,"detail":"It has changed."}`},
		{"inner rule first", fmt.Errorf("wrapped: %w", errStore), `{"title":"Service Unavailable","status":503,"detail":"Inner."}`},
		{"outer rule", &notFound{"orders"}, `{"title":"Not Found","status":404,"detail":"There is no such thing."}`},
		{"rule that passes", &notFound{}, `{"title":"Internal Server Error","status":500}`},
		{"deadline", context.DeadlineExceeded, `{"title":"Gateway Timeout","status":504,"detail":"The request took too long."}`},
		{"the rest", io.EOF, `{"title":"Internal Server Error","status":500}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var seen error
			mux := http.NewServeMux()
			fails := func(context.Context, struct{}) (order, error) { return order{7, "secret"}, tt.err }
			binding.Handle(binding.With(binding.With(mux, outer), inner), "GET /", fails)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = err }))
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, r)
			if rec.Body.String() != tt.body {
				t.Errorf("got %s\nwant %s", rec.Body, tt.body)
			}
			if !errors.Is(seen, tt.err) {
				t.Errorf("the observer saw %v, want it to wrap %v", seen, tt.err)
			}
		})
	}
}

// A problem that several requests share is not changed by any.
func TestSharedProblem(t *testing.T) {
	shared := problem.NotFound("Gone.")
	shared.Header = http.Header{"Retry-After": {"9"}}
	h := binding.NewHandler(func(context.Context, struct{}) (_ struct{}, err error) { return struct{}{}, &notFound{"x"} },
		binding.WithErrorMap(binding.ErrorAs(func(*notFound) *problem.Details { return shared })))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r.WithContext(problem.WithObserver(r.Context(), func(error) {})))
	if rec.Code != 404 || rec.Header().Get("Retry-After") != "9" || shared.Unwrap() != nil {
		t.Errorf("got %d %v, cause %v", rec.Code, rec.Header(), shared.Unwrap())
	}
}

// Options of With reach typed handlers that were made before, and leave other handlers alone.
func TestWith(t *testing.T) {
	mux := http.NewServeMux()
	api := binding.With(mux, binding.WithStatus(202))
	api.Handle("/made", returns(1))
	api.Handle("/own", returns(1, binding.WithStatus(201)))
	api.Handle("/plain", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }))
	binding.Handle(mux, "/beside", func(context.Context, struct{}) (int, error) { return 1, nil })
	for path, want := range map[string]int{"/made": 202, "/own": 201, "/plain": 418, "/beside": 200} {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != want {
			t.Errorf("%s: got %d, want %d", path, rec.Code, want)
		}
	}
}
