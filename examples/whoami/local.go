//go:build !lambda.norpc

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"log"
	"math/big"
	"net/http"
	"time"

	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/balancer"
)

func startLocally() {
	h, opts, err := local()
	if err != nil {
		log.Fatal(err)
	}
	router.Start(h, router.WithBalancerOptions(opts...))
}

// local is the program as it trusts a local load balancer, and that load balancer's options. Its key is made anew each time.
func local() (http.Handler, []balancer.Option, error) {
	login := balancer.WithOIDC(map[string]any{
		"sub":    "8f14e45f-ceea-467f-a9cb-5d2f3c1b7a60",
		"email":  "ann@example.com",
		"groups": []string{"staff", "billing"},
	})
	cert, err := newCertificate()
	if err != nil {
		return nil, nil, err
	}
	h := newHandler(
		oidc.New(login.LoadBalancerARN(), oidc.WithKeys(login.PublicKeys()), oidc.WithIssuer(login.Issuer()), oidc.WithClientID(login.ClientID())),
		mtls.VerifiedByALB(),
	)
	return h, []balancer.Option{login, balancer.WithMutualTLS(balancer.Verify), balancer.WithClientCertificate(cert)}, nil
}

// newCertificate is of a laptop, and good for a day.
func newCertificate() (*x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(0xa1ba7055),
		Subject:      pkix.Name{CommonName: "laptop", Organization: []string{"Example"}},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}
