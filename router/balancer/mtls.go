package balancer

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// addCertificate adds the client's certificate.
// ELB guide: "Mutual authentication with TLS in Application Load Balancer", HTTP headers.
func (b *Balancer) addCertificate(f *fields, r *http.Request) {
	chain := b.clientCertificates(r)
	if len(chain) == 0 {
		return
	}
	const name = "x-amzn-mtls-clientcert"
	if b.mutualTLS == Passthrough {
		f.add(name, escapePEM(chain))
		return
	}
	leaf := chain[0]
	serial := fmt.Sprintf("%X", leaf.SerialNumber)
	if len(serial)%2 == 1 {
		serial = "0" + serial
	}
	f.add(name+"-serial-number", serial)
	f.add(name+"-issuer", leaf.Issuer.String())
	f.add(name+"-subject", leaf.Subject.String())
	f.add(name+"-validity", "NotBefore="+leaf.NotBefore.UTC().Format(time.RFC3339)+
		";NotAfter="+leaf.NotAfter.UTC().Format(time.RFC3339))
	f.add(name+"-leaf", escapePEM([]*x509.Certificate{leaf}))
}

// clientCertificates is the chain that the client showed, if the listener asked for one.
func (b *Balancer) clientCertificates(r *http.Request) []*x509.Certificate {
	switch {
	case b.certificates != nil:
		return b.certificates
	case b.mutualTLS != 0 && r.TLS != nil:
		return r.TLS.PeerCertificates
	}
	return nil
}

// escapePEM percent-encodes the chain's PEM text, but leaves "+", "=" and "/" as they are.
func escapePEM(chain []*x509.Certificate) string {
	var s strings.Builder
	for _, cert := range chain {
		for _, c := range pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}) {
			switch {
			case c >= '0' && c <= '9', c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', strings.IndexByte("-._~+=/", c) >= 0:
				s.WriteByte(c)
			default:
				fmt.Fprintf(&s, "%%%02X", c)
			}
		}
	}
	return s.String()
}
