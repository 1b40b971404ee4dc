package benchmarks_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httplog/v3"
	"github.com/rs/cors"
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
	b.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON") // as httplog writes
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
		{"Timeout", []func(http.Handler) http.Handler{middleware.Timeout(time.Second)}},
		{"HealthCheck", []func(http.Handler) http.Handler{middleware.HealthCheck(nil)}},
		{"CORS", []func(http.Handler) http.Handler{middleware.CORS(cors.Options{AllowedOrigins: []string{"https://app.example"}})}},
		{"CSRF", []func(http.Handler) http.Handler{middleware.CSRF(nil)}},
		{"BodyLimit", []func(http.Handler) http.Handler{middleware.BodyLimit(1 << 20)}},
		{"RequireContentType", []func(http.Handler) http.Handler{middleware.RequireContentType("application/json")}},
		{"CacheControl", []func(http.Handler) http.Handler{middleware.CacheControl("max-age=60")}},
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
			ctx, cancel := context.WithTimeout(b.Context(), time.Hour) // Lambda's invocations have a deadline
			defer cancel()
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.Invoke(ctx, payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
