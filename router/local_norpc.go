//go:build lambda.norpc

package router

import (
	"errors"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// balancerOptions are not kept, so that nothing of package balancer is linked.
type balancerOptions struct{}

func (balancerOptions) addBalancerOptions([]balancer.Option) {}

func serveLocal(*alb.Handler, config) error {
	return errors.New("router: AWS_LAMBDA_RUNTIME_API is not set, so this is not Lambda, and the binary was built with -tags lambda.norpc, " +
		"which leaves the local load balancer out; build it without that tag to run it here")
}
