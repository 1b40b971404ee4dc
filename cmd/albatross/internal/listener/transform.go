package listener

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// maxRewrite is the length of a regular expression or a replacement. API reference: "RewriteConfig".
const maxRewrite = 1024

// A transform rewrites a request before it reaches a target. ELB guide: "Transforms for listener rules".
type transform struct {
	kind    string
	regex   *regexp.Regexp
	replace string
}

func compileTransforms(transforms []Transform, f faults) (out []transform) {
	seen := map[string]bool{}
	for _, t := range transforms {
		f := f.at("transform %s", t.Type)
		config := t.URLRewriteConfig
		switch t.Type {
		case "url-rewrite":
		case "host-header-rewrite":
			config = t.HostHeaderRewriteConfig
		default:
			f.add("the type does not exist; use url-rewrite or host-header-rewrite")
			continue
		}
		if seen[t.Type] {
			f.add("a rule has at most one transform of a kind; join them in one regular expression")
		}
		seen[t.Type] = true
		if config == nil || len(config.Rewrites) != 1 {
			f.add("there must be exactly one rewrite; put a Regex and a Replace into Rewrites")
			continue
		}
		rewrite := config.Rewrites[0]
		if n := len(rewrite.Replace); n > maxRewrite {
			f.add("Replace has %d characters, at most %d are allowed; shorten it", n, maxRewrite)
		}
		if re := compileRegex(rewrite.Regex, maxRewrite, f); re != nil {
			out = append(out, transform{t.Type, re, replacement(rewrite.Replace, re, f)})
		}
	}
	return out
}

// apply returns r as it is when nothing matches.
func (t transform) apply(r *http.Request, q request) (*http.Request, error) {
	if t.kind == "host-header-rewrite" {
		return t.host(r, q)
	}
	before := q.path
	if q.query != "" {
		before += "?" + q.query
	}
	if !t.regex.MatchString(before) {
		return r, nil
	}
	after := t.regex.ReplaceAllString(before, t.replace)
	if !strings.HasPrefix(after, "/") {
		return nil, fmt.Errorf(`the url-rewrite made %q of %q, which is no path; begin the replacement with "/"`, after, before)
	}
	r = r.WithContext(r.Context())
	path, query, _ := strings.Cut(after, "?")
	r.URL = &url.URL{Path: path, RawQuery: query}
	if plain, err := url.PathUnescape(path); err == nil {
		r.URL.Path, r.URL.RawPath = plain, path
	}
	r.RequestURI = after
	return r, nil
}

// host leaves the port of the client's header alone, so that a rewrite works here as on ports 80 and 443.
func (t transform) host(r *http.Request, q request) (*http.Request, error) {
	if !t.regex.MatchString(q.host) {
		return r, nil
	}
	after := t.regex.ReplaceAllString(q.host, t.replace)
	if after == "" || strings.ContainsFunc(after, func(c rune) bool { return c <= ' ' || c > '~' || strings.ContainsRune(`/?#@\`, c) }) {
		return nil, fmt.Errorf("the host-header-rewrite made %q of %q, which is no host; mend the replacement", after, q.host)
	}
	r = r.WithContext(r.Context())
	r.Host = after + q.port
	return r, nil
}
