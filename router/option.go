package router

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// Option changes how [Start] serves.
type Option interface{ apply(c *config) }

type config struct {
	addr    string
	handler []alb.Option
	lambda  []lambda.Option
	balancerOptions
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithAddr sets the address of the local load balancer, as in "localhost:3000". It wins over PORT; without both it is ":8080".
// It has no effect on Lambda.
func WithAddr(addr string) Option {
	return option(func(c *config) { c.addr = addr })
}

// WithHandlerOptions passes options to [alb.NewHandler], on Lambda and off.
func WithHandlerOptions(opts ...alb.Option) Option {
	return option(func(c *config) { c.handler = append(c.handler, opts...) })
}

// WithLambdaOptions passes options to lambda.StartWithOptions: a base context, SIGTERM callbacks. They have no effect off Lambda.
func WithLambdaOptions(opts ...lambda.Option) Option {
	return option(func(c *config) { c.lambda = append(c.lambda, opts...) })
}

// WithBalancerOptions passes options to the local load balancer. They win over the environment and have no effect on Lambda.
func WithBalancerOptions(opts ...balancer.Option) Option {
	return option(func(c *config) { c.addBalancerOptions(opts) })
}
