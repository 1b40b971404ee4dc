package main

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

// Limiter decides how often a client may ask. Implement it on a store that all environments share where the limit has to be exact.
type Limiter interface {
	// Take counts a request of the client, and returns 0. Where that is one too many it counts nothing, and returns how long the
	// client has to wait.
	Take(ctx context.Context, client netip.Prefix) (wait time.Duration, err error)
}

// rateLimit answers 429 to clients that ask too often. While the limiter fails, requests pass: a limit protects the service, and
// should not be what stops it.
func rateLimit(l Limiter) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			wait, err := l.Take(r.Context(), clientOf(r))
			if err != nil {
				middleware.AddFields(r.Context(), zap.NamedError("rate_limit_error", err))
			}
			if err == nil && wait > 0 {
				p := problem.TooManyRequests("You ask too often. Wait as long as Retry-After says.")
				seconds := (wait + time.Second - 1) / time.Second // whole ones, RFC 9110 section 10.2.3
				p.Header = http.Header{"Retry-After": {strconv.Itoa(int(seconds))}}
				problem.Write(w, r, p)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// clientOf is an IPv4 address, or the /64 of an IPv6 address: whoever has one of those has all of its addresses. Clients without
// an address, as behind a load balancer that removes X-Forwarded-For, share the zero Prefix.
func clientOf(r *http.Request) netip.Prefix {
	addr := middleware.ClientIPFromContext(r.Context())
	client, err := addr.Prefix(min(addr.BitLen(), 64))
	if err != nil {
		return netip.Prefix{}
	}
	return client
}
