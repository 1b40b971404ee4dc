// Custom-middleware has three pieces of middleware of its own beside those of the package: an id for each request, the tenant that
// the host names, and a limit to how often a client may ask. Each is a plain func(http.Handler) http.Handler.
//
//	go run ./examples/custom-middleware
//	curl -i -H 'Host: acme.example.com' -H 'X-Request-Id: order-7' localhost:8080/
//	for i in $(seq 30); do curl -s -o /dev/null -w '%{http_code} ' -H 'Host: acme.example.com' localhost:8080/; done
//
// DOMAIN names another domain than example.com.
package main

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	domain := cmp.Or(os.Getenv("DOMAIN"), "example.com")
	router.Start(newHandler(middleware.NewLogger(), newBuckets(20, 2*time.Second), domain))
}

// newHandler has the chain of middleware.Defaults, with its own in the places where they belong. Order matters:
//   - requestID is inside Logger, because AddFields adds to the line of the Logger above it, and outside of Recoverer and Timeout,
//     so that their 500 and 504 have the id too.
//   - rateLimit needs the address that ClientIP found. It comes before all that costs something.
//   - tenant is last. A health check has no host to name one: HealthCheck, which is first, has answered it.
func newHandler(l *zap.Logger, limiter Limiter, domain string) http.Handler {
	r := router.New()
	r.Use(
		middleware.HealthCheck(nil),
		middleware.ClientIP(),
		middleware.TraceID,
		middleware.Logger(l),
		requestID,
		middleware.SecureHeaders,
		middleware.Recoverer,
		middleware.Timeout(500*time.Millisecond),
		rateLimit(limiter),
		tenant(domain),
	)
	r.Get("/", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "tenant %s, request %s\n", tenantFromContext(r.Context()), requestIDFromContext(r.Context()))
	})
	return r
}
