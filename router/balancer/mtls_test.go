package balancer_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

func TestMutualTLS(t *testing.T) {
	der := certificate(t).Certificate[0]
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	// newline, space and nothing else of a PEM text needs an escape
	escaped := strings.NewReplacer("\n", "%0A", " ", "%20").Replace(text)
	if back, err := url.PathUnescape(escaped); err != nil || back != text {
		t.Fatal(err)
	}
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
