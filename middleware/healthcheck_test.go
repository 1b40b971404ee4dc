package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

// healthCheck is what a target group of type lambda sends. Source: Elastic Load Balancing guide, "Use Lambda functions as targets
// of an Application Load Balancer", Enable health checks.
func healthCheck(path string) *http.Request {
	r := httptest.NewRequest("GET", path, nil)
	r.Host = ""
	r.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	return r
}

func TestHealthCheck(t *testing.T) {
	unready := func(context.Context) error { return errors.New("dial tcp 10.0.0.7:5432: refused") }
	ready := func(context.Context) error { return nil }
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "app") })
	tests := []struct {
		name   string
		ready  func(context.Context) error
		edit   func(*http.Request)
		status int
		body   string
	}{
		{"no function", nil, nil, 200, "ok"},
		{"ready", ready, nil, 200, "ok"},
		{"not ready", unready, nil, 503, `{"title":"Service Unavailable","status":503,"detail":"The service is not ready."}`},
		{"HEAD, ready", ready, func(r *http.Request) { r.Method = "HEAD" }, 200, "ok"}, // the recorder does not leave the body out
		// What follows is what a client can make of a request. The load balancer adds one of these fields at least.
		{"a client with the user agent alone", unready, func(r *http.Request) { r.Host = "example.com" }, 200, "app"},
		{"without Host, through a load balancer", unready, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }, 200, "app"},
		{"without Host, X-Forwarded-For removed", unready, func(r *http.Request) { r.Header.Set("X-Amzn-Trace-Id", "Root=1-5-a") }, 200, "app"},
		{"another user agent", unready, func(r *http.Request) { r.Header.Set("User-Agent", "x ELB-HealthChecker/2.0") }, 200, "app"},
		{"another method", unready, func(r *http.Request) { r.Method = "POST" }, 200, "app"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := healthCheck("/any/path")
			if tt.edit != nil {
				tt.edit(r)
			}
			var observed []error
			r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { observed = append(observed, err) }))
			rec := httptest.NewRecorder()
			middleware.HealthCheck(tt.ready)(app).ServeHTTP(rec, r)
			if rec.Code != tt.status || rec.Body.String() != tt.body {
				t.Errorf("got %d %s, want %d %s", rec.Code, rec.Body, tt.status, tt.body)
			}
			if got := rec.Header().Get("Cache-Control"); tt.body != "app" && got != "no-store" {
				t.Errorf("Cache-Control %q", got)
			}
			if tt.status == 503 && (len(observed) != 1 || !strings.Contains(observed[0].Error(), "10.0.0.7")) {
				t.Errorf("the observer saw %v, want the cause", observed)
			}
		})
	}
}

func TestHealthCheckBehindALoadBalancer(t *testing.T) {
	asked := 0
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "app") })
	h := middleware.HealthCheck(func(context.Context) error { asked++; return nil })(app)
	for _, multi := range []bool{false, true} {
		asked = 0
		b := balancer.New(alb.NewHandler(h), balancer.WithMultiValueHeaders(multi), balancer.WithHealthCheck("/v1/health", 0))
		if err := b.CheckHealth(t.Context()); err != nil || asked != 1 {
			t.Errorf("multi-value %v: %v, ready was asked %d times", multi, err, asked)
		}
	}
	asked = 0
	onEverySide(t, h, // a client that passes itself off as a health check
		func() *http.Request {
			r := healthCheck("/")
			r.Host = "example.com"
			return r
		},
		func(t *testing.T, res *http.Response, body string) {
			if res.StatusCode != 200 || body != "app" || asked != 0 {
				t.Errorf("got %d %s, ready was asked %d times", res.StatusCode, body, asked)
			}
		})
}

func BenchmarkHealthCheck(b *testing.B) {
	h := middleware.HealthCheck(nil)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

func ExampleHealthCheck() {
	app := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "the application")
	})
	ready := func(context.Context) error { return errors.New("the database does not answer") }
	h := middleware.HealthCheck(ready)(app)

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Code, rec.Body)

	r.Host = "" // a health check has none
	r.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { fmt.Println("log:", err) }))
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Code, rec.Body)
	// Output:
	// 200 the application
	// log: 503 Service Unavailable: The service is not ready.: the database does not answer
	// 503 {"title":"Service Unavailable","status":503,"detail":"The service is not ready."}
}
