package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/cors"

	"github.com/albatross-go/albatross/middleware"
)

func TestCORSRefuses(t *testing.T) {
	one := func(origin string) cors.Options { return cors.Options{AllowedOrigins: []string{origin}} }
	tests := []struct {
		name    string
		options cors.Options
		panics  bool
	}{
		{"any origin, no credentials", one("*"), false},
		{"default, no credentials", cors.Options{}, false},
		{"any origin with credentials", cors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true}, true},
		{"any origin among others with credentials", cors.Options{AllowedOrigins: []string{"https://a.example", "*"}, AllowCredentials: true}, true},
		{"default with credentials", cors.Options{AllowCredentials: true}, true},
		{"credentials", cors.Options{AllowedOrigins: []string{"https://a.example"}, AllowCredentials: true}, false},
		{"subdomains with credentials", cors.Options{AllowedOrigins: []string{"https://*.a.example"}, AllowCredentials: true}, false},
		{"the function decides", cors.Options{AllowOriginFunc: func(string) bool { return false }, AllowCredentials: true}, false},
		{"port", one("http://localhost:3000"), false},
		{"any port", one("http://localhost:*"), false},
		{"IPv6", one("http://[::1]:8080"), false},
		{"upper case", one("https://EXAMPLE.com"), false},
		{"app", one("capacitor://localhost"), false},
		{"any https origin", one("https://*"), true},
		{"any scheme and host", one("*://*"), true},
		{"any scheme", one("*://example.com"), true},
		{"any https port", one("https://*:8443"), true},
		{"a whole top-level domain", one("https://*.com"), true},
		{"a whole top-level domain, rooted", one("https://*.com."), true},
		{"a whole top-level domain, rooted, on a port", one("https://*.com.:8443"), true},
		{"subdomains on a port", one("https://*.example.com:8443"), false},
		{"names that end alike", one("https://*example.com"), true},
		{"names that begin alike", one("https://example.*"), true},
		{"wildcard inside", one("https://a.*.example.com"), true},
		{"two wildcards", one("https://*.*.example.com"), true},
		{"null", one("null"), true},
		{"empty", one(""), true},
		{"no scheme", one("example.com"), true},
		{"no host", one("https://"), true},
		{"trailing slash", one("https://example.com/"), true},
		{"path", one("https://example.com/app"), true},
		{"path behind a wildcard", one("https://*.example.com/app"), true},
		{"query", one("https://example.com?x"), true},
		{"user", one("https://me@example.com"), true},
		{"default port", one("https://example.com:443"), true},
		{"default port of http", one("http://example.com:80"), true},
		{"empty port", one("https://example.com:"), true},
		{"not ASCII", one("https://bücher.example"), true},
		{"space", one("https://example.com "), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := panicOf(func() { middleware.CORS(tt.options) })
			if message, _ := got.(string); (got != nil) != tt.panics || tt.panics && !strings.HasPrefix(message, "middleware: CORS ") {
				t.Errorf("panics with %v, want a panic: %t", got, tt.panics)
			}
		})
	}
}

// A preflight as in Fetch section 4.8 reaches the function like any request and ends at the middleware.
func TestCORSPreflight(t *testing.T) {
	reached := false
	h := middleware.CORS(cors.Options{
		AllowedOrigins:   []string{"https://shop.example.com", "https://*.partner.example"},
		AllowedMethods:   []string{http.MethodPut},
		AllowedHeaders:   []string{"Content-Type", "X-Token"},
		AllowCredentials: true,
		MaxAge:           600,
	})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	tests := []struct {
		name, origin, method string
		allowed              bool
	}{
		{"allowed", "https://shop.example.com", "PUT", true},
		{"subdomain", "https://a.partner.example", "PUT", true},
		{"domain of the subdomain", "https://partner.example", "PUT", false},
		{"look-alike", "https://evilpartner.example", "PUT", false},
		{"other origin", "https://evil.example", "PUT", false},
		{"other scheme", "http://shop.example.com", "PUT", false},
		{"null", "null", "PUT", false},
		{"other method", "https://shop.example.com", "DELETE", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{
				"Origin":                         {tt.origin},
				"Access-Control-Request-Method":  {tt.method},
				"Access-Control-Request-Headers": {"content-type,x-token"},
			}
			viaEach(t, h, http.MethodOptions, "/orders/7", header, func(t *testing.T, res *http.Response, body string) {
				if res.StatusCode != 204 || body != "" || reached {
					t.Errorf("status %d, body %q, handler reached: %t", res.StatusCode, body, reached)
				}
				vary := strings.Join(res.Header["Vary"], ", ")
				for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
					if !strings.Contains(vary, name) {
						t.Errorf("Vary %q lacks %s", vary, name)
					}
				}
				got := map[string]string{}
				for name := range res.Header {
					if rest, ok := strings.CutPrefix(name, "Access-Control-"); ok {
						got[rest] = res.Header.Get(name)
					}
				}
				want := map[string]string{}
				if tt.allowed {
					want = map[string]string{
						"Allow-Origin": tt.origin, "Allow-Methods": "PUT", "Allow-Headers": "content-type,x-token",
						"Allow-Credentials": "true", "Max-Age": "600",
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

// Vary lists what the handler varies by and Origin, in one line where a header has room for one.
func TestCORSVary(t *testing.T) {
	h := middleware.CORS(cors.Options{AllowedOrigins: []string{"https://a.example"}})(
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Vary", "Accept-Language")
			fmt.Fprint(w, "hello")
		}))
	for _, origin := range []string{"", "https://a.example", "https://evil.example"} {
		t.Run("origin "+origin, func(t *testing.T) {
			header := http.Header{}
			if origin != "" {
				header.Set("Origin", origin)
			}
			viaEach(t, h, http.MethodGet, "/", header, func(t *testing.T, res *http.Response, body string) {
				if got := strings.Join(res.Header["Vary"], ", "); got != "Origin, Accept-Language" && got != "Accept-Language, Origin" {
					t.Errorf("Vary %q", got)
				}
				want := ""
				if origin == "https://a.example" {
					want = origin
				}
				if got := res.Header.Get("Access-Control-Allow-Origin"); got != want || body != "hello" {
					t.Errorf("allowed %q, want %q; body %q", got, want, body)
				}
			})
		})
	}
}

func TestCORSKeepsTheCallersSlices(t *testing.T) {
	options := func() cors.Options {
		return cors.Options{
			AllowedOrigins: []string{"https://B.example", "https://a.example"},
			AllowedMethods: []string{"PUT", "GET"},
			AllowedHeaders: []string{"X-B", "X-A"},
			ExposedHeaders: []string{"x-d", "x-c"},
		}
	}
	o := options()
	mw := middleware.CORS(o)
	if diff := cmp.Diff(options(), o); diff != "" {
		t.Errorf("edited: %s", diff)
	}
	for _, s := range [][]string{o.AllowedOrigins, o.AllowedMethods, o.AllowedHeaders, o.ExposedHeaders} {
		clear(s) // the caller's to change: nothing is kept
	}
	r := httptest.NewRequest(http.MethodOptions, "/", nil)
	r.Header.Set("Origin", "https://b.example")
	r.Header.Set("Access-Control-Request-Method", "PUT")
	rec := httptest.NewRecorder()
	mw(http.NotFoundHandler()).ServeHTTP(rec, r)
	if got := rec.Header().Get("Access-Control-Allow-Methods"); got != "PUT" {
		t.Errorf("methods %q after the caller changed its slice, want PUT", got)
	}
}

func ExampleCORS() {
	h := middleware.CORS(cors.Options{
		AllowedOrigins:   []string{"https://shop.example.com"},
		AllowCredentials: true,
	})(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") }))

	r := httptest.NewRequest(http.MethodGet, "/cart", nil)
	r.Header.Set("Origin", "https://shop.example.com")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Header().Get("Access-Control-Allow-Origin"), rec.Header().Get("Vary"))
	// Output: https://shop.example.com Origin
}

func BenchmarkCORS(b *testing.B) {
	h := middleware.CORS(cors.Options{AllowedOrigins: []string{"https://a.example"}})(
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Origin", "https://a.example")
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		clear(w.Header())
		h.ServeHTTP(w, r)
	}
}
