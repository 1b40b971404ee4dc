package inspector_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
)

// A site that points its name at this machine is same-origin for a browser: only the Host header gives it away.
func TestHost(t *testing.T) {
	s := newSite(t)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port := u.Port()
	for host, want := range map[string]int{
		"127.0.0.1:" + port:              200,
		"127.9.9.9:" + port:              200,
		"localhost:" + port:              200,
		"LocalHost:" + port:              200,
		"[::1]:" + port:                  200,
		"evil.example:" + port:           421,
		"localhost.evil.example:" + port: 421,
		"127.0.0.1.nip.example:" + port:  421,
		"192.168.0.1:" + port:            421,
		"0.0.0.0:" + port:                421,
		"localhost:1":                    421,
		"localhost":                      421,
		"evil.example":                   421,
	} {
		for _, path := range []string{"/", "/js/main.js", "/api/requests"} {
			status, _, header := s.call(t, "GET", path, "", func(r *http.Request) { r.Host = host })
			if status != want {
				t.Errorf("GET %s for Host %s: %d, want %d", path, host, status, want)
			}
			if header.Get("Cache-Control") == "" && status == http.StatusOK {
				t.Errorf("GET %s may be cached", path)
			}
		}
	}
}

// Fetch Metadata's Sec-Fetch-Site, and Origin for browsers that do not send it. Another port is another origin, though the same site.
func TestForgery(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(secretive())
	_ = id
	calls := []struct{ method, path string }{
		{"POST", "/api/requests"}, {"POST", "/api/requests/1/replay"}, {"POST", "/api/requests/1/compare"}, {"DELETE", "/api/requests"},
		{"PUT", "/api/functions/a%2Fb/mode"}, {"POST", "/api/functions/a%2Fb/restart"},
	}
	for _, test := range []struct {
		name   string
		header []string
		want   int
	}{
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"another port", []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another origin", []string{"Origin", "http://evil.example"}, 403},
		{"another port by origin", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"no origin to tell", []string{"Origin", "null"}, 403},
		{"a form", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"a simple request", []string{"Content-Type", "text/plain"}, 415},
		{"no type", []string{"Content-Type", ""}, 415},
	} {
		for _, c := range calls {
			status, body, _ := s.call(t, c.method, c.path, "{}", func(r *http.Request) { r.Header.Set(test.header[0], test.header[1]) })
			if status != test.want {
				t.Errorf("%s: %s %s gave %d, want %d: %s", test.name, c.method, c.path, status, test.want, body)
			}
		}
	}
	if len(s.backend.sent)+len(s.backend.steered) > 0 || len(s.store.List()) != 1 {
		t.Error("a forged call had an effect")
	}
	for _, site := range []string{"cross-site", "same-site"} {
		for _, path := range []string{"/api/requests", "/api/requests/1?reveal=1", "/api/stream"} {
			if status, _, _ := s.call(t, "GET", path, "", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", site) }); status != http.StatusForbidden {
				t.Errorf("GET %s from %s: %d, want 403", path, site, status)
			}
		}
	}
	status, _, _ := s.call(t, "POST", "/api/requests/1/replay", "", func(r *http.Request) {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Origin", s.URL)
	})
	if status != http.StatusOK {
		t.Errorf("the page's own call: %d", status)
	}
}

func TestPolicy(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/css/base.css", "/js/main.js", "/api/requests", "/nothing"} {
		_, _, header := s.call(t, "GET", path, "")
		policy := header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if header.Get("Cache-Control") != "no-store" || header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, header)
		}
		if header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to other origins", path)
		}
	}
}

func TestListen(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:0", "8081", ""} {
		if l, err := inspector.Listen(t.Context(), addr); err == nil {
			t.Errorf("Listen(%q) listens at %s", addr, l.Addr())
			_ = l.Close()
		}
	}
	for _, addr := range []string{"127.0.0.1:0", "localhost:0", ":0"} {
		l, err := inspector.Listen(t.Context(), addr)
		if err != nil {
			t.Errorf("Listen(%q): %v", addr, err)
			continue
		}
		if got := l.Addr().String(); !strings.HasPrefix(got, "127.0.0.1:") {
			t.Errorf("Listen(%q) listens at %s", addr, got)
		}
		if second, err := inspector.Listen(t.Context(), l.Addr().String()); err == nil || !strings.Contains(err.Error(), "another port") {
			t.Errorf("a port in use: %v, %v", second, err)
		}
		_ = l.Close()
	}
}
