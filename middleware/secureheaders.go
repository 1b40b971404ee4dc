package middleware

import (
	"net/http"
	"strings"
)

// SecureHeaders sets the response headers that make browsers careful, in values that break neither an API nor a plain site:
//
//	X-Content-Type-Options: nosniff                          the type is the one that was sent
//	X-Frame-Options: DENY                                    no page shows this one in a frame
//	Referrer-Policy: strict-origin-when-cross-origin         other sites learn the origin, not the path
//	Cross-Origin-Opener-Policy: same-origin-allow-popups     no page that opened this one keeps a hold on it
//	Cross-Origin-Resource-Policy: same-site                  other sites embed nothing; CORS is not affected
//	Strict-Transport-Security: max-age=31536000              for a year, only by HTTPS
//
// They are set before next runs, so that a handler may replace or delete any of them. An image that other sites are to show needs
// Cross-Origin-Resource-Policy: cross-origin, a page that takes part in another site's login popup Cross-Origin-Opener-Policy:
// unsafe-none. What depends on the application is left to it: Content-Security-Policy, Permissions-Policy, Cache-Control.
//
// Strict-Transport-Security is sent only over HTTPS, RFC 6797 section 7.2, which is where X-Forwarded-Proto ends in https, or
// without a load balancer, where the connection has TLS. It does not include subdomains: they are not this function's to decide.
//
// Source: OWASP Cheat Sheet Series, "HTTP Security Response Headers". It differs in two values: OWASP's Cross-Origin-Opener-Policy,
// same-origin, cuts a page off from the login and payment popups it opens, and its Strict-Transport-Security includes subdomains.
// The other common Referrer-Policy, no-referrer, makes browsers send "Origin: null" with the site's own forms (Fetch standard),
// which protections against forged requests may refuse.
func SecureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		values := [...]string{ // of this request alone: a handler may change them in place
			"nosniff",
			"DENY",
			"strict-origin-when-cross-origin",
			"same-origin-allow-popups",
			"same-site",
			"max-age=31536000",
		}
		h := w.Header()
		h["X-Content-Type-Options"] = values[0:1:1]
		h["X-Frame-Options"] = values[1:2:2]
		h["Referrer-Policy"] = values[2:3:3]
		h["Cross-Origin-Opener-Policy"] = values[3:4:4]
		h["Cross-Origin-Resource-Policy"] = values[4:5:5]
		if isHTTPS(r) {
			h["Strict-Transport-Security"] = values[5:6:6]
		}
		next.ServeHTTP(w, r)
	})
}

// isHTTPS reports whether the client came by HTTPS. Of several values of X-Forwarded-Proto the last counts: the load balancer's.
func isHTTPS(r *http.Request) bool {
	values := r.Header["X-Forwarded-Proto"]
	if len(values) == 0 {
		return r.TLS != nil
	}
	last := values[len(values)-1]
	last = last[strings.LastIndexByte(last, ',')+1:]
	return strings.EqualFold(strings.TrimSpace(last), "https")
}
