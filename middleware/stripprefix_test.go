package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func TestStripPrefix(t *testing.T) {
	tests := []struct {
		name, prefix, target string
		want                 string // the escaped path that the handler sees; "" is a 404
	}{
		{"below", "/api", "/api/x", "/x"},
		{"the prefix alone", "/api", "/api", "/"},
		{"a trailing slash", "/api", "/api/", "/"},
		{"only the first", "/api", "/api/api/x", "/api/x"},
		{"two segments", "/a/b", "/a/b/c", "/c"},
		{"half a segment", "/api", "/apix", ""},
		{"elsewhere", "/api", "/x/api", ""},
		{"shorter", "/a/b", "/a", ""},
		{"another case", "/api", "/API/x", ""},
		{"two slashes stay", "/api", "/api//x", "//x"},
		{"an escaped slash stays escaped", "/api", "/api/a%2Fb", "/a%2Fb"},
		{"an escaped slash separates nothing", "/api", "/api%2Fx", ""},
		{"an escaped slash within the prefix", "/a/b", "/a%2Fb/c", ""},
		{"another spelling of the prefix", "/api", "/%61pi/x", "/x"},
		{"another spelling, escaped slash below", "/api", "/ap%69/a%2fb", "/a%2fb"},
		{"another spelling of the prefix alone", "/api", "/%61pi", "/"},
		{"an escaped percent sign", "/api", "/api/100%25", "/100%25"},
		{"dot segments are not resolved", "/api", "/api/../x", "/../x"},
		{"no way to the prefix through dots", "/api", "/x/../api/y", ""},
		{"not ASCII", "/öl", "/%C3%B6l/x", "/x"},
		{"not ASCII, lower case", "/öl", "/%c3%b6l/x", "/x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := middleware.StripPrefix(tt.prefix)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprintf(w, "%s %s", r.URL.EscapedPath(), r.RequestURI)
				if u, err := url.ParseRequestURI(r.URL.EscapedPath()); err != nil || u.Path != r.URL.Path && !strings.HasPrefix(r.URL.Path, "//") {
					t.Errorf("Path %q and RawPath %q do not fit", r.URL.Path, r.URL.RawPath)
				}
			}))
			onEverySide(t, h,
				func() *http.Request { return httptest.NewRequest("GET", tt.target+"?q=1", nil) },
				func(t *testing.T, res *http.Response, body string) {
					switch want := tt.want + " " + tt.target + "?q=1"; {
					case tt.want == "" && res.StatusCode != 404, tt.want != "" && body != want:
						t.Errorf("got %d %s, want %s", res.StatusCode, body, want)
					}
				})
		})
	}
}

// Whoever joins prefix and path, escaped in any way, gets the path back, and routers see the same as without the prefix.
func TestStripPrefixIsTheInverseOfJoining(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := "/" + rapid.StringMatching(`[a-zö.-]{1,4}[a-z](/[a-z]{1,3})?`).Draw(t, "prefix")
		rest := rapid.StringMatching(`/([a-z/:@]|%2F|%20|%C3%B6|%61){0,8}`).Draw(t, "rest")
		escape := rapid.Bool().Draw(t, "escape")
		escaped := ""
		for i := range len(prefix) {
			if c := prefix[i]; c != '/' && (escape || c >= 0x80) {
				escaped += fmt.Sprintf("%%%02X", c)
			} else {
				escaped += string(rune(c))
			}
		}
		var got *url.URL
		h := middleware.StripPrefix(prefix)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL }))
		r := httptest.NewRequest("GET", "http://example.com"+escaped+rest, nil)
		before := *r.URL
		h.ServeHTTP(httptest.NewRecorder(), r)
		want, err := url.Parse("http://example.com" + rest)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil || *got != *want {
			t.Errorf("%s%s: got %#v\nwant %#v", escaped, rest, got, want)
		}
		if *r.URL != before {
			t.Error("the caller's URL was changed")
		}
	})
}

func TestStripPrefixBeforeRouting(t *testing.T) {
	r := router.New()
	r.Use(middleware.StripPrefix("/api"))
	r.Get("/files/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, chi.URLParam(r, "name")) })
	onEverySide(t, r,
		func() *http.Request { return httptest.NewRequest("GET", "/api/files/a%2Fb", nil) },
		func(t *testing.T, res *http.Response, body string) {
			if res.StatusCode != 200 || body != "a%2Fb" { // chi leaves it escaped
				t.Errorf("got %d %s", res.StatusCode, body)
			}
		})
}

func TestStripPrefixPanics(t *testing.T) {
	for _, prefix := range []string{"", "/", "api", "/api/", "/a//b", "/a/../b", "/a%20b", "/a?b", "/api/*"} {
		mustPanic(t, fmt.Sprintf("middleware: StripPrefix was given %q; write whole segments such as /api, unescaped, without a trailing slash", prefix),
			func() { middleware.StripPrefix(prefix) })
	}
}

func BenchmarkStripPrefix(b *testing.B) {
	h := middleware.StripPrefix("/api")(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, target := range []string{"/api/x", "/api/a%2Fb"} {
		b.Run(target, func(b *testing.B) {
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", target, nil)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

func ExampleStripPrefix() {
	h := middleware.StripPrefix("/api")(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.URL.Path)
	}))
	for _, target := range []string{"/api/orders/7", "/api", "/apis"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
		fmt.Println(target, rec.Code, rec.Body)
	}
	// Output:
	// /api/orders/7 200 /orders/7
	// /api 200 /
	// /apis 404 {"title":"Not Found","status":404,"detail":"There is nothing at this path."}
}
