package mtls

import (
	"crypto/x509"
	"fmt"
	"net/http"
)

// Passthrough is for a listener with mutual TLS in passthrough mode, which passes on the client's chain unverified. It verifies the
// chain against roots, at the present time, for client authentication ([WithKeyUsages] changes that), and puts the certificate
// into the context for [CertificateFromContext]. The first certificate is the client's. The others only help to find a way to a
// root.
//
// The answer is 403 if there is no certificate, unless [Optional] is given; if it does not verify; and if the header is anything
// but a row of at most 10 certificates in at most 16 KB, which is as much as a load balancer takes in one header. A certificate
// that package crypto/x509 cannot parse is refused as well.
//
// It panics if roots is nil or empty. Nil would mean the system's roots to crypto/x509: whoever has any public certificate would be
// let in. So a pool from [x509.SystemCertPool] is wrong too. The pool is copied.
//
// Safe only when no client reaches the handlers but through a listener in this mode: a chain in a header is public and can be sent
// by anybody. See the package's text on forged headers. And only as far as the roots issue certificates to nobody else: which of
// their holders may do what is for the handler to decide.
//
// A certificate with an RSA key of more than 4096 bits or an exponent above 65537 is refused.
//
// A request costs the parsing of its certificates and a check of every signature that may lead to a root, which takes most of the
// time: BenchmarkPassthrough. No result is kept for the next request.
func Passthrough(roots *x509.CertPool, opts ...Option) func(http.Handler) http.Handler {
	if roots == nil {
		panic("mtls: Passthrough was given nil roots, which would trust every public authority; " +
			"pass a pool of the authorities that issue your clients' certificates")
	}
	if roots.Equal(x509.NewCertPool()) {
		panic("mtls: Passthrough was given an empty pool and would refuse everybody; " +
			"add the authorities that issue your clients' certificates, and check what AppendCertsFromPEM returns")
	}
	c := newConfig(opts)
	if c.usages == nil {
		c.usages = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	roots = roots.Clone()
	return c.middleware(func(h http.Header) ([]*x509.Certificate, error) {
		return verify(last(h, c.names.Chain), roots, c.usages)
	})
}

// verify returns the chain from the first certificate of a header value to one of the roots.
func verify(value string, roots *x509.CertPool, usages []x509.ExtKeyUsage) ([]*x509.Certificate, error) {
	presented, err := parseChain(value)
	if err != nil {
		return nil, err
	}
	intermediates := x509.NewCertPool()
	for _, cert := range presented[1:] {
		intermediates.AddCert(cert)
	}
	chains, err := presented[0].Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: intermediates,
		KeyUsages:     usages,
	})
	if err != nil {
		return nil, fmt.Errorf("mtls: the chain does not verify: %w", err)
	}
	return chains[0], nil
}
