package alb

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"net/textproto"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// newRequest builds the request that net/http's server would have made. With an error, the request serves to answer it.
func newRequest(ctx context.Context, ev *event) (*http.Request, error) {
	header := newHeader(ev.header)
	host := ""
	if hosts := header["Host"]; len(hosts) > 0 {
		host = hosts[0] // the one that listener rules were matched against
		delete(header, "Host")
	}
	u, requestURI := newURL(ev.path, ev.query)
	r := (&http.Request{
		Method:     ev.method,
		URL:        u,
		RequestURI: requestURI,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     header,
		Host:       host,
		RemoteAddr: remoteAddr(header["X-Forwarded-For"]),
		Body:       http.NoBody,
	}).WithContext(ctx)

	if !isToken(ev.method) {
		return r, problem.BadRequest("The request has no valid method.")
	}
	if u.Path == "*" && ev.method != http.MethodOptions {
		return r, problem.BadRequest("The request target * is for OPTIONS alone.")
	}
	return r, setBody(r, ev)
}

func setBody(r *http.Request, ev *event) error {
	content := []byte(ev.body)
	if ev.base64 {
		var err error
		if content, err = base64.StdEncoding.DecodeString(ev.body); err != nil {
			return problem.Wrap(err, http.StatusBadRequest, "The request body is not valid base64.")
		}
	}
	if len(content) > 0 {
		r.ContentLength = int64(len(content))
		r.Body = newBody(content)
	}
	return nil
}

// newHeader canonicalises and merges the event's headers. The names of an event are lower case and unique; where a test event
// has variants of one name, their values are merged in the order of the names.
func newHeader(fields []field) http.Header {
	sorted := slices.SortedStableFunc(slices.Values(fields), func(a, b field) int { return cmp.Compare(a.name, b.name) })
	header := make(http.Header, len(sorted))
	for _, f := range sorted {
		name := textproto.CanonicalMIMEHeaderKey(f.name)
		if hopByHop(name) {
			continue
		}
		header[name] = append(header[name], f.values...)
	}
	for name, values := range header {
		switch {
		case len(values) < 2:
		case name == "Cookie":
			header[name] = []string{strings.Join(values, "; ")} // RFC 9113 section 8.2.3
		case ownedByBalancer(name):
			header[name] = values[len(values)-1:]
		}
	}
	return header
}

// ownedByBalancer reports whether the load balancer sets a header itself. In multi-value mode a line that the client sent under
// that name comes first, so only the last is true. X-Forwarded-For is a list, and stays whole.
func ownedByBalancer(name string) bool {
	return name == "X-Forwarded-Proto" || name == "X-Forwarded-Port" || strings.HasPrefix(name, "X-Amzn-")
}

// hopByHop reports whether a canonical name is a header between neighbours, RFC 9110 section 7.6.1.
func hopByHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Te", "Trailer", "Upgrade":
		return true
	}
	return false
}

// isToken reports whether s is a token, RFC 9110 section 5.6.2: a method or a header's name.
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0
}
