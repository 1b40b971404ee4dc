package mtls_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// authority issues certificates.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// newAuthority makes an authority below another one, or a root if that is nil.
func newAuthority(t testing.TB, name string, above *authority) *authority {
	t.Helper()
	return newAuthorityWithKey(t, name, above, newKey(t))
}

func newAuthorityWithKey(t testing.TB, name string, above *authority, key crypto.Signer) *authority {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	if above == nil {
		above = &authority{template, key}
	}
	return &authority{above.sign(t, template, key), key}
}

func (a *authority) sign(t testing.TB, template *x509.Certificate, key crypto.Signer) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// issue makes a client certificate, which change may spoil.
func (a *authority) issue(t testing.TB, name string, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	cert, _ := a.issueWithKey(t, name, change)
	return cert
}

func (a *authority) issueWithKey(t testing.TB, name string, change func(*x509.Certificate)) (*x509.Certificate, crypto.Signer) {
	t.Helper()
	key := newKey(t)
	template := clientTemplate(name)
	if change != nil {
		change(template)
	}
	for {
		cert := a.sign(t, template, key)
		if strings.Contains(escape(cert), "+") { // every test is to meet one
			return cert, key
		}
	}
}

func clientTemplate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(0x03a5b1),
		Subject:      pkix.Name{CommonName: name, Organization: []string{"Albatross, Inc"}},
		NotBefore:    time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

func newKey(t testing.TB) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func pool(certs ...*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, cert := range certs {
		p.AddCert(cert)
	}
	return p
}

func pemText(certs ...*x509.Certificate) string {
	var s strings.Builder
	for _, cert := range certs {
		_ = pem.Encode(&s, &pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	}
	return s.String()
}

// escape writes certificates as a load balancer does: "URL-encoded PEM format, with +=/ as safe characters".
func escape(certs ...*x509.Certificate) string { return escapeText(pemText(certs...)) }

func escapeText(s string) string {
	return strings.NewReplacer("+", "%20", "%2B", "+", "%2F", "/", "%3D", "=").Replace(url.QueryEscape(s))
}

const name = "X-Amzn-Mtls-Clientcert"

// verifyMode is the header of a listener in verify mode, in the form of the examples in the ELB guide.
func verifyMode(cert *x509.Certificate) http.Header {
	const iso8601 = "2006-01-02T15:04:05Z"
	return http.Header{
		name + "-Serial-Number": {fmt.Sprintf("%06X", cert.SerialNumber)},
		name + "-Issuer":        {cert.Issuer.String()},
		name + "-Subject":       {cert.Subject.String()},
		name + "-Validity":      {"NotBefore=" + cert.NotBefore.Format(iso8601) + ";NotAfter=" + cert.NotAfter.Format(iso8601)},
		name + "-Leaf":          {escape(cert)},
	}
}

func tlsCertificate(key crypto.Signer, certs ...*x509.Certificate) tls.Certificate {
	c := tls.Certificate{PrivateKey: key}
	for _, cert := range certs {
		c.Certificate = append(c.Certificate, cert.Raw)
	}
	return c
}
