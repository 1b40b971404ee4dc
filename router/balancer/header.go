package balancer

import (
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// header is the event's header: what the client sent, in lower case and sorted, and after it what the
// load balancer adds. net/http keeps neither the order of the names nor the Host line with the rest.
func (b *Balancer) header(r *http.Request, authority string) fields {
	var f fields
	lines := make(map[string][]string, len(r.Header)+2)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		lower := strings.ToLower(name)
		lines[lower] = append(lines[lower], r.Header[name]...)
	}
	delete(lines, "transfer-encoding")
	delete(lines, "host")
	if host := b.host(r, authority); host != "" {
		lines["host"] = []string{host}
	}
	if _, ok := lines["content-length"]; !ok && r.ContentLength > 0 && r.Body != nil {
		lines["content-length"] = []string{strconv.FormatInt(r.ContentLength, 10)}
	}
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		if !b.dropInvalid || plainName(name) {
			f.add(name, lines[name]...)
		}
	}
	b.addForwarded(&f, r)
	b.addTraceID(&f, r)
	b.addCertificate(&f, r)
	b.addLogin(&f)
	return f
}

// plainName is what routing.http.drop_invalid_header_fields.enabled lets through.
func plainName(name string) bool {
	for _, c := range []byte(name) {
		if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// host is the Host header with the port that the function is to see; "" if the client sent none.
// ELB guide: "Application Load Balancers", host header preservation.
func (b *Balancer) host(r *http.Request, authority string) string {
	host := clientHost(r)
	if b.preserveHost {
		return host
	}
	if authority != "" {
		host = authority[strings.LastIndexByte(authority, '@')+1:]
	}
	if host == "" {
		return ""
	}
	name, port := splitHost(host)
	switch listener := listenerPort(r); {
	case listener == "80" || listener == "443":
		return name
	case port == "":
		return name + ":" + listener
	}
	return host
}

func clientHost(r *http.Request) string {
	if r.Host == "" && r.RequestURI == "" && r.URL != nil {
		return r.URL.Host
	}
	return r.Host
}

// splitHost splits "name:port"; the brackets around an IPv6 address stay.
func splitHost(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || i < strings.LastIndexByte(host, ']') {
		return host, ""
	}
	return host[:i], host[i+1:]
}

// listenerPort is the port that the client connected to.
func listenerPort(r *http.Request) string {
	if addr, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if _, port, err := net.SplitHostPort(addr.String()); err == nil {
			return port
		}
	}
	if r.TLS != nil {
		return "443"
	}
	return "80"
}

// headerSize is the number of bytes that the header takes on the wire, and in its longest line.
func headerSize(h http.Header) (total, longest int) {
	for name, values := range h {
		for _, v := range values {
			n := len(name) + len(": ") + len(v) + len("\r\n")
			total += n
			longest = max(longest, n)
		}
	}
	return total, longest
}

// requestHeaderSize is headerSize with the Host line that net/http took out.
func requestHeaderSize(r *http.Request) (total, longest int) {
	total, longest = headerSize(r.Header)
	if host := clientHost(r); host != "" {
		n := len("Host: ") + len(host) + len("\r\n")
		total, longest = total+n, max(longest, n)
	}
	return total, longest
}

// validName reports whether name is a token (RFC 9110, 5.6.2).
func validName(name string) bool {
	for _, c := range []byte(name) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return name != ""
}

// validValue reports whether value has no control character but tabs (RFC 9110, 5.5).
func validValue(value string) bool {
	for _, c := range []byte(value) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
