// Package router is the front door of Albatross: HTTP routing for AWS Lambda functions behind an Application Load Balancer.
//
//	package main
//
//	import (
//		"fmt"
//		"net/http"
//
//		"github.com/go-chi/chi/v5"
//
//		"github.com/albatross-go/albatross/router"
//		"github.com/albatross-go/albatross/router/problem"
//	)
//
//	func main() {
//		r := router.New()
//		r.Get("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprintf(w, "hello, %s\n", chi.URLParam(r, "name"))
//		})
//		r.Get("/orders/{id}", router.Func(func(w http.ResponseWriter, r *http.Request) error {
//			return problem.NotFound("There is no such order.")
//		}))
//		router.Start(r)
//	}
//
// On Lambda this program serves the load balancer's events. On a laptop, `go run .` serves http://localhost:8080 through a load
// balancer in the same process that behaves as the real one does, failures included, and says why. The router is a plain
// [chi.Mux] and an [http.Handler], so that it also runs on a plain HTTP server behind the same load balancer.
//
// # The path of a request
//
//	Start → alb.Handler.Invoke → decode → newRequest → http.Handler → response
//
// # The packages
//
//	router             New, Start, Func
//	router/alb         the function's side: event → *http.Request, response → JSON
//	router/balancer    the load balancer's side: HTTP → event → function → HTTP; Explain tells why an answer becomes a 502
//	router/albtest     tests through both sides, in the manner of net/http/httptest
//	router/runtimeapi  an emulator of the Lambda Runtime API, which drives a real bootstrap process
//	router/problem     errors as problem details, RFC 9457
//	middleware         the chain for production: client address, trace, log, recovery, timeout and what else it needs
//	binding            typed handlers: values in and out, checked by tags
//	binding/openapi    the OpenAPI document of the routes, from the same tags
//
// Below middleware are compress, metrics, oidc and mtls, each for who imports it.
//
// # Building for production
//
// Build with -tags lambda.norpc, which aws-lambda-go recommends too. It leaves the local load balancer out of the binary.
package router
