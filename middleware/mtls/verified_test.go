package mtls_test

import (
	"crypto/x509"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/mtls"
)

func TestVerifiedByALB(t *testing.T) {
	root := newAuthority(t, "root", nil)
	client := root.issue(t, "client", nil)
	other := root.issue(t, "other", func(c *x509.Certificate) { c.SerialNumber = big.NewInt(7) })
	set := func(field string, lines ...string) func(http.Header) {
		return func(h http.Header) { h[name+field] = lines }
	}
	tests := []struct {
		name   string
		change func(http.Header)
		want   string
		cause  string
	}{
		{"as it comes", func(http.Header) {}, "client", ""},
		{"serial number in lower case", set("-Serial-Number", "03a5b1"), "client", ""},
		{"serial number without a zero", set("-Serial-Number", "3A5B1"), "client", ""},
		{"serial number with a sign byte", set("-Serial-Number", "0003A5B1"), "client", ""},
		{"validity in another zone", set("-Validity", "NotBefore=1999-01-01T02:00:00+02:00;NotAfter=2099-01-01T00:00:00Z"), "client", ""},
		{"subject and issuer are not read", func(h http.Header) { set("-Subject")(h); set("-Issuer", "CN=x")(h) }, "client", ""},
		{"everything escaped", set("-Leaf", strings.NewReplacer("+", "%2B", "=", "%3D", "/", "%2F").Replace(escape(client))), "client", ""},
		{"forged lines first", func(h http.Header) {
			for field, lines := range verifyMode(other) {
				h[field] = append(lines, h[field]...)
			}
		}, "client", ""},

		{"no leaf", set("-Leaf"), required, "no certificate"},
		{"empty leaf", set("-Leaf", ""), required, "no certificate"},
		{"nothing", func(h http.Header) { clear(h) }, required, "no certificate"},
		{"the header of the other mode", func(h http.Header) { clear(h); set("", escape(client))(h) }, required, "no certificate"},
		{"another leaf", set("-Leaf", escape(other)), refused, "serial number"},
		{"a forged leaf behind", set("-Leaf", escape(client), escape(other)), refused, "serial number"},
		{"two certificates", set("-Leaf", escape(client, root.cert)), refused, "2 certificates"},
		{"plus turned into space", set("-Leaf", strings.ReplaceAll(escape(client), "+", "%20")), refused, "base64"},
		{"garbage behind", set("-Leaf", escape(client)+"x"), refused, "nothing else"},
		{"another type", set("-Leaf", escapeText(strings.ReplaceAll(pemText(client), "CERTIFICATE", "PUBLIC KEY"))), refused, "nothing else"},

		{"no serial number", set("-Serial-Number"), refused, "serial number"},
		{"empty serial number", set("-Serial-Number", ""), refused, "serial number"},
		{"another serial number", set("-Serial-Number", "03A5B2"), refused, "serial number"},
		{"a longer serial number", set("-Serial-Number", "03A5B100"), refused, "serial number"},
		{"decimal serial number", set("-Serial-Number", client.SerialNumber.String()), refused, "serial number"},
		{"negative serial number", set("-Serial-Number", "-03A5B1"), refused, "serial number"},
		{"no validity", set("-Validity"), refused, "validity"},
		{"another begin", set("-Validity", "NotBefore=1999-01-01T00:00:01Z;NotAfter=2099-01-01T00:00:00Z"), refused, "validity"},
		{"another end", set("-Validity", "NotBefore=1999-01-01T00:00:00Z;NotAfter=2099-01-01T00:00:01Z"), refused, "validity"},
		{"no end", set("-Validity", "NotBefore=1999-01-01T00:00:00Z"), refused, "validity"},
		{"begin and end exchanged", set("-Validity", "NotAfter=2099-01-01T00:00:00Z;NotBefore=1999-01-01T00:00:00Z"), refused, "validity"},
		{"more behind the end", set("-Validity", "NotBefore=1999-01-01T00:00:00Z;NotAfter=2099-01-01T00:00:00Z;"), refused, "validity"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := verifyMode(client)
			tt.change(header)
			expect(t, mtls.VerifiedByALB(), header, tt.want, tt.cause)
		})
	}
}

// A serial number has up to 20 bytes (RFC 5280, section 4.1.2.2).
func TestVerifiedByALBLongSerialNumber(t *testing.T) {
	serial := new(big.Int).Lsh(big.NewInt(0x7f), 19*8)
	cert := newAuthority(t, "root", nil).issue(t, "client", func(c *x509.Certificate) { c.SerialNumber = serial })
	header := verifyMode(cert)
	if got, want := header.Get(name+"-Serial-Number"), "7F"+strings.Repeat("00", 19); got != want {
		t.Fatalf("the header is %s, want %s", got, want)
	}
	expect(t, mtls.VerifiedByALB(), header, "client", "")
}

// No serial number is not the serial number 0, which some authorities give.
func TestVerifiedByALBZeroSerialNumber(t *testing.T) {
	cert := newAuthority(t, "root", nil).issue(t, "client", func(c *x509.Certificate) { c.SerialNumber = new(big.Int) })
	header := verifyMode(cert)
	expect(t, mtls.VerifiedByALB(), header, "client", "")
	header[name+"-Serial-Number"] = []string{"00"}
	expect(t, mtls.VerifiedByALB(), header, "client", "")
	delete(header, name+"-Serial-Number")
	expect(t, mtls.VerifiedByALB(), header, refused, "serial number")
}

// A listener can be told to ignore expiry; the trust store decides everything else as well.
func TestVerifiedByALBBelievesTheListener(t *testing.T) {
	cert := newAuthority(t, "root of nobody", nil).issue(t, "client", func(c *x509.Certificate) {
		c.NotAfter = time.Now().Add(-time.Minute)
		c.ExtKeyUsage[0] = x509.ExtKeyUsageServerAuth
	})
	expect(t, mtls.VerifiedByALB(), verifyMode(cert), "client", "")
}

// A listener in verify mode does not write the header of passthrough mode.
func TestVerifiedByALBKeepsHeadersFromHandlers(t *testing.T) {
	root := newAuthority(t, "root", nil)
	header := verifyMode(root.issue(t, "client", nil))
	header[name] = []string{escape(root.issue(t, "admin", nil))}
	expect(t, mtls.VerifiedByALB(), header, "client", "")
}
