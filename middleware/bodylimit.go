package middleware

import (
	"fmt"
	"net/http"

	"github.com/albatross-go/albatross/router/problem"
)

// BodyLimit refuses request bodies of more than n bytes; with 0, any body.
//
// A request whose Content-Length says more is answered 413 before the handler runs. Of any other, the handler can read n bytes, and
// then gets a [*http.MaxBytesError], which [problem.Write] answers with 413 too. So the limit holds for a body whose length is not
// known beforehand, and for one that a middleware further out has unpacked, but only as far as the handler returns its read errors.
//
// A load balancer refuses more than 1 MB for a Lambda function itself. Source: Elastic Load Balancing guide, "Use Lambda functions
// as targets of an Application Load Balancer", Limits.
//
// BodyLimit panics if n is negative.
func BodyLimit(n int64) func(http.Handler) http.Handler {
	if n < 0 {
		panic(fmt.Sprintf("middleware: BodyLimit was given %d; give a number of bytes, or 0 to allow no body", n))
	}
	tooLarge := &http.MaxBytesError{Limit: n}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.ContentLength > n:
				problem.Write(w, r, tooLarge)
			case r.Body == nil || r.Body == http.NoBody:
				next.ServeHTTP(w, r)
			default:
				inner := r.WithContext(r.Context()) // the caller's request is not ours to change
				inner.Body = http.MaxBytesReader(w, r.Body, n)
				defer handBack(r, inner)
				next.ServeHTTP(w, inner)
			}
		})
	}
}
