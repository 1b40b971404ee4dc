package router

import (
	"fmt"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/alb"
)

// Start serves h until the process is told to end. Call it last in main.
//
// On Lambda it serves the events of an Application Load Balancer, through [alb.NewHandler].
//
// Elsewhere it serves HTTP through a local load balancer, package balancer, so that every request and response crosses the same
// conversion and the same rules as in production. Two variables of the environment set it up: PORT (8080) and
// ALB_MULTI_VALUE_HEADERS (false), the target group's header mode. It prints where it listens, a line for each request, and a
// line for whatever a real load balancer would refuse or drop, with the remedy; what net/http's server refuses by itself, such as a bad
// escape in the path, has neither. It ends on SIGINT and SIGTERM.
// A binary built with -tags lambda.norpc has no local load balancer; started outside Lambda it says so and exits with status 1.
func Start(h http.Handler, opts ...Option) {
	var c config
	for _, opt := range opts {
		opt.apply(&c)
	}
	function := alb.NewHandler(h, c.handler...)
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		lambda.StartWithOptions(function, c.lambda...)
		return
	}
	if err := serveLocal(function, c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
