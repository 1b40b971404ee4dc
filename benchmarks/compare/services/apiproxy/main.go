// Apiproxy is the service on aws-lambda-go-api-proxy and chi.
package main

import (
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/site"
)

func main() {
	// The adapter leaves RemoteAddr empty. One proxy, the load balancer, stands in front: chi reads the address that it added.
	clientIP := func(r *http.Request) string { return middleware.GetClientIP(r.Context()) }
	handler := site.New(clientIP, middleware.ClientIPFromXFFTrustedProxies(1))
	lambda.Start(httpadapter.NewALB(handler).ProxyWithContext)
}
