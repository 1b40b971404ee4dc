// Login is hello for users who are logged in at the load balancer.
package main

import (
	"io"
	"net/http"

	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router"
)

func main() {
	r := router.New()
	r.Use(oidc.New("arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/orders/0123456789abcdef"))
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	router.Start(r)
}
