package mtls_test

import (
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/router/albtest"
)

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
