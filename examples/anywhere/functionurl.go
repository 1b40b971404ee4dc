package main

import (
	"net/http"

	"github.com/aws/aws-lambda-go/lambdaurl"
)

// startFunctionURL serves a function URL's events. Unlike a load balancer's, the response may be longer than 1 MB, and streams.
//
// Lambdaurl adds 66 KB to a bootstrap of 6.6 MB for arm64, and the plain server 393 KB: net/http's, for which Lambda has no use.
// Where that matters, put each front into a file of its own build tag.
func startFunctionURL(h http.Handler) {
	lambdaurl.Start(vouched(h))
}

// vouched puts the address that Lambda vouches for where a load balancer would have put it, in place of what the client may have
// written there. Lambdaurl has it, the event's sourceIp, as RemoteAddr. With CloudFront before the URL it is one of CloudFront's.
func vouched(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Forwarded-For", r.RemoteAddr)
		next.ServeHTTP(w, r)
	})
}
