package alb

import (
	"net/url"
	"strings"
)

const upperHex = "0123456789ABCDEF"

// newURL builds a request's URL and its request target from the event's path and query, both of which the load balancer passes
// on as the client sent them, still percent-encoded.
//
// The path is never parsed as a reference: "//host/x" is a path. A query inside it, as a health check's configured path may
// have, goes to the query.
func newURL(path string, query []field) (u *url.URL, requestURI string) {
	path, inPath, _ := strings.Cut(path, "?")
	switch {
	case path == "*":
		return &url.URL{Path: "*"}, "*"
	case !strings.HasPrefix(path, "/"):
		path = "/" + path
	}
	u = new(url.URL)
	u.Path, u.RawPath = splitPath(path)
	u.RawQuery = joinQuery(inPath, query, isQueryByte)
	requestURI = joinQuery(path, nil, isTargetByte)
	if u.RawQuery != "" {
		requestURI += "?" + joinQuery(inPath, query, isTargetByte)
	}
	return u, requestURI
}

// splitPath decodes a path as url.URL keeps it: RawPath only where the default encoding of Path differs.
// A percent sign that begins no escape stands for itself.
func splitPath(escaped string) (path, rawPath string) {
	escaped = escapeStrayPercents(escaped)
	path, err := url.PathUnescape(escaped)
	if err != nil { // every escape is good by now
		path = escaped
	}
	if (&url.URL{Path: path}).EscapedPath() == escaped {
		return path, ""
	}
	return path, escaped
}

// joinQuery restores the query: pairs in the event's order, nothing decoded, nothing escaped twice, only the bytes that are not
// legal.
func joinQuery(inPath string, query []field, legal func(s string, i int) bool) string {
	var b strings.Builder
	escape(&b, inPath, legal, "")
	for _, f := range query {
		for _, value := range f.values {
			if b.Len() > 0 {
				b.WriteByte('&')
			}
			escape(&b, f.name, legal, "&=")
			b.WriteByte('=')
			escape(&b, value, legal, "&")
		}
	}
	return b.String()
}

// escape writes s with the separators and every byte that is not legal percent-encoded.
func escape(b *strings.Builder, s string, legal func(s string, i int) bool, separators string) {
	for i := range len(s) {
		c := s[i]
		if legal(s, i) && strings.IndexByte(separators, c) < 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
}

// isTargetByte reports whether s[i] can stand in a request line as it is: net/http's server takes no other.
func isTargetByte(s string, i int) bool { return s[i] > ' ' && s[i] < 0x7f }

// isQueryByte reports whether s[i] can stand in a query, RFC 3986 section 3.4, or is taken for granted there by browsers. The
// semicolon is legal too, but [url.ParseQuery] refuses it, where it is data to the load balancer.
func isQueryByte(s string, i int) bool {
	switch s[i] {
	case '"', '<', '>', '#', ';':
		return false
	case '%':
		return isEscape(s[i:])
	}
	return isTargetByte(s, i)
}

func escapeStrayPercents(s string) string {
	stray := false
	for i := range len(s) {
		stray = stray || s[i] == '%' && !isEscape(s[i:])
	}
	if !stray {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteByte(s[i])
		if s[i] == '%' && !isEscape(s[i:]) {
			b.WriteString("25")
		}
	}
	return b.String()
}

// isEscape reports whether s, which begins with a percent sign, begins with an escape.
func isEscape(s string) bool {
	return len(s) >= 3 && isHex(s[1]) && isHex(s[2])
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
