package main

import (
	"net/http"

	"github.com/albatross-go/albatross/router/problem"
)

// maintenance is middleware of this service's own: it lets nobody change anything.
func maintenance(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			next.ServeHTTP(w, r)
		default:
			p := problem.New(http.StatusServiceUnavailable, "The service takes no changes for the moment.")
			p.Header = http.Header{"Retry-After": {"600"}}
			problem.Write(w, r, p)
		}
	})
}
