package middleware_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

func TestRecovererEachWay(t *testing.T) {
	stack := []byte("goroutine 7 [running]:\nelsewhere()")
	tests := []struct {
		name  string
		value any
		want  logLine
		stack string // on the line
	}{
		{"a string", "secret", logLine{"exception.message": "panic: secret", "error.type": "*alb.PanicError"}, "TestRecovererEachWay"},
		{"an error", errors.New("secret"), logLine{"exception.message": "panic: secret", "error.type": "*errors.errorString"}, "TestRecovererEachWay"},
		{"nil", nil, logLine{"error.type": "*runtime.PanicNilError"}, "TestRecovererEachWay"},
		{"a problem", problem.NotFound("secret"), logLine{"exception.message": "panic: 404 Not Found: secret"}, "TestRecovererEachWay"},
		{
			"raised again from another goroutine", &alb.PanicError{Value: "secret", Stack: stack},
			logLine{"exception.message": "panic: secret", "exception.stacktrace": string(stack)}, "elsewhere",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, lines := newJSONLogger(t)
			h := middleware.Logger(l)(middleware.Recoverer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "9")
				panic(tt.value)
			})))
			r := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }
			eachWay(t, h, r, func(t *testing.T, _ string, res *http.Response) {
				body, _ := io.ReadAll(res.Body)
				if got := string(body); res.StatusCode != 500 || got != `{"title":"Internal Server Error","status":500}` {
					t.Errorf("got %s %s", res.Status, got)
				}
				line := lines.one()
				wantFields(t, line, tt.want)
				wantFields(t, line, logLine{"level": "ERROR", "http.response.status_code": 500})
				if got, _ := line["exception.stacktrace"].(string); !strings.Contains(got, tt.stack) {
					t.Errorf("the stack does not show %s: %s", tt.stack, got)
				}
			})
		})
	}
}

func TestRecovererRaises(t *testing.T) {
	tests := []struct {
		name     string
		h        http.HandlerFunc
		observed string
	}{
		{"the handler's own abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ""},
		{"a panic after the header", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			panic("boom")
		}, "panic: boom"},
		{"a panic amid the body", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic("boom")
		}, "panic: boom"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var observed error
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { observed = errors.Unwrap(err) }))
			rec := httptest.NewRecorder()
			defer func() {
				if v := recover(); v != http.ErrAbortHandler {
					t.Errorf("raised %v, want http.ErrAbortHandler", v)
				}
				if got := rec.Body.String(); strings.Contains(got, "title") {
					t.Errorf("a problem in the middle of a response: %s", got)
				}
				if tt.observed == "" && observed != nil || tt.observed != "" && (observed == nil || observed.Error() != tt.observed) {
					t.Errorf("observed %v, want %q", observed, tt.observed)
				}
			}()
			middleware.Recoverer(tt.h).ServeHTTP(rec, r)
		})
	}
}

// A client must be able to tell half a response from a whole one.
func TestRecovererCutsTheConnection(t *testing.T) {
	l, lines := newJSONLogger(t)
	srv := httptest.NewServer(middleware.Logger(l)(middleware.Recoverer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("boom")
	}))))
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err == nil {
		t.Errorf("the response %q looks whole", body)
	}
	line := lines.one()
	wantFields(t, line, logLine{"level": "ERROR", "http.response.status_code": 500, "exception.message": "panic: boom"})
	if got, _ := line["exception.stacktrace"].(string); !strings.Contains(got, "TestRecovererCutsTheConnection") {
		t.Errorf("the stack does not show the handler: %s", got)
	}
}

func ExampleRecoverer() {
	rec := httptest.NewRecorder()
	h := middleware.Recoverer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { fmt.Println("observed:", err) })) // Logger does so
	h.ServeHTTP(rec, r)
	fmt.Println("client:  ", rec.Code, rec.Body)
	// Output:
	// observed: 500 Internal Server Error: panic: a bug
	// client:   500 {"title":"Internal Server Error","status":500}
}

func BenchmarkRecoverer(b *testing.B) {
	h := middleware.Recoverer(respond(http.StatusOK, ""))
	w, r := discardResponse{http.Header{}}, httptest.NewRequest(http.MethodGet, "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
