package balancer_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

func TestMutualTLS(t *testing.T) {
	leaf := leaf(t)
	escaped := escapedPEM(t, leaf)
	const name = "x-amzn-mtls-clientcert"
	tests := []struct {
		name string
		mode balancer.MutualTLS
		want map[string]any
	}{
		{"R80", balancer.Verify, map[string]any{
			name + "-serial-number": "03A5B1",
			name + "-issuer":        `CN=client,O=Albatross\, Inc`,
			name + "-subject":       `CN=client,O=Albatross\, Inc`,
			name + "-validity":      "NotBefore=2024-01-02T03:04:05Z;NotAfter=2099-01-02T03:04:05Z",
			name + "-leaf":          escaped,
		}},
		{"R80 passthrough", balancer.Passthrough, map[string]any{name: escaped}},
		{"R80 off", 0, map[string]any{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := get(t, "/")
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}
			got := make(map[string]any)
			for header, value := range event(t, r, balancer.WithMutualTLS(tt.mode))["headers"].(map[string]any) {
				if strings.HasPrefix(header, name) {
					got[header] = value
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}

	r := request(t, line("GET /", "X-Amzn-Mtls-Clientcert-Subject: CN=admin"))
	r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{leaf}}
	all := event(t, r, balancer.WithMutualTLS(balancer.Verify), multi(true))["multiValueHeaders"].(map[string]any)[name+"-subject"]
	if diff := cmp.Diff([]any{"CN=admin", `CN=client,O=Albatross\, Inc`}, all); diff != "" {
		t.Errorf("R80 multi: %s", diff)
	}
}

// Without TLS, or in spite of it, the option's certificate is the client's.
func TestClientCertificate(t *testing.T) {
	client, issuer, other := leaf(t), leaf(t), leaf(t)
	const name = "x-amzn-mtls-clientcert"
	verify := map[string]any{
		name + "-serial-number": "03A5B1",
		name + "-issuer":        `CN=client,O=Albatross\, Inc`,
		name + "-subject":       `CN=client,O=Albatross\, Inc`,
		name + "-validity":      "NotBefore=2024-01-02T03:04:05Z;NotAfter=2099-01-02T03:04:05Z",
		name + "-leaf":          escapedPEM(t, client),
	}
	passthrough := map[string]any{name: escapedPEM(t, client, issuer)}
	tests := []struct {
		name string
		opts []balancer.Option
		want map[string]any
	}{
		{"no mode", nil, verify},
		{"verify", []balancer.Option{balancer.WithMutualTLS(balancer.Verify)}, verify},
		{"passthrough", []balancer.Option{balancer.WithMutualTLS(balancer.Passthrough)}, passthrough},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			chain := []*x509.Certificate{client, issuer}
			opts := append(tt.opts, balancer.WithClientCertificate(chain...))
			chain[0] = other // the option has copied
			for _, state := range []*tls.ConnectionState{nil, {}, {PeerCertificates: []*x509.Certificate{other}}} {
				r := request(t, line("GET /", "X-Amzn-Mtls-Clientcert: forged", "X-Amzn-Mtls-Clientcert-Leaf: forged"))
				r.TLS = state
				single := event(t, r, opts...)["headers"].(map[string]any)
				many := event(t, r, append(opts, multi(true))...)["multiValueHeaders"].(map[string]any)
				for header, want := range tt.want {
					lines := many[header].([]any)
					if single[header] != want || lines[len(lines)-1] != want {
						t.Errorf("%s is %q and %q, want %q to be the last", header, single[header], lines, want)
					}
				}
				for header := range single {
					if strings.HasPrefix(header, name) && tt.want[header] == nil && single[header] != "forged" {
						t.Errorf("%s is not of this mode", header)
					}
				}
			}
		})
	}

	for _, chain := range [][]*x509.Certificate{nil, {nil}, {client, {}}} {
		if got := panics(func() { balancer.WithClientCertificate(chain...) }); !strings.Contains(got, "give it") {
			t.Errorf("panic %q", got)
		}
	}
}

// leaf is a new certificate.
func leaf(t *testing.T) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(certificate(t).Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// escapedPEM is the chain as an ALB writes it: newline, space and nothing else of a PEM text needs an escape.
func escapedPEM(t *testing.T, chain ...*x509.Certificate) string {
	t.Helper()
	var text strings.Builder
	for _, cert := range chain {
		if err := pem.Encode(&text, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}); err != nil {
			t.Fatal(err)
		}
	}
	escaped := strings.NewReplacer("\n", "%0A", " ", "%20").Replace(text.String())
	if back, err := url.PathUnescape(escaped); err != nil || back != text.String() {
		t.Fatal(err)
	}
	return escaped
}

// RFC 5280 forbids a serial number of 0, and some certificates have it.
func TestSerialNumberZero(t *testing.T) {
	cert := *leaf(t)
	cert.SerialNumber = new(big.Int)
	headers := event(t, get(t, "/"), balancer.WithClientCertificate(&cert))["headers"].(map[string]any)
	if serial := headers["x-amzn-mtls-clientcert-serial-number"]; serial != "00" {
		t.Errorf("the serial number is %q, want 00", serial)
	}
}
