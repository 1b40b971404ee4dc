package benchmarks_test

import (
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httplog/v3"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/compress"
	"github.com/albatross-go/albatross/middleware/metrics"
	"github.com/albatross-go/albatross/router/alb"
)

// BenchmarkMiddleware measures a browser's GET through one middleware at a time, none, and all of Defaults. What one costs is the
// difference from none. httplog is what chi's users take for Logger.
func BenchmarkMiddleware(b *testing.B) {
	discard := middleware.NewLogger(middleware.WithOutput(io.Discard))
	structured := slog.New(slog.NewJSONHandler(io.Discard, nil))
	chains := []struct {
		name  string
		chain []func(http.Handler) http.Handler
	}{
		{"none", nil},
		{"ClientIP", []func(http.Handler) http.Handler{middleware.ClientIP()}},
		{"TraceID", []func(http.Handler) http.Handler{middleware.TraceID}},
		{"Logger", []func(http.Handler) http.Handler{middleware.Logger(discard)}},
		{"httplog", []func(http.Handler) http.Handler{httplog.RequestLogger(structured, &httplog.Options{Schema: httplog.SchemaOTEL})}},
		{"Recoverer", []func(http.Handler) http.Handler{middleware.Recoverer}},
		{"SecureHeaders", []func(http.Handler) http.Handler{middleware.SecureHeaders}},
		{"ETag", []func(http.Handler) http.Handler{middleware.ETag}},
		{"ContentType", []func(http.Handler) http.Handler{middleware.ContentType("application/json")}},
		{"compress", []func(http.Handler) http.Handler{compress.New()}},
		{"metrics", []func(http.Handler) http.Handler{metrics.New(metrics.WithNamespace("Benchmark"), metrics.WithOutput(io.Discard))}},
		{"Defaults", middleware.Defaults(discard)},
		{"Defaults, no log", middleware.Defaults(zap.New(zapcore.NewNopCore()))},
	}
	payload := testCase{event: "get", mode: multi}.payload(b)
	for _, c := range chains {
		b.Run(c.name, func(b *testing.B) {
			r := chi.NewRouter()
			r.Use(c.chain...)
			r.Mount("/", newSite().Handler)
			h := alb.NewHandler(r)
			invoke(b, h, payload)
		})
	}
}
