package mtls

import (
	"context"
	"crypto/x509"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/albatross-go/albatross/router/problem"
)

// CertificateFromContext returns the client's certificate, or false if [Optional] let the request through without one, or neither
// [Passthrough] nor [VerifiedByALB] is in the chain. Do not modify it.
func CertificateFromContext(ctx context.Context) (*x509.Certificate, bool) {
	chain := ChainFromContext(ctx)
	if len(chain) == 0 {
		return nil, false
	}
	return chain[0], true
}

// ChainFromContext returns the client's certificate, followed by those that lead from it to one of the roots given to
// [Passthrough], which is the last. If there are several ways, it is one of them. After [VerifiedByALB] the client's certificate is
// alone: the load balancer passes on no other. It is nil where [CertificateFromContext] returns false. Do not modify it.
func ChainFromContext(ctx context.Context) []*x509.Certificate {
	chain, _ := ctx.Value(chainKey{}).([]*x509.Certificate)
	return chain
}

type chainKey struct{}

// errNoCertificate is the one error that Optional forgives.
var errNoCertificate = errors.New("mtls: no certificate")

// middleware puts the chain that read finds in a request's header into the context. Without an error the chain is not empty.
func (c *config) middleware(read func(http.Header) ([]*x509.Certificate, error)) func(http.Handler) http.Handler {
	defaults := defaultNames()
	hidden := append(c.names.all(), defaults.all()...) // from handlers
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			chain, err := read(r.Header)
			switch {
			case err == nil:
				r = r.WithContext(context.WithValue(r.Context(), chainKey{}, chain))
			case !errors.Is(err, errNoCertificate):
				problem.Write(w, r, problem.Wrap(err, http.StatusForbidden, "The client certificate is not accepted."))
				return
			case !c.optional:
				problem.Write(w, r, problem.Wrap(err, http.StatusForbidden, "A client certificate is required."))
				return
			}
			next.ServeHTTP(w, without(r, hidden))
		})
	}
}

// without takes headers out of a request. It changes a copy: what stands before this middleware, as a logger does, keeps them all.
func without(r *http.Request, names []string) *http.Request {
	isSet := func(name string) bool { return r.Header[name] != nil }
	if !slices.ContainsFunc(names, isSet) {
		return r
	}
	r = r.WithContext(r.Context())
	r.Header = maps.Clone(r.Header)
	for _, name := range names {
		delete(r.Header, name)
	}
	return r
}

// last returns the line that the load balancer wrote: those before it are the client's.
func last(h http.Header, name string) string {
	lines := h[name]
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}
