package alb

import (
	"context"
	"fmt"
)

// Option changes what [NewHandler] returns.
type Option interface{ apply(c *config) }

type config struct {
	maxResponseBytes  int
	errorLog          func(context.Context, error)
	setCookieVariants bool
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

func defaults() config {
	return config{maxResponseBytes: 1 << 20, setCookieVariants: true}
}

// WithMaxResponseBytes sets how long the response may be as JSON, headers and base64 included. A longer one is answered as a
// 500 that names its size. The default is 1,048,576 bytes, beyond which the load balancer answers a bare 502.
// It panics if n is not positive.
func WithMaxResponseBytes(n int) Option {
	if n <= 0 {
		panic(fmt.Sprintf("alb: WithMaxResponseBytes(%d); the limit must be positive, and is 1<<20 without the option", n))
	}
	return option(func(c *config) { c.maxResponseBytes = n })
}

// WithErrorLog sets where errors go that the client must not see: panics (errors.As finds a [*PanicError]), oversized responses,
// causes of 5xx problems, response headers that were dropped. The default is the standard logger. The context is the request's.
// The function must not panic: outside of the handler nothing recovers it.
func WithErrorLog(f func(context.Context, error)) Option {
	return option(func(c *config) { c.errorLog = f })
}

// WithSetCookieVariants chooses what happens to several Set-Cookie fields in single-value mode, where a header has one value.
// If on, each is sent under its own case variant of the name ("Set-Cookie", "sEt-Cookie"), which load balancers pass on as so
// many fields, though AWS does not promise it. If off, the last is sent and the others are lost. The default is on.
func WithSetCookieVariants(on bool) Option {
	return option(func(c *config) { c.setCookieVariants = on })
}
