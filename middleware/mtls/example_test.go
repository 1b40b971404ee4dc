package mtls_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

func Example() {
	// An authority's own certificate stands for the client's here. Yours comes from a file.
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "thermometer"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	certificate, _ := x509.ParseCertificate(der)
	roots := x509.NewCertPool()
	roots.AddCert(certificate)

	r := router.New()
	r.Use(mtls.Passthrough(roots))
	r.Get("/whoami", func(w http.ResponseWriter, r *http.Request) {
		cert, _ := mtls.CertificateFromContext(r.Context())
		fmt.Fprint(w, "hello, ", cert.Subject.CommonName)
	})

	listener := albtest.NewServer(r, balancer.WithMutualTLS(balancer.Passthrough), balancer.WithClientCertificate(certificate))
	defer listener.Close()
	res, err := listener.Client().Get(listener.URL + "/whoami")
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(body))
	// Output: 200 hello, thermometer
}

func ExampleCertificateFromContext() {
	t := new(testing.T) // your test's own
	authority := newAuthority(t, "Example Devices", nil)
	h := mtls.Passthrough(pool(authority.cert), mtls.Optional())(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cert, ok := mtls.CertificateFromContext(r.Context())
		if !ok {
			fmt.Println("no certificate")
			return
		}
		fmt.Println(cert.Subject.CommonName)
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h.ServeHTTP(httptest.NewRecorder(), r)
	r.Header.Set("X-Amzn-Mtls-Clientcert", escape(authority.issue(t, "thermometer", nil)))
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// no certificate
	// thermometer
}

func ExamplePassthrough() {
	t := new(testing.T) // your test's own
	authority := newAuthority(t, "Example Devices", nil)
	roots := x509.NewCertPool()
	roots.AddCert(authority.cert) // or AppendCertsFromPEM

	h := mtls.Passthrough(roots)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cert, _ := mtls.CertificateFromContext(r.Context())
		fmt.Fprintln(w, "hello,", cert.Subject)
	}))

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Mtls-Clientcert", escape(authority.issue(t, "thermometer", nil)))
	res := albtest.Do(t, h, r, albtest.MultiValue)
	_, _ = io.Copy(os.Stdout, res.Body)

	res = albtest.Do(t, h, httptest.NewRequest(http.MethodGet, "/", nil), albtest.MultiValue)
	_, _ = io.Copy(os.Stdout, res.Body)
	// Output:
	// hello, CN=thermometer,O=Albatross\, Inc
	// {"title":"Forbidden","status":403,"detail":"A client certificate is required."}
}

func ExampleVerifiedByALB() {
	t := new(testing.T)
	h := mtls.VerifiedByALB()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cert, _ := mtls.CertificateFromContext(r.Context())
		fmt.Fprintf(w, "serial number %X\n", cert.SerialNumber)
	}))

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = verifyMode(newAuthority(t, "Example Devices", nil).issue(t, "thermometer", nil))
	res := albtest.Do(t, h, r, albtest.SingleValue)
	_, _ = io.Copy(os.Stdout, res.Body)
	// Output: serial number 3A5B1
}

func ExampleOptional() {
	authority := newAuthority(new(testing.T), "Example Devices", nil)
	h := mtls.Passthrough(pool(authority.cert), mtls.Optional())(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cert, ok := mtls.CertificateFromContext(r.Context()); ok {
			fmt.Fprintln(w, "hello,", cert.Subject.CommonName)
			return
		}
		fmt.Fprintln(w, "hello, whoever you are")
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Print(rec.Body)
	// Output: hello, whoever you are
}

func ExampleChainFromContext() {
	t := new(testing.T)
	root := newAuthority(t, "Example Root", nil)
	devices := newAuthority(t, "Example Devices", root)
	h := mtls.Passthrough(pool(root.cert))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, cert := range mtls.ChainFromContext(r.Context()) {
			fmt.Fprintln(w, cert.Subject.CommonName)
		}
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Mtls-Clientcert", escape(devices.issue(t, "thermometer", nil), devices.cert))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Print(rec.Body)
	// Output:
	// thermometer
	// Example Devices
	// Example Root
}

func ExampleWithHeaderNames() {
	// The listener's attribute routing.http.request.x_amzn_mtls_clientcert.header_name has the same value.
	authority := newAuthority(new(testing.T), "Example Devices", nil)
	accept := mtls.Passthrough(pool(authority.cert), mtls.WithHeaderNames(mtls.HeaderNames{Chain: "X-Client-Chain"}))
	h := accept(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cert, _ := mtls.CertificateFromContext(r.Context())
		fmt.Fprintln(w, cert.Subject.CommonName)
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Client-Chain", escape(authority.issue(new(testing.T), "thermometer", nil)))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Print(rec.Body)
	// Output: thermometer
}

func ExampleWithKeyUsages() {
	authority := newAuthority(new(testing.T), "Example Services", nil)
	services := mtls.WithKeyUsages(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth) // one of the two
	h := mtls.Passthrough(pool(authority.cert), services)(whoami)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Mtls-Clientcert", escape(authority.issue(new(testing.T), "billing", func(c *x509.Certificate) {
		c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	})))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Body)
	// Output: billing < Example Services
}
