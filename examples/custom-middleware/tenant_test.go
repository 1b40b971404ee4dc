package main

import (
	"net/http"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

func TestTenant(t *testing.T) {
	for host, want := range map[string]string{
		"acme.example.com":                           "acme",
		"ACME.Example.COM":                           "acme", // RFC 9110 section 4.2.3
		"acme.example.com.":                          "acme",
		"a-1.example.com":                            "a-1",
		"example.com":                                "",
		".example.com":                               "",
		"acme.example.org":                           "",
		"acme.example.com.evil.org":                  "",
		"acmeexample.com":                            "",
		"a.b.example.com":                            "",
		"-a.example.com":                             "",
		"a_b.example.com":                            "",
		strings.Repeat("a", 64) + ".example.com":     "",
		"internal-alb-1.eu-west-1.elb.amazonaws.com": "",
		"10.0.0.7":                                   "",
		"[2001:db8::1]:443":                          "",
	} {
		for _, mode := range modes {
			res, body := ask(t, newHandler(zap.NewNop(), always{}, "example.com"), mode, host, nil)
			switch {
			case want == "" && (res.StatusCode != http.StatusMisdirectedRequest || res.Header.Get("Content-Type") != problem.ContentType):
				t.Errorf("%s: %s: %d %s", mode, host, res.StatusCode, body)
			case want != "" && !strings.HasPrefix(body, "tenant "+want+","):
				t.Errorf("%s: %s: %d %s", mode, host, res.StatusCode, body)
			}
		}
	}
}

// DOMAIN is a domain in any case (RFC 4343).
func TestTenantOfDomainInUpperCase(t *testing.T) {
	for _, mode := range modes {
		if res, body := ask(t, newHandler(zap.NewNop(), always{}, "Example.COM"), mode, "acme.example.com", nil); res.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", mode, res.StatusCode, body)
		}
	}
}

// A load balancer that listens on a port of its own adds it to the host. Not so in the test above, where the port is 80.
func TestTenantWithPort(t *testing.T) {
	srv := albtest.NewServer(newHandler(zap.NewNop(), always{}, "example.com"))
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "acme.example.com"
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%d", res.StatusCode)
	}
}
