package alb

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/albatross-go/albatross/router/problem"
)

// Event tells what an [http.Request] cannot: which target group asked, and how.
type Event struct {
	TargetGroupARN    string
	MultiValueHeaders bool // the target group's header mode
	raw               *rawEvent
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
	if e.raw == nil {
		return nil
	}
	return e.raw.copy()
}

// rawEvent lends out the payload for as long as the invocation runs; afterwards its memory belongs to the next.
type rawEvent struct {
	mu      sync.Mutex
	payload []byte
}

func (e *rawEvent) copy() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return bytes.Clone(e.payload)
}

func (e *rawEvent) release() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.payload = nil
}

// IsHealthCheck reports whether r is a target group's health check: an "ELB-HealthChecker/" user agent, and neither Host nor
// X-Forwarded-For, which every client's request has.
//
// It is for Lambda targets. Health checks of instance and IP targets carry a Host.
//
// Source: Elastic Load Balancing guide, "Health checks for Application Load Balancer target groups", Lambda.
func IsHealthCheck(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("User-Agent"), "ELB-HealthChecker/") &&
		r.Host == "" && len(r.Header["X-Forwarded-For"]) == 0
}

func (h *Handler) requestContext(ctx context.Context, ev *event, raw *rawEvent) context.Context {
	ctx = context.WithValue(ctx, eventKey{}, Event{TargetGroupARN: ev.targetGroupARN, MultiValueHeaders: ev.multi, raw: raw})
	// Handlers may ask whether a server is there to stop an aborted response, as httputil.ReverseProxy does.
	ctx = context.WithValue(ctx, http.ServerContextKey, &http.Server{Handler: h.next}) //nolint:gosec // it never listens
	return problem.WithObserver(ctx, func(err error) {
		if problem.From(err).Status >= http.StatusInternalServerError {
			h.report(ctx, err)
		}
	})
}
