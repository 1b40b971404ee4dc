package middleware_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/albtest"
)

func TestSecureHeaders(t *testing.T) {
	h := middleware.SecureHeaders(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "{}")
	}))
	viaEach(t, h, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, _ string) {
		want := map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "strict-origin-when-cross-origin",
			"Cross-Origin-Opener-Policy":   "same-origin-allow-popups",
			"Cross-Origin-Resource-Policy": "same-site",
			"Strict-Transport-Security":    "", // the client came by HTTP
			"Content-Security-Policy":      "", // the application's
		}
		got := map[string]string{}
		for name := range want {
			got[name] = res.Header.Get(name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSecureHeadersHandlerWins(t *testing.T) {
	h := middleware.SecureHeaders(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Frame-Options", "SAMEORIGIN")
		w.Header().Del("Referrer-Policy")
	}))
	viaEach(t, h, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, _ string) {
		if got := res.Header["X-Frame-Options"]; !cmp.Equal(got, []string{"SAMEORIGIN"}) {
			t.Errorf("X-Frame-Options %q", got)
		}
		if got, ok := res.Header["Referrer-Policy"]; ok {
			t.Errorf("Referrer-Policy %q was deleted by the handler", got)
		}
	})
}

// What a handler does to the values of one request is no matter of the next.
func TestSecureHeadersAreOfOneRequest(t *testing.T) {
	h := middleware.SecureHeaders(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/change" {
			for _, values := range w.Header() {
				values[0] = "changed"
			}
			w.Header().Add("X-Content-Type-Options", "added")
		}
	}))
	header := func(path string) http.Header {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		return rec.Header().Clone()
	}
	want := header("/")
	changed := header("/change")
	if got := changed["X-Frame-Options"]; !cmp.Equal(got, []string{"changed"}) {
		t.Errorf("an added value went into the next header: %q", got)
	}
	if diff := cmp.Diff(want, header("/")); diff != "" {
		t.Error(diff)
	}
}

// RFC 6797 section 7.2: never over insecure transport.
func TestSecureHeadersStrictTransport(t *testing.T) {
	tests := []struct {
		name      string
		forwarded []string
		tls       bool
		want      string
	}{
		{"https", []string{"https"}, false, "max-age=31536000"},
		{"upper case", []string{"HTTPS"}, false, "max-age=31536000"},
		{"http", []string{"http"}, false, ""},
		{"the client's line comes first", []string{"https", "http"}, false, ""},
		{"the client's value comes first", []string{"https, http"}, false, ""},
		{"last is https", []string{"http, https"}, false, "max-age=31536000"},
		{"empty", []string{""}, false, ""},
		{"no load balancer", nil, false, ""},
		{"no load balancer, TLS", nil, true, "max-age=31536000"},
		{"TLS behind a plain listener", []string{"http"}, true, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tt.forwarded != nil {
				r.Header["X-Forwarded-Proto"] = tt.forwarded
			}
			if tt.tls {
				r.TLS = &tls.ConnectionState{}
			}
			rec := httptest.NewRecorder()
			middleware.SecureHeaders(http.NotFoundHandler()).ServeHTTP(rec, r)
			if got := rec.Header().Get("Strict-Transport-Security"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The load balancer's word counts, whatever the client says.
func TestSecureHeadersForgedProtocol(t *testing.T) {
	tests := []struct{ name, target, forged, want string }{
		{"https", "https://example.com/", "", "max-age=31536000"},
		{"https, forged", "https://example.com/", "http", "max-age=31536000"},
		{"http, forged", "http://example.com/", "https", ""},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				r := httptest.NewRequest(http.MethodGet, tt.target, nil)
				if tt.forged != "" {
					r.Header.Set("X-Forwarded-Proto", tt.forged)
				}
				res := albtest.Do(t, middleware.SecureHeaders(http.NotFoundHandler()), r, mode)
				if got := res.Header.Get("Strict-Transport-Security"); got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			})
		}
	}
}

func ExampleSecureHeaders() {
	h := middleware.SecureHeaders(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin") // an image for other sites
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/logo.svg", nil))
	fmt.Println(rec.Header().Get("X-Content-Type-Options"))
	fmt.Println(rec.Header().Get("Cross-Origin-Resource-Policy"))
	// Output:
	// nosniff
	// cross-origin
}

func BenchmarkSecureHeaders(b *testing.B) {
	h := middleware.SecureHeaders(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	b.ReportAllocs()
	for b.Loop() {
		clear(w.Header())
		h.ServeHTTP(w, r)
	}
}
