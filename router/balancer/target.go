package balancer

import (
	"cmp"
	"net/http"
	"strings"
)

// target is a request target in its parts, byte for byte as the client sent them.
type target struct {
	authority string // of the absolute form; else ""
	path      string
	query     string // without the "?"
}

func method(r *http.Request) string { return cmp.Or(r.Method, http.MethodGet) }

// requestTarget is the target in the request line, or the one that a client would write there.
func requestTarget(r *http.Request) string {
	switch {
	case r.RequestURI != "":
		return r.RequestURI
	case r.URL == nil:
		return "/"
	}
	t := cmp.Or(r.URL.EscapedPath(), "/")
	if r.URL.RawQuery != "" || r.URL.ForceQuery {
		t += "?" + r.URL.RawQuery
	}
	return t
}

// parseTarget knows the origin form, the absolute form and the asterisk of OPTIONS (RFC 9112, 3.2).
func parseTarget(r *http.Request) (target, *Refusal) {
	var t target
	raw := requestTarget(r)
	switch m := method(r); {
	case m == http.MethodConnect || m == http.MethodTrace:
		return t, &Refusal{Status: http.StatusMethodNotAllowed,
			Detail: "an ALB refuses the method " + m, Remedy: "use another method"}
	case strings.HasPrefix(raw, "/"):
	case raw == "*" && m == http.MethodOptions:
	default:
		_, rest, ok := strings.Cut(raw, "://")
		end := strings.IndexAny(rest+"/", "/?#")
		if !ok || end == 0 {
			return t, &Refusal{Status: http.StatusBadRequest,
				Detail: "the request target is neither a path nor a URL", Remedy: `begin it with "/"`}
		}
		t.authority = rest[:end]
		if raw = rest[end:]; !strings.HasPrefix(raw, "/") {
			raw = "/" + raw
		}
	}
	t.path, t.query, _ = strings.Cut(raw, "?")
	return t, nil
}

// transform applies the rule's url-rewrite. ELB guide: "Transforms for listener rules".
func (b *Balancer) transform(t target) (target, *Refusal) {
	if b.rewrite == nil {
		return t, nil
	}
	before := t.path
	if t.query != "" {
		before += "?" + t.query
	}
	if !b.rewrite.MatchString(before) {
		return t, nil
	}
	after := b.rewrite.ReplaceAllString(before, b.replacement)
	if !strings.HasPrefix(after, "/") {
		return t, &Refusal{Status: http.StatusInternalServerError,
			Detail: "the URL rewrite made something that is no path", Remedy: `begin the replacement with "/"`}
	}
	t.path, t.query, _ = strings.Cut(after, "?")
	return t, nil
}

// parseQuery splits a query as an ALB does: at each "&", then at the first "="; pairs without a byte
// are skipped and nothing is decoded.
func parseQuery(query string) fields {
	var f fields
	for pair := range strings.SplitSeq(query, "&") {
		if pair != "" {
			name, value, _ := strings.Cut(pair, "=")
			f.add(name, value)
		}
	}
	return f
}
