// Anywhere is one router with three fronts. ALBATROSS_FRONT, a variable of this program, chooses between them:
//
//   - alb, the default, is router.Start: a load balancer's events on Lambda, the local load balancer elsewhere.
//   - url serves the events of a function URL, through aws-lambda-go's lambdaurl. It takes the invoke mode RESPONSE_STREAM.
//   - server is a plain HTTP server on PORT (8080), for ECS or EC2 behind the same load balancer.
//
// So a service can start as a function, and move where there is no limit of 1 MB, without a change to its handlers:
//
//	go run ./examples/anywhere
//	ALBATROSS_FRONT=server go run ./examples/anywhere
//	curl -H 'X-Forwarded-For: 203.0.113.9' localhost:8080/
//
// The second answers the forged address, because no load balancer stands in front of it.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	if err := start(os.Getenv("ALBATROSS_FRONT"), newHandler(middleware.NewLogger())); err != nil {
		log.Fatal(err)
	}
}

func start(front string, h http.Handler) error {
	switch front {
	case "", "alb":
		router.Start(h)
		return nil
	case "url":
		startFunctionURL(h)
		return nil
	case "server":
		return startServer(h)
	default:
		return fmt.Errorf("anywhere: ALBATROSS_FRONT is %q; set it to alb, url or server, or unset it for alb", front)
	}
}

// newHandler is the same behind all three: each has the client's address in the last entry of X-Forwarded-For, and nothing below
// asks which it is.
//
// Its answers name their type. Where one is missing, package alb and net/http guess it by the first bytes. Lambdaurl can do so only
// as long as nobody has called WriteHeader, as middleware does that holds a response back.
func newHandler(l *zap.Logger) http.Handler {
	r := router.New()
	r.Use(middleware.Defaults(l)...)
	r.Use(middleware.ContentType("text/plain"))
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		client := "unknown"
		if addr := middleware.ClientIPFromContext(r.Context()); addr.IsValid() {
			client = addr.String()
		}
		fmt.Fprintln(w, "you are", client)
	})
	// The health checks of IP and instance targets come with a Host: middleware.Defaults answers only those of Lambda targets.
	r.Get("/health", func(http.ResponseWriter, *http.Request) {})
	return r
}
