package middleware

import (
	"net/http"

	"github.com/albatross-go/albatross/router/problem"
)

// CSRF answers 403 to requests that a browser sends on behalf of another site, unless their method is GET, HEAD or OPTIONS.
// [http.CrossOriginProtection] decides; it also has the origins and patterns that are exempt. A nil p has none. The deny handler of
// p is not called, and p is not changed; what is added to it later counts.
//
// The observer learns which check failed.
//
// Safe only when no request of those three methods changes anything. Behind a load balancer one more thing matters: browsers send
// Sec-Fetch-Site to HTTPS sites only, so on an HTTP listener the Origin is compared with the Host alone. A rule whose transform
// rewrites the host breaks that comparison; add the site's own origin with AddTrustedOrigin.
func CSRF(p *http.CrossOriginProtection) func(http.Handler) http.Handler {
	if p == nil {
		p = http.NewCrossOriginProtection()
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := p.Check(r); err != nil {
				problem.Write(w, r, problem.Wrap(err, http.StatusForbidden, "The request comes from another site."))
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
