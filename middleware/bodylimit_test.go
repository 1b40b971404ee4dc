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
	"github.com/albatross-go/albatross/router/problem"
)

// echo answers with the request's body, as far as it can be read.
var echo = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	w.Write(body)
})

func TestBodyLimit(t *testing.T) {
	const tooLarge = `{"title":"Request Entity Too Large","status":413,"detail":"The request body is larger than %d bytes."}`
	tests := []struct {
		name   string
		limit  int64
		body   string
		status int
		want   string
	}{
		{"below", 5, "abcd", 200, "abcd"},
		{"at the limit", 5, "abcde", 200, "abcde"},
		{"one byte more", 5, "abcdef", 413, fmt.Sprintf(tooLarge, 5)},
		{"no body, none allowed", 0, "", 200, ""},
		{"a body, none allowed", 0, "a", 413, fmt.Sprintf(tooLarge, 0)},
	}
	for _, tt := range tests {
		for name, reader := range map[string]func() io.Reader{
			"length known":   func() io.Reader { return strings.NewReader(tt.body) },
			"length unknown": func() io.Reader { return io.MultiReader(strings.NewReader(tt.body)) },
		} {
			t.Run(tt.name+", "+name, func(t *testing.T) {
				onEverySide(t, middleware.BodyLimit(tt.limit)(echo),
					func() *http.Request { return httptest.NewRequest("POST", "/", reader()) },
					func(t *testing.T, res *http.Response, body string) {
						if res.StatusCode != tt.status || body != tt.want {
							t.Errorf("got %d %s, want %d %s", res.StatusCode, body, tt.status, tt.want)
						}
					})
			})
		}
	}
}

func TestBodyLimitRefusesBeforeTheHandler(t *testing.T) {
	h := middleware.BodyLimit(3)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the handler ran") }))
	r := httptest.NewRequest("POST", "/", strings.NewReader("abcd"))
	h.ServeHTTP(httptest.NewRecorder(), r)
}

// A length that is a lie, as after a middleware has unpacked the body, does not lift the limit.
func TestBodyLimitDoesNotTrustTheLength(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("abcdef"))
	r.ContentLength = 2
	before := r.Body
	var got []byte
	var err error
	h := middleware.BodyLimit(3)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got, err = io.ReadAll(r.Body)
	}))
	h.ServeHTTP(httptest.NewRecorder(), r)
	var tooLarge *http.MaxBytesError
	if string(got) != "abc" || !errors.As(err, &tooLarge) || tooLarge.Limit != 3 {
		t.Errorf("read %q, %v; want 3 bytes and a MaxBytesError", got, err)
	}
	if r.Body != before {
		t.Error("the caller's request was changed")
	}
}

func TestBodyLimitPanics(t *testing.T) {
	mustPanic(t, "middleware: BodyLimit was given -1; give a number of bytes, or 0 to allow no body", func() { middleware.BodyLimit(-1) })
}

func BenchmarkBodyLimit(b *testing.B) {
	h := middleware.BodyLimit(1 << 20)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for name, body := range map[string]io.Reader{"none": http.NoBody, "some": strings.NewReader("abc")} {
		b.Run(name, func(b *testing.B) {
			w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", body)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

func ExampleBodyLimit() {
	h := middleware.BodyLimit(10)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		fmt.Fprintf(w, "%d bytes", len(body))
	}))
	for _, body := range []string{"short", "much too long"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
		fmt.Println(rec.Code, rec.Body)
	}
	// Output:
	// 200 5 bytes
	// 413 {"title":"Request Entity Too Large","status":413,"detail":"The request body is larger than 10 bytes."}
}
