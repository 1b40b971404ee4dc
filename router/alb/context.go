package alb

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// Event tells what an [http.Request] cannot: which target group asked, and how.
type Event struct {
	TargetGroupARN    string // who asked, as the event says; some local tools leave it empty
	MultiValueHeaders bool   // the target group's header mode

	invocation *invocation
}

type eventKey struct{}

// FromContext returns the event that the request of this context came in.
// It reports false outside [Handler.Invoke], as on a plain HTTP server.
func FromContext(ctx context.Context) (Event, bool) {
	ev, ok := ctx.Value(eventKey{}).(Event)
	return ev, ok
}

// JSON returns a copy of the event as the load balancer sent it, for logs and debugging. It holds every header, Authorization
// and Cookie included. It is nil once the invocation has ended.
func (e Event) JSON() []byte {
	if e.invocation == nil {
		return nil
	}
	e.invocation.mu.Lock()
	payload := bytes.Clone(e.invocation.payload)
	e.invocation.mu.Unlock()
	return payload
}

// IsHealthCheck reports whether r is a target group's health check: an "ELB-HealthChecker/" user agent, and neither Host nor
// X-Forwarded-For nor X-Amzn-Trace-Id. The last the load balancer adds to every client's request, whatever its listener does with the
// others.
//
// It is for Lambda targets. Health checks of instance and IP targets carry a Host.
//
// Source: Elastic Load Balancing guide, "Health checks for Application Load Balancer target groups", Lambda.
func IsHealthCheck(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("User-Agent"), "ELB-HealthChecker/") &&
		r.Host == "" && len(r.Header["X-Forwarded-For"]) == 0 && len(r.Header["X-Amzn-Trace-Id"]) == 0
}

// Value returns what is known of the event, or a value of the Lambda runtime's context.
func (inv *invocation) Value(key any) any {
	switch key {
	case eventKey{}:
		return inv.event
	case problem.ObserverKey{}:
		return inv.observe
	case http.ServerContextKey:
		// Handlers ask whether a server is there to stop an aborted response, as httputil.ReverseProxy does. It is this one: a
		// value of type *http.Server would link the server that is not used.
		return inv.handler
	}
	inv.mu.Lock()
	child := inv.child
	inv.mu.Unlock()
	if child != nil {
		return child.Value(key) // package context finds its own child here, and needs no goroutine for it
	}
	return inv.Context.Value(key)
}

// observe sees the problems that the handler answers. Those that are the client's fault are no matter for the error log.
func (inv *invocation) observe(err error) {
	d := problem.From(err)
	if p, ok := d.Unwrap().(*PanicError); ok { //nolint:errorlint // as middleware wraps it; its stack is to be shown
		err = p
	}
	if d.Status < 400 || d.Status >= 500 { // what is no error status is answered as 500
		inv.report(err)
	}
}

// report tells the error log, and which request it was.
func (inv *invocation) report(err error) {
	inv.handler.report(inv, fmt.Errorf("alb: %s: %w", inv.describe(), err))
}

func (inv *invocation) reportf(format string, args ...any) {
	inv.report(fmt.Errorf(format, args...))
}

// Done is closed when the Lambda runtime's context is, and when the invocation ends.
func (inv *invocation) Done() <-chan struct{} {
	inv.mu.Lock()
	if inv.child == nil {
		inv.child, inv.endChild = context.WithCancel(inv.Context)
		if inv.ended {
			inv.endChild()
		}
	}
	child := inv.child
	inv.mu.Unlock()
	return child.Done()
}

// Err tells why Done is closed.
func (inv *invocation) Err() error {
	inv.mu.Lock()
	ctx, ended := inv.child, inv.ended
	inv.mu.Unlock()
	if ctx == nil {
		if ctx = inv.Context; ended {
			return context.Canceled
		}
	}
	return ctx.Err()
}
