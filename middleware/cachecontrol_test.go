package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

func TestCacheControl(t *testing.T) {
	const value = "public, max-age=300, s-maxage=600"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	tests := []struct {
		name    string
		method  string
		header  http.Header
		handler http.HandlerFunc
		want    string
	}{
		{"default", "GET", nil, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "x") }, value},
		{"nothing written", "GET", nil, func(http.ResponseWriter, *http.Request) {}, value},
		{"HEAD", "HEAD", nil, status(200), value},
		{"no content", "GET", nil, status(204), value},
		{"not modified", "GET", nil, status(304), value},
		{"post", "POST", nil, status(200), ""},
		{"post fails", "POST", nil, status(500), ""},
		{"redirect", "GET", nil, status(302), ""},
		{"not found", "GET", nil, status(404), "no-store"},
		{"server error", "GET", nil, status(503), "no-store"},
		{
			"problem", "GET", nil,
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cache-Control", "max-age=60") // of the answer that is not sent
				problem.Write(w, r, problem.NotFound(""))
			}, "no-store",
		},
		{
			"handler's own", "GET", nil,
			func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "no-cache") }, "no-cache",
		},
		{
			"handler's own of an error", "GET", nil,
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Cache-Control", "max-age=5")
				w.WriteHeader(404)
			}, "max-age=5",
		},
		{
			"Expires is a decision too", "GET", nil,
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Expires", "Thu, 01 Dec 1994 16:00:00 GMT")
			}, "",
		},
		{
			"sets a cookie", "GET", nil,
			func(w http.ResponseWriter, _ *http.Request) {
				http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
				fmt.Fprint(w, "x")
			}, "private, max-age=300",
		},
		{"logged in", "GET", http.Header{"Authorization": {"Bearer x"}}, status(200), "private, max-age=300"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := middleware.CacheControl(value)(tt.handler)
			viaEach(t, h, tt.method, "/", tt.header, func(t *testing.T, res *http.Response, _ string) {
				if got := strings.Join(res.Header["Cache-Control"], "|"); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestCacheControlRefuses(t *testing.T) {
	tests := []struct {
		value  string
		panics bool
	}{
		{"no-store", false},
		{"private, no-cache", false},
		{"Public , Max-Age=3600\t, immutable", false},
		{"max-age=60, stale-while-revalidate=30, stale-if-error=300", false},
		{"no-transform, must-revalidate, proxy-revalidate, must-understand, s-maxage=1", false},
		{"", true},
		{" ", true},
		{"public,", true},
		{"public\r\nSet-Cookie: a=b", true},
		{"max-age=60\x00", true},
		{"max-age", true},
		{"max-age=", true},
		{"max-age=-1", true},
		{"max-age=1.5", true},
		{"max-age =60", true},
		{`max-age="60"`, true},
		{"max-age=99999999999", true},
		{"max-aged=60", true},
		{"no-store=1", true},
		{`private="Set-Cookie"`, true},
		{"max-stale=60", true}, // of requests
		{"öffentlich", true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%q", tt.value), func(t *testing.T) {
			got := panicOf(func() { middleware.CacheControl(tt.value) })
			if message, _ := got.(string); (got != nil) != tt.panics || tt.panics && !strings.HasPrefix(message, "middleware: CacheControl") {
				t.Errorf("panics with %v, want a panic: %t", got, tt.panics)
			}
			if message, _ := got.(string); strings.ContainsAny(message, "\r\n\x00") {
				t.Errorf("control characters in %q", message)
			}
		})
	}
}

func ExampleCacheControl() {
	h := middleware.CacheControl("public, max-age=300")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/prices" {
			problem.Write(w, r, problem.NotFound("There is no such list."))
			return
		}
		fmt.Fprint(w, "apple 2")
	}))
	for _, path := range []string{"/prices", "/nothing"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(rec.Code, rec.Header().Get("Cache-Control"))
	}
	// Output:
	// 200 public, max-age=300
	// 404 no-store
}

func BenchmarkCacheControl(b *testing.B) {
	h := middleware.CacheControl("max-age=60")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(200) }))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		clear(w.Header())
		h.ServeHTTP(w, r)
	}
}

// An error has nothing of the freshness that the success would have had.
func TestErrorIsNotFresh(t *testing.T) {
	h := middleware.CacheControl("max-age=60")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Expires", "Fri, 01 Jan 2100 00:00:00 GMT")
		w.Header().Set("Content-Disposition", "attachment")
		problem.Write(w, r, problem.NotFound("There is no such report."))
	}))
	viaEach(t, h, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, _ string) {
		if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Expires") != "" || res.Header.Get("Content-Disposition") != "" {
			t.Errorf("%v", res.Header)
		}
	})
}

// A handler that wants no Cache-Control says so as it does with every other field: by nil.
func TestCacheControlNil(t *testing.T) {
	rec := httptest.NewRecorder()
	middleware.CacheControl("max-age=60")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Cache-Control"] = nil
	})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if got := rec.Header().Get("Cache-Control"); got != "" {
		t.Errorf("Cache-Control is %s", got)
	}
}
