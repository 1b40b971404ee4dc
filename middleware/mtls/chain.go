package mtls

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

const (
	maxHeaderBytes  = 16 << 10 // a load balancer's limit for one header
	maxCertificates = 10

	// To check a signature takes longer the larger the key, and anybody can send keys that no authority has seen.
	maxRSABits     = 4096
	maxRSAExponent = 1<<16 + 1
)

// parseChain reads a header value: certificates in PEM, percent-encoded but for "+", "=" and "/". It returns at least one
// certificate, or errNoCertificate for an empty value.
func parseChain(value string) ([]*x509.Certificate, error) {
	if value == "" {
		return nil, errNoCertificate
	}
	if len(value) > maxHeaderBytes {
		return nil, fmt.Errorf("mtls: a header of %d bytes; the limit is %d", len(value), maxHeaderBytes)
	}
	text, err := url.PathUnescape(value) // QueryUnescape would make a space of every "+" in the base64
	if err != nil {
		return nil, fmt.Errorf("mtls: %w", err)
	}
	var chain []*x509.Certificate
	for text != "" {
		if len(chain) == maxCertificates {
			return nil, fmt.Errorf("mtls: more than %d certificates", maxCertificates)
		}
		var der []byte
		if der, text, err = cutCertificate(text); err != nil {
			return nil, err
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, fmt.Errorf("mtls: certificate %d: %w", len(chain)+1, err)
		}
		if key, ok := cert.PublicKey.(*rsa.PublicKey); ok && (key.N.BitLen() > maxRSABits || key.E > maxRSAExponent) {
			return nil, fmt.Errorf("mtls: certificate %d has an RSA key of %d bits, exponent %d", len(chain)+1, key.N.BitLen(), key.E)
		}
		chain = append(chain, cert)
	}
	return chain, nil
}

// cutCertificate cuts one certificate off the front of text, which has to begin with it. Package encoding/pem is more patient: it
// passes over what it cannot read, and would take the certificate behind a spoilt leaf for the client's.
func cutCertificate(text string) (der []byte, rest string, err error) {
	body, begun := strings.CutPrefix(text, "-----BEGIN CERTIFICATE-----")
	body, rest, ended := strings.Cut(body, "-----END CERTIFICATE-----")
	if !begun || !ended {
		return nil, "", errors.New("mtls: the header is not a row of PEM certificates and nothing else")
	}
	if der, err = base64.StdEncoding.DecodeString(body); err != nil { // it ignores newlines
		return nil, "", fmt.Errorf("mtls: %w", err)
	}
	return der, strings.TrimLeft(rest, "\r\n"), nil
}
