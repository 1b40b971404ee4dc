package middleware

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// StripPrefix removes a prefix from the request's path, for a listener rule that forwards /api/* as it is: "/api" makes "/" of
// "/api" and "/x" of "/api/x". A request without the prefix is answered 404, and that includes "/apix" and "/api%2Fx": the prefix
// is whole segments of the path as it was sent, in any spelling, so that "/%61pi/x" has it.
//
// The prefix is written unescaped, with a leading slash and without a trailing one. StripPrefix panics if it is not.
//
// It belongs before routing. RequestURI stays as it was, for logs and signatures. Redirects, links and cookie paths have to name
// the prefix again. A health check comes with the path that the target group has for it: put [HealthCheck] before. The transform
// url-rewrite of a listener rule does the same without a function.
func StripPrefix(prefix string) func(http.Handler) http.Handler {
	if !strings.HasPrefix(prefix, "/") || prefix == "/" || path.Clean(prefix) != prefix || strings.ContainsAny(prefix, "%?#*") {
		panic(fmt.Sprintf("middleware: StripPrefix was given %q; write whole segments such as /api, unescaped, without a trailing slash", prefix))
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			u, ok := cutPrefix(r.URL, prefix)
			if !ok {
				problem.Write(w, r, problem.NotFound("There is nothing at this path."))
				return
			}
			inner := r.WithContext(r.Context()) // the caller's request is not ours to change
			inner.URL = u
			next.ServeHTTP(w, inner)
			r.Pattern = inner.Pattern // for logs
		})
	}
}

// cutPrefix returns u without the prefix, and whether u had it. The path is never empty.
func cutPrefix(u *url.URL, prefix string) (*url.URL, bool) {
	escaped := u.Path
	if u.RawPath != "" {
		escaped = u.EscapedPath()
	}
	head, tail := cutSegments(escaped, strings.Count(prefix, "/"))
	if u.RawPath != "" {
		head, _ = url.PathUnescape(head) // what EscapedPath returns is well-formed
	}
	if head != prefix {
		return nil, false
	}
	stripped := *u
	stripped.Path, stripped.RawPath = u.Path[len(prefix):], ""
	if stripped.Path == "" {
		stripped.Path = "/"
	} else if u.RawPath != "" && stripped.EscapedPath() != tail {
		stripped.RawPath = tail
	}
	return &stripped, true
}

// cutSegments cuts a path behind its first n segments, before the slash.
func cutSegments(path string, n int) (head, tail string) {
	for i := range len(path) {
		if path[i] != '/' {
			continue
		}
		if n == 0 {
			return path[:i], path[i:]
		}
		n--
	}
	return path, ""
}
