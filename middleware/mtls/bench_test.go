package mtls_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/middleware/mtls"
)

func BenchmarkPassthrough(b *testing.B) {
	root := newAuthority(b, "root", nil)
	sub := newAuthority(b, "sub", root)
	h := mtls.Passthrough(pool(root.cert))(nothing)
	benchmark(b, h, http.Header{name: {escape(sub.issue(b, "client", nil), sub.cert)}})
}

func BenchmarkVerifiedByALB(b *testing.B) {
	h := mtls.VerifiedByALB()(nothing)
	benchmark(b, h, verifyMode(newAuthority(b, "root", nil).issue(b, "client", nil)))
}

func BenchmarkOptional(b *testing.B) {
	h := mtls.Passthrough(pool(newAuthority(b, "root", nil).cert), mtls.Optional())(nothing)
	benchmark(b, h, nil)
}

// A request without a certificate is let through as it is.
func TestOptionalAllocatesNothing(t *testing.T) {
	h := mtls.Passthrough(pool(newAuthority(t, "root", nil).cert), mtls.Optional())(nothing)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

var nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

func benchmark(b *testing.B, h http.Handler, header http.Header) {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header = header
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		b.Fatal(w.Body)
	}
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
