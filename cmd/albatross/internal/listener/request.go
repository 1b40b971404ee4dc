package listener

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// A request is what conditions and redirects look at, byte for byte as the client sent it.
type request struct {
	*http.Request
	path  string
	query string // without the "?"
	host  string // without the port
	port  string // of the host, with the ":"; or ""
}

func newRequest(r *http.Request) request {
	q := request{Request: r}
	target := r.RequestURI
	if target == "" {
		target = cmp.Or(r.URL.EscapedPath(), "/")
		if r.URL.RawQuery != "" {
			target += "?" + r.URL.RawQuery
		}
	}
	if !strings.HasPrefix(target, "/") { // the absolute form, or the asterisk of OPTIONS
		if _, rest, ok := strings.Cut(target, "://"); ok {
			target = rest[min(len(rest), strings.IndexAny(rest+"/", "/?")):]
			if !strings.HasPrefix(target, "/") {
				target = "/" + target
			}
		}
	}
	q.path, q.query, _ = strings.Cut(target, "?")
	q.host = r.Host
	if i := strings.LastIndexByte(r.Host, ':'); i > strings.LastIndexByte(r.Host, ']') {
		q.host, q.port = r.Host[:i], r.Host[i:]
	}
	return q
}

// client is the address of the connection's other end.
func (q request) client() netip.Addr {
	if ap, err := netip.ParseAddrPort(q.RemoteAddr); err == nil {
		return ap.Addr().Unmap()
	}
	addr, _ := netip.ParseAddr(q.RemoteAddr)
	return addr.Unmap()
}

func (q request) protocol() string {
	if q.TLS != nil {
		return "https"
	}
	return "http"
}

// listenerPort is the port that the client connected to.
func (q request) listenerPort() string {
	if addr, ok := q.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if _, port, err := net.SplitHostPort(addr.String()); err == nil {
			return port
		}
	}
	if q.TLS != nil {
		return "443"
	}
	return "80"
}
