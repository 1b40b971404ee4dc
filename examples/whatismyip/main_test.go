package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

var modes = []albtest.Mode{albtest.SingleValue, albtest.MultiValue}

func TestWhatIsMyIP(t *testing.T) {
	const client, client6 = "203.0.113.9:54321", "[2001:db8::1]:54321"
	tests := []struct {
		name, client string
		header       http.Header
		options      []balancer.Option
		want         string
	}{
		{"alone", client, nil, nil, "203.0.113.9"},                                                                                      // R1
		{"forged", client, http.Header{"X-Forwarded-For": {"8.8.8.8"}}, nil, "203.0.113.9"},                                             // R42
		{"forged in two lines", client, http.Header{"X-Forwarded-For": {"8.8.8.8", "9.9.9.9"}}, nil, "203.0.113.9"},                     // R42
		{"forged as a list", client, http.Header{"X-Forwarded-For": {"8.8.8.8, 9.9.9.9"}}, nil, "203.0.113.9"},                          // R42
		{"forged nonsense", client, http.Header{"X-Forwarded-For": {"unknown"}}, nil, "203.0.113.9"},                                    // E12
		{"forged under other names", client, http.Header{"X_Forwarded_For": {"8.8.8.8"}, "X-Real-Ip": {"8.8.8.8"}}, nil, "203.0.113.9"}, // R38
		{"IPv6", client6, nil, nil, "2001:db8::1"},                                                                                      // R46
		{"IPv6 forged", client6, http.Header{"X-Forwarded-For": {"2001:db8::bad"}}, nil, "2001:db8::1"},                                 // R42, R46
		{"with port", client, nil, []balancer.Option{balancer.WithClientPort(true)}, "203.0.113.9"},                                     // R44
		{"with port, forged", client, http.Header{"X-Forwarded-For": {"8.8.8.8:1"}}, []balancer.Option{balancer.WithClientPort(true)}, "203.0.113.9"},
		{"IPv6 with port", client6, nil, []balancer.Option{balancer.WithClientPort(true)}, "2001:db8::1"}, // R45
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, mode := range modes {
				r := httptest.NewRequest(http.MethodGet, "/whatismyip", nil)
				r.RemoteAddr = tt.client
				for name, values := range tt.header {
					r.Header[name] = values
				}
				res, body := serve(t, r, mode, tt.options...)
				if res.StatusCode != http.StatusOK || body != tt.want+"\n" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") {
					t.Errorf("%s: %d %v %q", mode, res.StatusCode, res.Header, body)
				}
			}
		})
	}
}

// The listener's attribute takes the address away: R47.
func TestNoAddress(t *testing.T) {
	for _, mode := range modes {
		r := httptest.NewRequest(http.MethodGet, "/whatismyip", nil)
		r.Header.Set("X-Forwarded-For", "8.8.8.8")
		res, body := serve(t, r, mode, balancer.WithXForwardedFor(balancer.Remove))
		var p problem.Details
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			t.Fatalf("%s: %v in %s", mode, err, body)
		}
		if res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != problem.ContentType || p.Status != http.StatusNotFound || !strings.Contains(p.Detail, "address") {
			t.Errorf("%s: %d %v %s", mode, res.StatusCode, res.Header, body)
		}
	}
}

// What the load balancer answers by itself, without the function.
func TestRefused(t *testing.T) {
	tests := []struct {
		name, method string
		header       http.Header
		size, status int
	}{
		{"R65", "POST", nil, 2 << 20, http.StatusRequestEntityTooLarge},
		{"R69", "TRACE", nil, 0, http.StatusMethodNotAllowed},
		{"R70", "GET", http.Header{"Connection": {"upgrade"}, "Upgrade": {"websocket"}}, 0, http.StatusBadRequest},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, mode := range modes {
				r := httptest.NewRequest(tt.method, "/browser", strings.NewReader(strings.Repeat("x", tt.size)))
				for name, values := range tt.header {
					r.Header[name] = values
				}
				res, body := serve(t, r, mode)
				if res.StatusCode != tt.status || res.Header.Get("Content-Type") != "text/html" {
					t.Errorf("%s: %d %v %.100s", mode, res.StatusCode, res.Header, body)
				}
			}
		})
	}
}

// A health check has a user agent and nothing else: no host, no address, no trace ID. R79, W31.
func TestHealthCheck(t *testing.T) {
	for _, mode := range modes {
		srv := newServer(t, mode, balancer.WithHealthCheck("/health", 0))
		if err := srv.Balancer.CheckHealth(t.Context()); err != nil {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func newServer(t *testing.T, mode albtest.Mode, opts ...balancer.Option) *albtest.Server {
	t.Helper()
	srv := albtest.NewServer(newHandler(), append(opts, balancer.WithMultiValueHeaders(mode == albtest.MultiValue))...)
	t.Cleanup(srv.Close)
	return srv
}

// serve sends r through a load balancer with these options to the program's handler.
func serve(t *testing.T, r *http.Request, mode albtest.Mode, opts ...balancer.Option) (*http.Response, string) {
	t.Helper()
	var res *http.Response
	if len(opts) == 0 {
		res = albtest.Do(t, newHandler(), r, mode)
	} else {
		rec := httptest.NewRecorder()
		newServer(t, mode, opts...).Balancer.ServeHTTP(rec, r)
		res = rec.Result()
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func decode(t *testing.T, s string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return v
}
