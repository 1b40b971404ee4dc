package mtls_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware/mtls"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

// whoami tells what a handler knows: whose certificate it is, the chain to the root, and which headers are left.
var whoami = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	who := "nobody"
	if cert, ok := mtls.CertificateFromContext(r.Context()); ok {
		who = cert.Subject.CommonName
		for _, above := range mtls.ChainFromContext(r.Context())[1:] {
			who += " < " + above.Subject.CommonName
		}
	}
	io.WriteString(w, who)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if strings.HasPrefix(name, "X-Amzn-Mtls") || strings.HasPrefix(name, "X-Secret") {
			io.WriteString(w, "; "+name)
		}
	}
})

const (
	refused  = `{"title":"Forbidden","status":403,"detail":"The client certificate is not accepted."}`
	required = `{"title":"Forbidden","status":403,"detail":"A client certificate is required."}`
)

// expect sends a request with these header lines to whoami behind a middleware, through a load balancer in both header modes and
// to net/http's server. The observer is to see the cause of a refusal, "" for none.
func expect(t *testing.T, middleware func(http.Handler) http.Handler, header http.Header, want, cause string) {
	t.Helper()
	var seen error
	guarded := middleware(whoami)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before := len(r.Header)
		guarded.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = err })))
		if len(r.Header) != before {
			t.Errorf("the header of the caller has %d fields, had %d", len(r.Header), before)
		}
	})
	check := func(side string, res *http.Response) {
		t.Helper()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Error(err)
		}
		status := http.StatusOK
		if want == refused || want == required {
			status = http.StatusForbidden
		}
		if res.StatusCode != status || string(body) != want {
			t.Errorf("%s: got %d %s, want %d %s; cause: %v", side, res.StatusCode, body, status, want, seen)
		}
		if got := fmt.Sprint(seen); cause == "" && seen != nil || !strings.Contains(got, cause) {
			t.Errorf("%s: the observer saw %s, want %q", side, got, cause)
		}
		seen = nil
	}
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		maps.Copy(r.Header, header)
		check(mode.String(), albtest.Do(t, h, r, mode))
	}
	srv := httptest.NewServer(h)
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	maps.Copy(r.Header, header)
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	check("net/http", res)
}

func TestNotInTheChain(t *testing.T) {
	if cert, ok := mtls.CertificateFromContext(t.Context()); ok || cert != nil {
		t.Errorf("got %v, %v", cert, ok)
	}
	if chain := mtls.ChainFromContext(t.Context()); chain != nil {
		t.Errorf("got %v", chain)
	}
}
