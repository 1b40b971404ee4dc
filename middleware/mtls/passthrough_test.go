package mtls_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"crypto"
	"crypto/rsa"
	"errors"
	"io"
	"math/big"

	"github.com/albatross-go/albatross/middleware/mtls"
)

func TestPassthrough(t *testing.T) {
	root := newAuthority(t, "root", nil)
	sub := newAuthority(t, "sub", root)
	client := sub.issue(t, "client", nil)
	direct, key := root.issueWithKey(t, "direct", nil)
	stranger := newAuthority(t, "root", nil).issue(t, "client", nil) // of another root with the same name
	with := func(change func(*x509.Certificate)) *x509.Certificate { return root.issue(t, "client", change) }
	long := func(n int) string { // a chain of n certificates, the root not counted
		above, chain := root, []*x509.Certificate(nil)
		for range n - 1 {
			above = newAuthority(t, "long", above)
			chain = slices.Insert(chain, 0, above.cert)
		}
		return escape(slices.Insert(chain, 0, above.issue(t, "client", nil))...)
	}
	pkcs8 := strings.ReplaceAll(pemText(direct), "CERTIFICATE", "PRIVATE KEY")
	spoilt := strings.Replace(pemText(stranger), "MII", "M!I", 1)
	accept := mtls.Passthrough(pool(root.cert))

	tests := []struct {
		name   string
		header []string // lines of X-Amzn-Mtls-Clientcert
		want   string
		cause  string
	}{
		{"issued by the root", []string{escape(direct)}, "direct < root", ""},
		{"with the intermediate", []string{escape(client, sub.cert)}, "client < sub < root", ""},
		{"with the root", []string{escape(client, sub.cert, root.cert)}, "client < sub < root", ""},
		{"with a certificate of no use", []string{escape(direct, stranger)}, "direct < root", ""},
		{"everything escaped", []string{strings.NewReplacer("+", "%2B", "=", "%3D", "/", "%2F").Replace(escape(direct))}, "direct < root", ""},
		{"CRLF", []string{escapeText(strings.ReplaceAll(pemText(direct), "\n", "\r\n"))}, "direct < root", ""},
		{"no newline at the end", []string{strings.TrimSuffix(escape(client, sub.cert), "%0A")}, "client < sub < root", ""},
		{"the last line counts", []string{"forged", escape(direct)}, "direct < root", ""},

		{"none", nil, required, "mtls: no certificate"},
		{"empty", []string{""}, required, "mtls: no certificate"},
		{"a forged line first", []string{escape(direct), escape(stranger)}, refused, "unknown authority"},
		{"joined lines", []string{escape(stranger) + ", " + escape(direct)}, refused, "nothing else"},
		{"another root", []string{escape(stranger)}, refused, "unknown authority"},
		{"another root and a good certificate behind it", []string{escape(stranger, direct)}, refused, "unknown authority"},
		{"signed by a client", []string{escape((&authority{direct, key}).issue(t, "client", nil), direct)}, refused, "unknown authority"},
		{"without its intermediate", []string{escape(client)}, refused, "unknown authority"},
		{"expired", []string{escape(with(func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }))}, refused, "expired"},
		{"not yet valid", []string{escape(with(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) }))}, refused, "not yet valid"},
		{"for servers", []string{escape(with(func(c *x509.Certificate) { c.ExtKeyUsage[0] = x509.ExtKeyUsageServerAuth }))}, refused, "usage"},
		{"for everything", []string{escape(with(func(c *x509.Certificate) { c.ExtKeyUsage = nil }))}, "client < root", ""},
		{"an unknown critical extension", []string{escape(with(func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3}, Critical: true, Value: []byte{5, 0}}}
		}))}, refused, "critical"},

		{"plus turned into space", []string{strings.ReplaceAll(escape(direct), "+", "%20")}, refused, "base64"},
		{"not escaped", []string{strings.ReplaceAll(pemText(direct), "\n", "")}, "direct < root", ""},
		{"a bad escape", []string{escape(direct) + "%"}, refused, "escape"},
		{"garbage before", []string{"x" + escape(direct)}, refused, "nothing else"},
		{"garbage behind", []string{escape(direct) + "x"}, refused, "nothing else"},
		{"garbage between", []string{escape(client) + "x" + escape(sub.cert)}, refused, "nothing else"},
		{"a spoilt certificate first", []string{escapeText(spoilt) + escape(direct)}, refused, "base64"},
		{"begun twice", []string{"-----BEGIN%20CERTIFICATE-----%0A" + escape(direct)}, refused, "base64"},
		{"never ended", []string{escape(direct)[:200]}, refused, "nothing else"},
		{"PEM headers", []string{strings.Replace(escape(direct), "-----%0A", "-----%0AKey:%20value%0A%0A", 1)}, refused, "base64"},
		{"another type", []string{escapeText(pkcs8)}, refused, "nothing else"},
		{"another type behind", []string{escape(direct) + escapeText(pkcs8)}, refused, "nothing else"},
		{"an empty certificate", []string{"-----BEGIN%20CERTIFICATE----------END%20CERTIFICATE-----"}, refused, "certificate 1"},
		{"10 certificates", []string{long(10)}, "client" + strings.Repeat(" < long", 9) + " < root", ""},
		{"11 certificates", []string{long(11)}, refused, "more than 10"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, accept, http.Header{name: tt.header}, tt.want, tt.cause)
		})
	}
}

// A load balancer takes no longer line from a client, so this is for what it might write itself.
func TestPassthroughSize(t *testing.T) {
	root := newAuthority(t, "root", nil)
	h := mtls.Passthrough(pool(root.cert))(whoami)
	value := escape(root.issue(t, "client", nil))
	for n, want := range map[int]string{16384: "client < root", 16385: refused} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(name, pad(value, n))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if len(r.Header.Get(name)) != n || rec.Body.String() != want {
			t.Errorf("%d bytes: got %s, want %s", n, rec.Body, want)
		}
	}
}

// pad lengthens a header value to n bytes of the same meaning.
func pad(value string, n int) string {
	for (n-len(value))%len("%0A") != 0 {
		value = strings.Replace(value, "M", "%4D", 1)
	}
	return value + strings.Repeat("%0A", (n-len(value))/len("%0A"))
}

func TestPassthroughValidity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on the first day of 2000
		root := newAuthority(t, "root", nil)
		begin, end := time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
		cert := root.issue(t, "client", func(c *x509.Certificate) { c.NotBefore, c.NotAfter = begin, end })
		h := mtls.Passthrough(pool(root.cert))(whoami)
		for _, tt := range []struct {
			at     time.Time
			status int
		}{{begin.Add(-time.Second), 403}, {begin, 200}, {end, 200}, {end.Add(time.Second), 403}} {
			time.Sleep(time.Until(tt.at))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(name, escape(cert))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, r)
			if rec.Code != tt.status {
				t.Errorf("at %v: got %d, want %d", tt.at, rec.Code, tt.status)
			}
		}
	})
}

func TestPassthroughRoots(t *testing.T) {
	root, late := newAuthority(t, "root", nil), newAuthority(t, "late", nil)
	roots := pool(root.cert)
	middleware := mtls.Passthrough(roots)
	roots.AddCert(late.cert)
	expect(t, middleware, http.Header{name: {escape(root.issue(t, "client", nil))}}, "client < root", "")
	expect(t, middleware, http.Header{name: {escape(late.issue(t, "client", nil))}}, refused, "unknown authority")
}

// A listener in passthrough mode writes one header. The others are the client's.
func TestPassthroughKeepsHeadersFromHandlers(t *testing.T) {
	root := newAuthority(t, "root", nil)
	header := verifyMode(root.issue(t, "admin", nil))
	header[name] = []string{escape(root.issue(t, "client", nil))}
	expect(t, mtls.Passthrough(pool(root.cert)), header, "client < root", "")
	delete(header, name)
	expect(t, mtls.Passthrough(pool(root.cert)), header, required, "no certificate")
	expect(t, mtls.Passthrough(pool(root.cert), mtls.Optional()), header, "nobody", "")
}

// bareKey is a public key that nobody has made.
type bareKey struct{ public *rsa.PublicKey }

func (k bareKey) Public() crypto.PublicKey { return k.public }

func (bareKey) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("it signs nothing")
}

// A key that takes long to check with is refused before anything is checked, wherever in the chain it stands.
func TestPassthroughRSA(t *testing.T) {
	root := newAuthority(t, "root", nil)
	leaf := root.issue(t, "client", nil)
	for _, tt := range []struct {
		bits     uint
		exponent int
		want     int
	}{
		{4096, 65537, http.StatusOK},
		{4097, 65537, http.StatusForbidden},
		{2048, 1<<31 - 1, http.StatusForbidden},
		{16384, 3, http.StatusForbidden},
	} {
		modulus := new(big.Int).Lsh(big.NewInt(1), tt.bits-1)
		huge := newAuthorityWithKey(t, "huge", root, bareKey{&rsa.PublicKey{N: modulus.SetBit(modulus, 0, 1), E: tt.exponent}})
		h := mtls.Passthrough(pool(root.cert))(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Amzn-Mtls-Clientcert", escape(leaf, huge.cert))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if rec.Code != tt.want {
			t.Errorf("%d bits, exponent %d: status %d, want %d", tt.bits, tt.exponent, rec.Code, tt.want)
		}
	}
}
