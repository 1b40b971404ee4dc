package inspector

import (
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// policy allows the page its own files and nothing else, no script from text, and images that it made itself.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// guardHost refuses a request whose Host is not loopback with the port that it came to. A site that points its own name at
// 127.0.0.1 gets no further.
func guardHost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host, localPort(r)) {
			fail(w, r, http.StatusMisdirectedRequest,
				"the inspector answers to localhost and its own port alone; open it by the address that it printed")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// localPort is that of the listening socket; "" when unknown.
func localPort(r *http.Request) string {
	addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return ""
	}
	_, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return ""
	}
	return port
}

func isLoopback(hostport, port string) bool {
	host, p, err := net.SplitHostPort(hostport)
	if err != nil { // no port: that of http
		host, p = strings.Trim(hostport, "[]"), "80"
	}
	if port == "" || p != port {
		return false
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsLoopback()
}

// guardSite keeps other sites' pages out. Those on another port of this machine count as others.
func guardSite(next http.Handler) http.Handler {
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fail(w, r, http.StatusForbidden, "the call came from another site; use the inspector's own page, or curl")
	})
	forgery := http.NewCrossOriginProtection()
	forgery.SetDenyHandler(refuse)
	protected := forgery.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get("Sec-Fetch-Site") {
		case "", "none", "same-origin":
			protected.ServeHTTP(w, r)
		default:
			refuse.ServeHTTP(w, r)
		}
	})
}

// requireJSON refuses a change in a media type that a form can send.
func requireJSON(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isSafe(r.Method) || isJSON(r.Header.Get("Content-Type")) {
			next.ServeHTTP(w, r)
			return
		}
		fail(w, r, http.StatusUnsupportedMediaType, "a call that changes something needs Content-Type: application/json")
	})
}

func isSafe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && media == "application/json"
}
