//go:build !lambda.norpc

package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

var forged = http.Header{
	"X-Amzn-Oidc-Data":                     {"e30=.e30=.e30="},
	"X-Amzn-Oidc-Identity":                 {"admin"},
	"X-Amzn-Oidc-Accesstoken":              {"admin"},
	"X-Amzn-Mtls-Clientcert":               {"admin"},
	"X-Amzn-Mtls-Clientcert-Leaf":          {"admin"},
	"X-Amzn-Mtls-Clientcert-Serial-Number": {"01"},
	"X-Amzn-Mtls-Clientcert-Subject":       {"CN=admin"},
	"X-Amzn-Mtls-Clientcert-Validity":      {"NotBefore=2000-01-01T00:00:00Z;NotAfter=2100-01-01T00:00:00Z"},
}

func TestWhoami(t *testing.T) {
	h, opts, err := local()
	if err != nil {
		t.Fatal(err)
	}
	login, cert := opts[:1], opts[1:]
	other := []balancer.Option{balancer.WithOIDC(map[string]string{"sub": "admin"})}
	const whole = `{"subject":"8f14e45f-ceea-467f-a9cb-5d2f3c1b7a60","issuer":"https://idp.example.com","client":"local",` +
		`"claims":{"sub":"8f14e45f-ceea-467f-a9cb-5d2f3c1b7a60","email":"ann@example.com","groups":["staff","billing"],"iss":"https://idp.example.com"},` +
		`"certificate":{"subject":"CN=laptop,O=Example","serialNumber":"A1BA7055"}}`
	tests := []struct {
		name   string
		opts   []balancer.Option
		header http.Header
		status int
	}{
		{"logged in with a certificate", opts, nil, http.StatusOK},
		{"and with forged headers", opts, forged, http.StatusOK},
		{"no login", cert, nil, http.StatusUnauthorized},
		{"forged login", cert, forged, http.StatusUnauthorized},
		{"login under another key", append(other, cert...), nil, http.StatusUnauthorized},
		{"no certificate", login, nil, http.StatusForbidden},
		{"forged certificate", login, forged, http.StatusForbidden},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				srv := albtest.NewServer(h, append([]balancer.Option{
					balancer.WithMultiValueHeaders(mode == albtest.MultiValue), balancer.WithErrorLog(log.New(t.Output(), "", 0)),
				}, tt.opts...)...)
				defer srv.Close()
				if err := srv.Balancer.CheckHealth(t.Context()); err != nil {
					t.Error(err)
				}
				status, body := ask(t, srv.Client(), srv.URL, tt.header)
				if status != tt.status {
					t.Fatalf("status %d, want %d: %s", status, tt.status, body)
				}
				if strings.Contains(body, "admin") {
					t.Errorf("the client's own words are in %s", body)
				}
				if status != http.StatusOK {
					return
				}
				got := decode(t, body)
				expiry, err := time.Parse(time.RFC3339, got["expiry"].(string))
				if left := time.Until(expiry); err != nil || left < time.Minute || left > 2*time.Minute {
					t.Errorf("expiry %v", got["expiry"])
				}
				claims, cert := got["claims"].(map[string]any), got["certificate"].(map[string]any)
				if claims["exp"] != float64(expiry.Unix()) {
					t.Errorf("exp %v", claims["exp"])
				}
				delete(got, "expiry")
				delete(claims, "exp")
				delete(cert, "notAfter")
				if diff := cmp.Diff(decode(t, whole), got); diff != "" {
					t.Error(diff)
				}
			})
		}
	}

	t.Run("no load balancer", func(t *testing.T) {
		srv := httptest.NewServer(h)
		defer srv.Close()
		if status, body := ask(t, srv.Client(), srv.URL, forged); status != http.StatusUnauthorized {
			t.Errorf("%d %s", status, body)
		}
	})
}

// A key that is fetched from the load balancer does as well, and without mutual TLS there is no certificate.
func TestFetchedKey(t *testing.T) {
	login := balancer.WithOIDC(map[string]string{"sub": "ann"})
	keys := httptest.NewServer(login)
	defer keys.Close()
	h := newHandler(oidc.New(login.LoadBalancerARN(), oidc.WithKeyURL(func(_, kid string) string { return keys.URL + "/" + kid })))
	for _, multiValue := range []bool{false, true} {
		srv := albtest.NewServer(h, login, balancer.WithMultiValueHeaders(multiValue))
		defer srv.Close()
		status, body := ask(t, srv.Client(), srv.URL, forged)
		if got := decode(t, body); status != http.StatusOK || got["subject"] != "ann" || got["certificate"] != nil {
			t.Errorf("multi-value %v: %d %s", multiValue, status, body)
		}
	}
}

func TestFromEnvironment(t *testing.T) {
	const arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/a/0123456789abcdef"
	tests := []struct {
		name, arn, mode string
		middleware      int
		err             string
	}{
		{"login", arn, "", 1, ""},
		{"login and certificate", arn, "verify", 2, ""},
		{"no ARN", "", "verify", 0, "set it to the ARN"},
		{"other mode", arn, "passthrough", 0, "set it to verify"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			env := map[string]string{"LOAD_BALANCER_ARN": tt.arn, "MUTUAL_TLS": tt.mode}
			got, err := fromEnvironment(func(name string) string { return env[name] })
			if len(got) != tt.middleware || (err == nil) != (tt.err == "") || (err != nil && !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("%d middleware, error %v", len(got), err)
			}
		})
	}

	// What is trusted on Lambda is not the local load balancer.
	_, opts, err := local()
	if err != nil {
		t.Fatal(err)
	}
	trusted, err := fromEnvironment(func(name string) string { return map[string]string{"LOAD_BALANCER_ARN": arn}[name] })
	if err != nil {
		t.Fatal(err)
	}
	srv := albtest.NewServer(newHandler(trusted...), opts...)
	defer srv.Close()
	if status, body := ask(t, srv.Client(), srv.URL, nil); status != http.StatusUnauthorized {
		t.Errorf("%d %s", status, body)
	}
}

func ask(t *testing.T, client *http.Client, url string, header http.Header) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
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

func decode(t *testing.T, s string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("%v in %s", err, s)
	}
	return v
}
