package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware"
)

func TestContentType(t *testing.T) {
	const octets = "application/octet-stream" // what a load balancer's client gets for no type
	jsonType := "application/json"
	tests := []struct {
		name    string
		handler http.HandlerFunc
		status  int
		body    string
		want    string // "" is none
	}{
		{"Write", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("{}")) }, 200, "{}", jsonType},
		{"WriteString", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }, 200, "{}", jsonType},
		{"ReadFrom", func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, strings.NewReader("{}")) }, 200, "{}", jsonType},
		{"Flush, then Write", func(w http.ResponseWriter, _ *http.Request) {
			http.NewResponseController(w).Flush()
			io.WriteString(w, "{}")
		}, 200, "{}", jsonType},
		{"WriteHeader, then Write", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			io.WriteString(w, "{}")
		}, 201, "{}", jsonType},
		{"WriteHeader after Write", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "{}")
			w.WriteHeader(500)
		}, 200, "{}", jsonType},
		{"two WriteHeader", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			w.WriteHeader(500)
			io.WriteString(w, "{}")
		}, 201, "{}", jsonType},
		{"an empty Write first", func(w http.ResponseWriter, _ *http.Request) {
			w.Write(nil)
			io.WriteString(w, "")
			io.WriteString(w, "{}")
		}, 200, "{}", jsonType},
		{"an empty Write between", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "{")
			w.Write(nil)
			io.WriteString(w, "}")
		}, 200, "{}", jsonType},
		{"early hints", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(202)
			io.WriteString(w, "{}")
		}, 202, "{}", jsonType},
		{"the handler's own", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			io.WriteString(w, "a,b")
		}, 200, "a,b", "text/csv"},
		{"the handler's own, after WriteHeader", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(200)
			w.Header().Set("Content-Type", "text/csv") // too late, as without the middleware
			io.WriteString(w, "{}")
		}, 200, "{}", jsonType},
		{"an encoded body", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			io.WriteString(w, "xx")
		}, 200, "xx", jsonType},
		{"none asked for", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "{}")
		}, 200, "{}", octets},
		{"a status and no body", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }, 201, "", ""},
		{"nothing", func(http.ResponseWriter, *http.Request) {}, 200, "", ""},
		{"an empty Write", func(w http.ResponseWriter, _ *http.Request) { w.Write(nil) }, 200, "", ""},
		{"204", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := io.WriteString(w, "{}"); err != http.ErrBodyNotAllowed {
				t.Errorf("a body with 204: %v", err)
			}
		}, 204, "", ""},
		{"304", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, 304, "", ""},
	}
	for _, tt := range tests {
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				onEverySide(t, middleware.ContentType(jsonType)(tt.handler),
					func() *http.Request { return httptest.NewRequest(method, "/", nil) },
					func(t *testing.T, res *http.Response, body string) {
						want, wantBody := tt.want, tt.body
						if want == octets && strings.HasSuffix(t.Name(), "net/http") {
							want = ""
						}
						if method == "HEAD" {
							wantBody = ""
						}
						if got := res.Header.Get("Content-Type"); got != want || res.StatusCode != tt.status || body != wantBody {
							t.Errorf("got %d %q %q, want %d %q %q", res.StatusCode, body, got, tt.status, wantBody, want)
						}
					})
			})
		}
	}
}

func TestContentTypeCharset(t *testing.T) {
	tests := []struct{ name, mediaType, want string }{
		{"text", "text/html", "text/html; charset=utf-8"},
		{"text in capitals", "Text/HTML", "text/html; charset=utf-8"},
		{"text with a charset", "text/html; charset=iso-8859-1", "text/html; charset=iso-8859-1"},
		{"text with another parameter", "text/csv; header=present", "text/csv; charset=utf-8; header=present"},
		{"JSON", "application/json", "application/json"},
		{"suffix", "application/vnd.api+json", "application/vnd.api+json"},
		{"image", "image/svg+xml", "image/svg+xml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			middleware.ContentType(tt.mediaType)(echo).ServeHTTP(rec, httptest.NewRequest("POST", "/", strings.NewReader("x")))
			if got := rec.Header().Get("Content-Type"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A header that is changed after the status, and the status of a panicking handler, must not get out.
func TestContentTypeFreezes(t *testing.T) {
	rec := httptest.NewRecorder()
	middleware.ContentType("text/plain")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Early", "1")
		w.WriteHeader(200)
		w.Header().Set("X-Late", "1")
		w.Header().Del("X-Early")
		io.WriteString(w, "x")
	})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if h := rec.Result().Header; h.Get("X-Early") != "1" || h.Get("X-Late") != "" {
		t.Errorf("header %v", h)
	}

	rec = httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		middleware.ContentType("text/plain")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			panic("x")
		})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	}()
	rec.WriteHeader(500)
	if rec.Code != 500 {
		t.Errorf("the status went out before the panic: %d", rec.Code)
	}
}

func TestContentTypePanics(t *testing.T) {
	for _, mediaType := range []string{"", "json", "application/", "/json", "application/*", "*/*", "text/html; charset", "text/html, text/css", "application/json\r\nX: y"} {
		mustPanic(t, fmt.Sprintf("middleware: ContentType was given %q; give a media type, such as application/json", mediaType),
			func() { middleware.ContentType(mediaType) })
	}
}

func BenchmarkContentType(b *testing.B) {
	body := []byte("{}")
	for name, f := range map[string]http.HandlerFunc{
		"its own type": func(w http.ResponseWriter, _ *http.Request) { w.Write(body) },
		"default":      func(w http.ResponseWriter, _ *http.Request) { delete(w.Header(), "Content-Type"); w.Write(body) },
		"default with a status": func(w http.ResponseWriter, _ *http.Request) {
			delete(w.Header(), "Content-Type")
			w.WriteHeader(201)
			w.Write(body)
		},
	} {
		b.Run(name, func(b *testing.B) {
			h := middleware.ContentType("application/json")(f)
			w, r := discard{"Content-Type": {"x/y"}}, httptest.NewRequest("GET", "/", nil)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

// discard is the cheapest of ResponseWriters.
type discard http.Header

func (d discard) Header() http.Header         { return http.Header(d) }
func (d discard) WriteHeader(int)             {}
func (d discard) Write(p []byte) (int, error) { return len(p), nil }

func ExampleContentType() {
	h := middleware.ContentType("application/json")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"id":7}`)
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(rec.Header().Get("Content-Type"), rec.Body)
	// Output:
	// application/json {"id":7}
}

// Trailers, declared before or named by prefix, pass through the middleware that holds the header back.
func TestContentTypeTrailers(t *testing.T) {
	res := overHTTP(t, middleware.ContentType("text/plain")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		w.WriteHeader(http.StatusOK)
		w.Header().Set("X-Sum", "1")
		w.Header().Set(http.TrailerPrefix+"X-Late", "2")
		_, _ = io.WriteString(w, "body")
	})), httptest.NewRequest(http.MethodGet, "/", nil))
	body := readAll(t, res.Body)
	if diff := cmp.Diff(http.Header{"X-Sum": {"1"}, "X-Late": {"2"}}, res.Trailer); diff != "" || body != "body" {
		t.Error(diff, body)
	}
}

// RFC 9110 section 15.3.6: 205 has no content, whatever the handler writes.
func TestContentTypeOfResetContent(t *testing.T) {
	rec := httptest.NewRecorder()
	middleware.ContentType("application/json")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusResetContent)
		if !rec.Flushed && rec.Code != http.StatusResetContent {
			t.Errorf("the status is held back: %d", rec.Code)
		}
		_, _ = io.WriteString(w, "{}")
	})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := rec.Result().Header.Get("Content-Type"); got == "application/json" {
		t.Errorf("the type is %s", got)
	}
}
