package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/router/albtest"
)

// The address is right whatever the client forges: R42.
func TestLoadBalancer(t *testing.T) {
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = "203.0.113.9:54321"
		r.Header.Set("X-Forwarded-For", "8.8.8.8")
		res := albtest.Do(t, newHandler(zap.NewNop()), r, mode)
		if body, err := io.ReadAll(res.Body); err != nil || res.StatusCode != http.StatusOK || string(body) != "you are 203.0.113.9\n" {
			t.Errorf("%s: %d %q %v", mode, res.StatusCode, body, err)
		}
	}
}

// The event has the shape that the AWS Lambda developer guide shows, "Invoking Lambda function URLs".
func TestFunctionURL(t *testing.T) {
	payload, err := os.ReadFile("testdata/functionurl.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, path, forwarded string
		status                int
		contentType, body     string
	}{
		{"address", "/", "", 200, "text/plain; charset=utf-8", "you are 203.0.113.9\n"},
		{"forged", "/", "8.8.8.8", 200, "text/plain; charset=utf-8", "you are 203.0.113.9\n"},
		{"forged as a list", "/", "203.0.113.9, 8.8.8.8", 200, "text/plain; charset=utf-8", "you are 203.0.113.9\n"},
		{"no route", "/no/such", "", 404, "application/problem+json", `{"title":"Not Found","status":404,"detail":"There is nothing at this path."}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var event events.LambdaFunctionURLRequest
			if err := json.Unmarshal(payload, &event); err != nil {
				t.Fatal(err)
			}
			event.RawPath, event.RequestContext.HTTP.Path = tt.path, tt.path
			if tt.forwarded != "" {
				event.Headers["x-forwarded-for"] = tt.forwarded
			}
			res, err := lambdaurl.Wrap(vouched(newHandler(zap.NewNop())))(t.Context(), &event)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != tt.status || string(body) != tt.body || res.Headers["Content-Type"] != tt.contentType {
				t.Errorf("%d %v %q %v", res.StatusCode, res.Headers, body, err)
			}
		})
	}
}

// Behind a load balancer the server gets the address that was appended to what the client sent, and health checks with a Host.
func TestServerBehindLoadBalancer(t *testing.T) {
	srv := httptest.NewServer(newHandler(zap.NewNop()))
	defer srv.Close()
	for _, tt := range []struct {
		name, path string
		header     http.Header
		status     int
		body       string
	}{
		{"address", "/", http.Header{"X-Forwarded-For": {"203.0.113.9"}}, 200, "you are 203.0.113.9\n"},
		{"forged", "/", http.Header{"X-Forwarded-For": {"8.8.8.8, 203.0.113.9"}}, 200, "you are 203.0.113.9\n"},
		{"forged in two lines", "/", http.Header{"X-Forwarded-For": {"8.8.8.8", "8.8.8.8, 203.0.113.9"}}, 200, "you are 203.0.113.9\n"},
		{"with port", "/", http.Header{"X-Forwarded-For": {"203.0.113.9:54321"}}, 200, "you are 203.0.113.9\n"},
		{"removed", "/", nil, 200, "you are unknown\n"}, // never the load balancer's own address
		{"health check", "/health", http.Header{"User-Agent": {"ELB-HealthChecker/2.0"}}, 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			status, body := get(t, srv.Client(), srv.URL+tt.path, tt.header)
			if status != tt.status || body != tt.body {
				t.Errorf("%d %q", status, body)
			}
		})
	}
}

func get(t *testing.T, client *http.Client, url string, header http.Header) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
