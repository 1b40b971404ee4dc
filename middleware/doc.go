// Package middleware has what a production chain behind an Application Load Balancer needs, each part a plain
// func(http.Handler) http.Handler for any router:
//
//	package main
//
//	import (
//		"fmt"
//		"net/http"
//
//		"github.com/albatross-go/albatross/middleware"
//		"github.com/albatross-go/albatross/router"
//	)
//
//	func main() {
//		r := router.New()
//		r.Use(middleware.Defaults(middleware.NewLogger())...)
//		r.Get("/whatismyip", func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprintln(w, middleware.ClientIPFromContext(r.Context()))
//		})
//		router.Start(r)
//	}
//
// [Defaults] is the recommended chain and says why it has that order. The parts, outermost first, what each reads of a request and
// writes, and where it belongs:
//
//	part                reads                        writes                            belongs
//	AllowTargetGroups   the event                    403                               outermost
//	StripPrefix         the path                     the path, 404                     outermost, around the router
//	metrics.New         the route, the response      a line                            before HealthCheck
//	CORS                Origin                       response fields, 204              before HealthCheck
//	HealthCheck *       User-Agent, Host, …          200, 503                          before what refuses or logs
//	ClientIP *          X-Forwarded-For              the context                       before Logger
//	TraceID *           X-Amzn-Trace-Id, traceparent the context                       before Logger
//	Logger *            the context, the response    a line, the context               around all that answers
//	SecureHeaders *     X-Forwarded-Proto            response fields                   around Recoverer
//	Recoverer *         the handler's panic          500                               inside Logger
//	Timeout *           the context's deadline       504                               inside Recoverer
//	CSRF                Sec-Fetch-Site, Origin       403                               before handlers with side effects
//	BodyLimit           Content-Length, the body     413                               before what reads the body
//	RequireContentType  Content-Type                 415                               before what reads the body
//	oidc.New            X-Amzn-Oidc-Data             the context, 401, 503             behind HealthCheck and CORS
//	mtls.Passthrough    X-Amzn-Mtls-Clientcert       the context, 403                  behind HealthCheck and CORS
//	compress.New        Accept-Encoding              the body, response fields         around ETag
//	ETag                If-None-Match, the body      ETag, 304                         around CacheControl
//	CacheControl        the response's status        Cache-Control                     around the handler
//	ContentType         the response                 Content-Type                      around the handler
//
// Those with a star are in Defaults. The package links zap and rs/cors where they are used. Compression and metrics are packages
// of their own, so that who does not import them does not link them; so are oidc and mtls, whose decisions rest on how a listener
// is set up.
//
// Errors are answered by package problem: clients are told what they did wrong, and nothing of what went wrong inside. Package
// alb recovers panics and logs errors by itself, so a chain is needed for none of that; it is for one structured line a request,
// and for what should happen before a handler is called.
//
// Middleware of others works in the same chain, as long as it is made for net/http. Of chi's own, take RealIP out: it believes what
// a client sends.
package middleware
