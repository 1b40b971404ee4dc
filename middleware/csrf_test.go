package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

func TestCSRF(t *testing.T) {
	trusting := func() *http.CrossOriginProtection {
		p := http.NewCrossOriginProtection()
		if err := p.AddTrustedOrigin("https://partner.example"); err != nil {
			t.Fatal(err)
		}
		p.AddInsecureBypassPattern("/hook")
		p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }))
		return p
	}
	tests := []struct {
		name           string
		p              *http.CrossOriginProtection
		method, target string
		fetchSite      string
		origin         string
		status         int
	}{
		{"same origin", nil, "POST", "/", "same-origin", "https://example.com", 200},
		{"typed by the user", nil, "POST", "/", "none", "", 200},
		{"another site", nil, "POST", "/", "cross-site", "https://evil.example", 403},
		{"a sibling of the site", nil, "DELETE", "/", "same-site", "https://evil.example.com", 403},
		{"an unknown relation", nil, "POST", "/", "cross-planet", "", 403},
		{"a safe method", nil, "GET", "/", "cross-site", "https://evil.example", 200},
		{"a preflight", nil, "OPTIONS", "/", "cross-site", "https://evil.example", 200},
		{"no browser", nil, "POST", "/", "", "", 200},
		{"an old browser, same origin", nil, "POST", "/", "", "https://example.com", 200},
		{"an old browser, another site", nil, "POST", "/", "", "https://evil.example", 403},
		{"an old browser, an opaque origin", nil, "POST", "/", "", "null", 403},
		{"a trusted origin", trusting(), "POST", "/", "cross-site", "https://partner.example", 200},
		{"an exempt path", trusting(), "POST", "/hook", "cross-site", "https://evil.example", 200},
		{"the deny handler is not asked", trusting(), "POST", "/", "cross-site", "https://evil.example", 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var observed []error
			h := middleware.CSRF(tt.p)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "app") }))
			observing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { observed = append(observed, err) })))
			})
			onEverySide(t, observing,
				func() *http.Request {
					r := httptest.NewRequest(tt.method, tt.target, nil)
					for name, value := range map[string]string{"Sec-Fetch-Site": tt.fetchSite, "Origin": tt.origin} {
						if value != "" {
							r.Header.Set(name, value)
						}
					}
					return r
				},
				func(t *testing.T, res *http.Response, body string) {
					want := map[int]string{200: "app", 403: `{"title":"Forbidden","status":403,"detail":"The request comes from another site."}`}[tt.status]
					if res.StatusCode != tt.status || body != want {
						t.Errorf("got %d %s, want %d %s", res.StatusCode, body, tt.status, want)
					}
				})
			if tt.status == 403 && len(observed) != 3 {
				t.Errorf("the observer saw %v, want each refusal", observed)
			}
		})
	}
}

// The caller's object keeps its own deny handler.
func TestCSRFDoesNotChangeTheProtection(t *testing.T) {
	p := http.NewCrossOriginProtection()
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }))
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	middleware.CSRF(p)(nothing).ServeHTTP(httptest.NewRecorder(), r)
	rec := httptest.NewRecorder()
	p.Handler(nothing).ServeHTTP(rec, r)
	if rec.Code != 418 {
		t.Errorf("the caller's deny handler is gone: %d", rec.Code)
	}
}

func BenchmarkCSRF(b *testing.B) {
	h := middleware.CSRF(nil)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := httptest.NewRecorder(), httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

func ExampleCSRF() {
	p := http.NewCrossOriginProtection()
	if err := p.AddTrustedOrigin("https://shop.example.com"); err != nil {
		fmt.Println(err)
	}
	h := middleware.CSRF(p)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "paid")
	}))
	for _, origin := range []string{"https://shop.example.com", "https://evil.example"} {
		r := httptest.NewRequest(http.MethodPost, "/pay", nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site") // browsers set it, scripts cannot
		r.Header.Set("Origin", origin)
		r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { fmt.Println("log:", err) }))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		fmt.Println(rec.Code, rec.Body)
	}
	// Output:
	// 200 paid
	// log: 403 Forbidden: The request comes from another site.: cross-origin request detected from Sec-Fetch-Site header
	// 403 {"title":"Forbidden","status":403,"detail":"The request comes from another site."}
}
