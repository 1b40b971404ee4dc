package middleware

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// StripPrefix removes a prefix from the request's path, for a listener rule that forwards /api/* as it is: "/api" makes "/" of
// "/api" and "/x" of "/api/x". A request without the prefix is answered 404, and that includes "/apix" and "/api%2Fx": the prefix
// is whole segments of the path as it was sent, in any spelling, so that "/%61pi/x" has it.
//
// The prefix is written unescaped, with a leading slash and without a trailing one. StripPrefix panics if it is not.
//
// It belongs around the router, and not in its Use, where part of the routing is done. RequestURI stays as it was, for logs and signatures. Redirects, links and cookie paths have to name
// the prefix again. A health check, as [alb.IsHealthCheck] tells it, passes as it is: its path is the target group's and not a rule's.
// The transform url-rewrite of a listener rule does the same without a function.
func StripPrefix(prefix string) func(http.Handler) http.Handler {
	if !strings.HasPrefix(prefix, "/") || prefix == "/" || path.Clean(prefix) != prefix || strings.ContainsAny(prefix, "%?#*") {
		panic(fmt.Sprintf("middleware: StripPrefix was given %q; write whole segments such as /api, unescaped, without a trailing slash", prefix))
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			u, ok := cutPrefix(r.URL, prefix)
			if !ok {
				if alb.IsHealthCheck(r) {
					next.ServeHTTP(w, r)
					return
				}
				problem.Write(w, r, problem.NotFound("There is nothing at this path."))
				return
			}
			inner := r.WithContext(r.Context()) // the caller's request is not ours to change
			inner.URL = u
			defer handBack(r, inner)
			next.ServeHTTP(w, inner)
		})
	}
}

// handBack gives the request what a handler has done to a copy of it: the pattern is for logs, the files of the form are for net/http to
// remove.
func handBack(r, inner *http.Request) {
	r.Pattern, r.MultipartForm = inner.Pattern, inner.MultipartForm
}

// cutPrefix returns u without the prefix, and whether u had it. The path is never empty.
func cutPrefix(u *url.URL, prefix string) (*url.URL, bool) {
	asSent := u.Path // unless it had escapes
	if u.RawPath != "" {
		asSent = u.EscapedPath()
	}
	head, tail := cutSegments(asSent, strings.Count(prefix, "/"))
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
