package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware"
)

// A middleware that only lets a request through allocates nothing.
func TestPassingAllocatesNothing(t *testing.T) {
	post := func(body string) *http.Request {
		r := httptest.NewRequest("POST", "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return r
	}
	tests := []struct {
		name       string
		middleware func(http.Handler) http.Handler
		r          *http.Request
	}{
		{"BodyLimit without a body", middleware.BodyLimit(1), httptest.NewRequest("GET", "/", nil)},
		{"CSRF", middleware.CSRF(nil), post("{}")},
		{"HealthCheck", middleware.HealthCheck(nil), post("{}")},
		{"RequireContentType", middleware.RequireContentType("image/*", "application/json"), post("{}")},
		{"Timeout without a deadline", middleware.Timeout(time.Second), post("{}")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := tt.middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			var w http.ResponseWriter = discard{}
			if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, tt.r) }); n != 0 {
				t.Errorf("%v allocations", n)
			}
		})
	}
}
