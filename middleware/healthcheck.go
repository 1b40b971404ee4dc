package middleware

import (
	"context"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// HealthCheck answers the health checks of a Lambda target group, whatever their path, so that they need no route and the rest of
// the chain never sees them: 200 if ready returns nil, else 503. A nil ready is always ready.
//
// A health check is what [alb.IsHealthCheck] says: GET or HEAD, without the fields that the load balancer adds to every client's
// request. The user agent alone, which any client can send, is not enough. Health checks of instance and IP targets carry a Host
// and so pass through to the application, which may have a route for them. To a server without a load balancer in front, a client
// can send the same as a health check; it learns whether the service is ready, and nothing else.
//
// The error goes to the problem observer; the client learns only that the service is not ready. The context ends with the request;
// a ready that asks another service should set itself a time limit below the target group's.
//
// It belongs before whatever needs a Host, a client or a path, such as [StripPrefix], and after what must see every event, such as
// [AllowTargetGroups].
func HealthCheck(ready func(context.Context) error) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead || !alb.IsHealthCheck(r) {
				next.ServeHTTP(w, r)
				return
			}
			if ready != nil {
				if err := ready(r.Context()); err != nil {
					p := problem.Wrap(err, http.StatusServiceUnavailable, "The service is not ready.")
					p.Header = http.Header{"Cache-Control": {"no-store"}}
					problem.Write(w, r, p)
					return
				}
			}
			h := w.Header()
			h.Set("Cache-Control", "no-store")
			h.Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, "ok") // a load balancer that went away asks again
		})
	}
}
