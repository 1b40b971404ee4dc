//go:build !race

package middleware_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/albatross-go/albatross/middleware"
)

// The race detector allocates on its own account, so this is for builds without it.
func TestLoggerAllocations(t *testing.T) {
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	h := middleware.Logger(middleware.NewLogger(middleware.WithOutput(io.Discard)))(respond(http.StatusOK, ""))
	onLambda(t, func(r *http.Request) {
		w := discardResponse{http.Header{}}
		if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > 8 {
			t.Errorf("%v allocations, want at most 8", n)
		}
	})
}
