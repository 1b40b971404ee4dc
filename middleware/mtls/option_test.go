package mtls_test

import (
	"crypto/x509"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware/mtls"
)

func TestOptional(t *testing.T) {
	root := newAuthority(t, "root", nil)
	stranger := newAuthority(t, "root", nil).issue(t, "client", nil)
	optional := mtls.Passthrough(pool(root.cert), mtls.Optional())
	expect(t, optional, nil, "nobody", "")
	expect(t, optional, http.Header{name: {""}}, "nobody", "")
	expect(t, optional, http.Header{name: {escape(root.issue(t, "client", nil))}}, "client < root", "")
	expect(t, optional, http.Header{name: {escape(stranger)}}, refused, "unknown authority")
	expect(t, optional, http.Header{name: {"x"}}, refused, "nothing else")
}

func TestWithKeyUsages(t *testing.T) {
	root := newAuthority(t, "root", nil)
	of := func(usage x509.ExtKeyUsage) http.Header {
		cert := root.issue(t, "client", func(c *x509.Certificate) { c.ExtKeyUsage[0] = usage })
		return http.Header{name: {escape(cert)}}
	}
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning, x509.ExtKeyUsageServerAuth}
	middleware := mtls.Passthrough(pool(root.cert), mtls.WithKeyUsages(usages...))
	usages[0] = x509.ExtKeyUsageAny
	expect(t, middleware, of(x509.ExtKeyUsageServerAuth), "client < root", "")
	expect(t, middleware, of(x509.ExtKeyUsageCodeSigning), "client < root", "")
	expect(t, middleware, of(x509.ExtKeyUsageClientAuth), refused, "usage")
}

func TestWithHeaderNames(t *testing.T) {
	root := newAuthority(t, "root", nil)
	client, admin := root.issue(t, "client", nil), root.issue(t, "admin", nil)
	renamed := mtls.WithHeaderNames(mtls.HeaderNames{
		Chain: "x-secret-chain", SerialNumber: "x-secret-SERIAL", Issuer: "x-secret-issuer",
		Subject: "x-secret-subject", Validity: "x-secret-validity", Leaf: "x-secret-leaf",
	})
	forged := verifyMode(admin)
	forged[name] = []string{escape(admin)}
	secret := http.Header{"X-Secret-Chain": {escape(client)}}
	for field, lines := range verifyMode(client) {
		secret[strings.Replace(strings.TrimSuffix(field, "-Number"), name, "X-Secret", 1)] = lines
	}
	both := maps.Clone(forged)
	maps.Copy(both, secret)
	for want, middleware := range map[string]func(http.Handler) http.Handler{
		"client < root": mtls.Passthrough(pool(root.cert), renamed),
		"client":        mtls.VerifiedByALB(renamed),
	} {
		expect(t, middleware, secret, want, "")
		expect(t, middleware, both, want, "")
		expect(t, middleware, forged, required, "no certificate")
	}
	expect(t, mtls.Passthrough(pool(root.cert), renamed, mtls.Optional()), forged, "nobody", "")

	// The load balancer knows nothing of this name, so several lines arrive in multi-value mode.
	secret["X-Secret-Chain"] = []string{escape(admin), escape(client)}
	expect(t, mtls.Passthrough(pool(root.cert), renamed), secret, "client < root", "")
}

func TestWithHeaderNamesOfSome(t *testing.T) {
	header := verifyMode(newAuthority(t, "root", nil).issue(t, "client", nil))
	header["X-Secret-Leaf"] = header[name+"-Leaf"]
	delete(header, name+"-Leaf")
	expect(t, mtls.VerifiedByALB(mtls.WithHeaderNames(mtls.HeaderNames{Leaf: "X-Secret-Leaf"})), header, "client", "")
}

func TestMistakes(t *testing.T) {
	roots := pool(newAuthority(t, "root", nil).cert)
	tests := []struct {
		name  string
		make  func()
		panic string
	}{
		{"nil roots", func() { mtls.Passthrough(nil) }, "every public authority"},
		{"no root", func() { mtls.Passthrough(x509.NewCertPool()) }, "empty pool"},
		{"no usage", func() { mtls.Passthrough(roots, mtls.WithKeyUsages()) }, "no usage"},
		{"optional in verify mode", func() { mtls.VerifiedByALB(mtls.Optional()) }, "lets nobody in"},
		{"usages in verify mode", func() { mtls.VerifiedByALB(mtls.WithKeyUsages(x509.ExtKeyUsageAny)) }, "verifies no certificate"},
		{"a name with a space", func() { mtls.WithHeaderNames(mtls.HeaderNames{Leaf: "X Leaf"}) }, `"X Leaf"`},
		{"a name with a colon", func() { mtls.WithHeaderNames(mtls.HeaderNames{Chain: "X-Chain:"}) }, `"X-Chain:"`},
		{"a name beyond ASCII", func() { mtls.WithHeaderNames(mtls.HeaderNames{Issuer: "X-Ü"}) }, `"X-Ü"`},
		{"one name for two", func() { mtls.WithHeaderNames(mtls.HeaderNames{Leaf: "x-c", Chain: "X-C"}) }, `"X-C" for two`},
		{
			"one name for two by default",
			func() { mtls.WithHeaderNames(mtls.HeaderNames{Chain: name + "-Leaf"}) }, name + `-Leaf" for two`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.HasPrefix(got, "mtls: ") || !strings.Contains(got, tt.panic) || !strings.Contains(got, ";") {
					t.Errorf("panic %s, want %s", got, tt.panic)
				}
			}()
			tt.make()
		})
	}
}
