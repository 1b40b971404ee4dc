package mtls_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/mtls"
)

// FuzzCertificate checks that no header makes a panic, and that a certificate which handlers see was signed by the one after it, up
// to the root, is for clients and is valid now.
func FuzzCertificate(f *testing.F) {
	root, sub, certs := fixedCertificates(f)
	f.Add(escape(certs["direct"]))
	f.Add(escape(certs["client"], sub.cert))
	f.Add(escape(certs["client"], certs["stranger"], sub.cert, root.cert))
	f.Add(escape(certs["stranger"], certs["direct"]))
	f.Add(escape(certs["server"]))
	f.Add(escape(certs["expired"]))
	f.Add(pad(escape(certs["direct"]), 1000))
	f.Add(strings.ReplaceAll(escape(certs["direct"]), "+", " "))
	f.Add("")
	f.Add("-----BEGIN%20CERTIFICATE-----%0AMAA=%0A-----END%20CERTIFICATE-----%0A")

	accept := mtls.Passthrough(pool(root.cert))
	believe := mtls.VerifiedByALB()
	f.Fuzz(func(t *testing.T, value string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header = verifyMode(certs["direct"])
		r.Header[name], r.Header[name+"-Leaf"] = []string{value}, []string{value}
		rec := httptest.NewRecorder()
		accept(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			checkChain(t, mtls.ChainFromContext(r.Context()), root.cert)
		})).ServeHTTP(rec, r)
		believe(nothing).ServeHTTP(rec, r)
	})
}

func checkChain(t *testing.T, chain []*x509.Certificate, root *x509.Certificate) {
	t.Helper()
	for i, cert := range chain[:len(chain)-1] {
		if err := cert.CheckSignatureFrom(chain[i+1]); err != nil {
			t.Errorf("certificate %d: %v", i, err)
		}
	}
	if !chain[len(chain)-1].Equal(root) {
		t.Error("the last certificate is not the root")
	}
	now, cert := time.Now(), chain[0]
	if now.Before(cert.NotBefore) || now.After(cert.NotAfter) {
		t.Errorf("valid from %v to %v only", cert.NotBefore, cert.NotAfter)
	}
	if len(cert.ExtKeyUsage) > 0 && !slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageClientAuth) {
		t.Errorf("usages %v", cert.ExtKeyUsage)
	}
}

// fixedCertificates are the same in every process that takes part in fuzzing.
func fixedCertificates(tb testing.TB) (root, sub *authority, certs map[string]*x509.Certificate) {
	tb.Helper()
	key := func(seed byte) crypto.Signer {
		return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	}
	root = newAuthorityWithKey(tb, "root", nil, key(1))
	sub = newAuthorityWithKey(tb, "sub", root, key(2))
	other := newAuthorityWithKey(tb, "root", nil, key(3))
	server, expired := clientTemplate("server"), clientTemplate("expired")
	server.ExtKeyUsage[0] = x509.ExtKeyUsageServerAuth
	expired.NotAfter = expired.NotBefore.AddDate(1, 0, 0)
	return root, sub, map[string]*x509.Certificate{
		"direct":   root.sign(tb, clientTemplate("direct"), key(4)),
		"client":   sub.sign(tb, clientTemplate("client"), key(4)),
		"stranger": other.sign(tb, clientTemplate("client"), key(4)),
		"server":   root.sign(tb, server, key(4)),
		"expired":  root.sign(tb, expired, key(4)),
	}
}

// FuzzVerified checks that no other serial number and no other validity passes for the leaf's own.
func FuzzVerified(f *testing.F) {
	_, _, certs := fixedCertificates(f)
	h := mtls.VerifiedByALB()(whoami)
	f.Add("03A5B1", "NotBefore=1999-01-01T00:00:00Z;NotAfter=2099-01-01T00:00:00Z")
	f.Add("3a5b1", "NotBefore=1999-01-01T01:00:00+01:00;NotAfter=2098-12-31T24:00:00Z")
	f.Add("0", ";")
	f.Fuzz(func(t *testing.T, serial, validity string) {
		header := verifyMode(certs["client"])
		header[name+"-Serial-Number"], header[name+"-Validity"] = []string{serial}, []string{validity}
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header = header
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code == http.StatusForbidden {
			return
		}
		if strings.ToUpper(strings.TrimLeft(serial, "0")) != "3A5B1" {
			t.Errorf("serial number %q was accepted", serial)
		}
		if !strings.HasPrefix(validity, "NotBefore=199") || !strings.Contains(validity, ";NotAfter=20") {
			t.Errorf("validity %q was accepted", validity)
		}
	})
}
