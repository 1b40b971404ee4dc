package mtls

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// VerifiedByALB is for a listener with mutual TLS in verify mode. It puts the certificate that the load balancer has verified into
// the context, for [CertificateFromContext]. It verifies nothing itself: whatever the trust store of the listener admits is
// believed, and so is an expired certificate if the listener is told to ignore expiry.
//
// The answer is 403 if there is no certificate, if it is not exactly one, or if the headers with the serial number and the validity
// are missing or not those of the certificate: the same hop writes them all. That finds mistakes, and no forger who can read. The
// headers with the subject and the issuer are not read; the certificate has both.
//
// It panics if it is given [Optional] or [WithKeyUsages]. A listener in verify mode lets nobody in without a certificate, so a
// request that has none came another way, on which it could have had any.
//
// Safe only when no client reaches the handlers but through a listener in this mode: through any other a client becomes whom it
// likes, with three headers that it writes itself. See the package's text on forged headers. With a listener in passthrough mode
// and [Passthrough] it needs at least a true certificate; prefer that where the function can know the roots.
func VerifiedByALB(opts ...Option) func(http.Handler) http.Handler {
	c := newConfig(opts)
	if c.optional {
		panic("mtls: VerifiedByALB was given Optional, but a listener in verify mode lets nobody in without a certificate; " +
			"route requests from other listeners around it, by their target group")
	}
	if c.usages != nil {
		panic("mtls: VerifiedByALB was given WithKeyUsages, but verifies no certificate; leave it out")
	}
	return c.middleware(func(h http.Header) ([]*x509.Certificate, error) {
		return believe(last(h, c.names.Leaf), last(h, c.names.SerialNumber), last(h, c.names.Validity))
	})
}

// believe returns the leaf, if the other two header values are of the same certificate.
func believe(leaf, serialNumber, validity string) ([]*x509.Certificate, error) {
	chain, err := parseChain(leaf)
	if err != nil {
		return nil, err
	}
	if len(chain) != 1 {
		return nil, fmt.Errorf("mtls: %d certificates in place of the leaf", len(chain))
	}
	if !sameSerialNumber(chain[0], serialNumber) {
		return nil, errors.New("mtls: the serial number header is missing or not that of the leaf")
	}
	if !sameValidity(chain[0], validity) {
		return nil, errors.New("mtls: the validity header is missing or not that of the leaf")
	}
	return chain, nil
}

// sameSerialNumber compares with hexadecimal digits, of either case and with any number of zeros before them.
func sameSerialNumber(cert *x509.Certificate, header string) bool {
	return header != "" &&
		strings.EqualFold(strings.TrimLeft(header, "0"), strings.TrimLeft(cert.SerialNumber.Text(16), "0"))
}

// sameValidity compares with NotBefore=2023-09-21T01:50:17Z;NotAfter=2024-09-20T01:50:17Z.
func sameValidity(cert *x509.Certificate, header string) bool {
	from, to, _ := strings.Cut(header, ";")
	notBefore, err := time.Parse("NotBefore="+time.RFC3339, from)
	if err != nil {
		return false
	}
	notAfter, err := time.Parse("NotAfter="+time.RFC3339, to)
	return err == nil && notBefore.Equal(cert.NotBefore) && notAfter.Equal(cert.NotAfter)
}
