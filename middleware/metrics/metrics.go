package metrics

import (
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/middleware/internal/response"
	"github.com/albatross-go/albatross/router/alb"
)

// Option changes what [New] returns.
type Option interface{ apply(c *config) }

type config struct {
	namespace    string
	service      string
	out          io.Writer
	healthChecks bool
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithNamespace sets the namespace of the metrics, in place of POWERTOOLS_METRICS_NAMESPACE.
func WithNamespace(namespace string) Option {
	return option(func(c *config) { c.namespace = namespace })
}

// WithService sets the dimension service, in place of POWERTOOLS_SERVICE_NAME.
func WithService(name string) Option {
	return option(func(c *config) { c.service = name })
}

// WithOutput sets where the lines go. The default is standard output. Each line is one Write, one at a time; an error of it is
// nobody's concern, and a line is lost.
func WithOutput(w io.Writer) Option {
	return option(func(c *config) { c.out = w })
}

// WithHealthChecks chooses whether the health checks of a target group are counted, see [alb.IsHealthCheck]. The default is not.
func WithHealthChecks(counted bool) Option {
	return option(func(c *config) { c.healthChecks = counted })
}

// New returns middleware that writes one line for every request once its handler has returned or panicked. The panic goes on.
//
// It panics if neither WithNamespace nor POWERTOOLS_METRICS_NAMESPACE names a namespace, or if CloudWatch would not take it or the
// service's name. Where POWERTOOLS_METRICS_DISABLED is true it needs neither and does nothing.
//
// Only the first request that reaches the middleware is a cold start, and none in an environment with provisioned concurrency, or
// outside of Lambda. If that first one is a health check, which is not counted, no cold start is: no client waited.
func New(opts ...Option) func(http.Handler) http.Handler {
	c := config{
		namespace: os.Getenv("POWERTOOLS_METRICS_NAMESPACE"),
		service:   os.Getenv("POWERTOOLS_SERVICE_NAME"),
		out:       os.Stdout,
	}
	for _, o := range opts {
		o.apply(&c)
	}
	if isTrue(os.Getenv("POWERTOOLS_METRICS_DISABLED")) {
		return func(next http.Handler) http.Handler { return next }
	}
	lines := newEMF(c)
	warm := new(atomic.Bool)
	if os.Getenv("AWS_LAMBDA_INITIALIZATION_TYPE") == "provisioned-concurrency" {
		warm.Store(true)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			isCold := !warm.Load() && warm.CompareAndSwap(false, true)
			if !c.healthChecks && alb.IsHealthCheck(r) {
				next.ServeHTTP(w, r)
				return
			}
			rec := &response.Writer{ResponseWriter: w}
			start := time.Now()
			returned := false
			defer func() { // and no recover, which would cost the panic its stack
				if !returned {
					rec.Status = http.StatusInternalServerError
				}
				lines.write(measurement{start, time.Since(start), route(r), method(r), rec.FinalStatus(), isCold})
			}()
			next.ServeHTTP(rec, r)
			returned = true
		})
	}
}

// measurement is what is known of a request when it has ended.
type measurement struct {
	start   time.Time
	latency time.Duration
	route   string
	method  string
	status  int
	isCold  bool
}

// unmatched is the route of requests that none took.
const unmatched = "unmatched"

// route returns the pattern of the route that took the request, known only after the handler.
func route(r *http.Request) string {
	if ctx := chi.RouteContext(r.Context()); ctx != nil {
		if pattern := ctx.RoutePattern(); pattern != "" {
			return pattern
		}
	}
	if r.Pattern != "" { // of http.ServeMux: "GET example.com/orders/{id}"
		return r.Pattern[strings.LastIndexByte(r.Pattern, ' ')+1:]
	}
	return unmatched
}

// method returns the method if HTTP defines it (RFC 9110 section 9.1, RFC 5789), else what OpenTelemetry's semantic conventions
// call all others. A client may send what it likes.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
		http.MethodConnect, http.MethodTrace:
		return r.Method
	}
	return "_OTHER"
}

// isTrue reads an environment variable as Powertools does.
func isTrue(s string) bool {
	switch strings.ToLower(s) {
	case "1", "y", "yes", "t", "true", "on":
		return true
	}
	return false
}
