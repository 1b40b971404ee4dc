package middleware_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

// exampleOutput prints lines without what differs from run to run: the time at the beginning, and how long it took.
var exampleOutput = exampleWriter{regexp.MustCompile(`(?m)^[0-9TZ:.-]{24}\t|, "(http\.server\.request\.duration|event\.duration|duration_ms)": [0-9.]+`)}

type exampleWriter struct{ varies *regexp.Regexp }

func (w exampleWriter) Write(p []byte) (int, error) {
	_, _ = os.Stdout.Write(w.varies.ReplaceAll(p, nil))
	return len(p), nil
}

func logGet(h http.Handler, target string) {
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, target, nil))
}

var logHello = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") })

func ExampleNewLogger() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput)) // without the option: standard output
	l.Info("starting", zap.String("stage", "beta"))
	// Output:
	// INFO	starting	{"stage": "beta"}
}

func ExampleLogger() {
	r := chi.NewRouter()
	r.Use(middleware.Logger(middleware.NewLogger(middleware.WithOutput(exampleOutput))))
	r.Get("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		if chi.URLParam(r, "id") != "7" {
			problem.Write(w, r, problem.Wrap(errors.New("sql: no rows in result set"), http.StatusNotFound, "There is no such order."))
			return
		}
		fmt.Fprint(w, "coffee")
	})
	logGet(r, "/orders/7")
	logGet(r, "/orders/8")
	// Output:
	// INFO	GET /orders/{id} 200	{"http.request.method": "GET", "http.route": "/orders/{id}", "url.path": "/orders/7", "http.response.status_code": 200, "http.request.body.size": 0, "http.response.body.size": 6, "faas.coldstart": true}
	// WARN	GET /orders/{id} 404	{"http.request.method": "GET", "http.route": "/orders/{id}", "url.path": "/orders/8", "http.response.status_code": 404, "http.request.body.size": 0, "http.response.body.size": 69, "faas.coldstart": false, "error.type": "*errors.errorString", "exception.message": "sql: no rows in result set"}
}

func ExampleLoggerFromContext() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput))
	h := middleware.TraceID(middleware.Logger(l)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		middleware.LoggerFromContext(r.Context()).Warn("stock is low", zap.Int("left", 2))
	})))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// WARN	stock is low	{"trace_id": "67891233abcdef012345678912345678", "aws.alb.trace_root": "1-67891233-abcdef012345678912345678", "left": 2}
	// INFO	GET / 200	{"http.request.method": "GET", "url.path": "/", "http.response.status_code": 200, "http.request.body.size": 0, "http.response.body.size": 0, "trace_id": "67891233abcdef012345678912345678", "aws.alb.trace_root": "1-67891233-abcdef012345678912345678", "faas.coldstart": true}
}

func ExampleAddFields() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput))
	logGet(middleware.Logger(l)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		middleware.AddFields(r.Context(), zap.String("user", "ada"), zap.Int("cache_hits", 3))
	})), "/")
	// Output:
	// INFO	GET / 200	{"http.request.method": "GET", "url.path": "/", "http.response.status_code": 200, "http.request.body.size": 0, "http.response.body.size": 0, "faas.coldstart": true, "user": "ada", "cache_hits": 3}
}

func ExampleWithSchema() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput), middleware.WithSchema(middleware.Powertools))
	logGet(middleware.Logger(l)(logHello), "/hello")
	// Output:
	// INFO	GET /hello 200	{"http_method": "GET", "path": "/hello", "status_code": 200, "request_bytes": 0, "response_bytes": 5, "cold_start": true}
}

func ExampleWithLevel() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput), middleware.WithLevel(zapcore.WarnLevel))
	l.Info("not this")
	l.Warn("but this")
	// Output:
	// WARN	but this
}

func ExampleWithQuery() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput))
	logGet(middleware.Logger(l, middleware.WithQuery())(logHello), "/hello?lang=fr")
	// Output:
	// INFO	GET /hello 200	{"http.request.method": "GET", "url.path": "/hello", "url.query": "lang=fr", "http.response.status_code": 200, "http.request.body.size": 0, "http.response.body.size": 5, "faas.coldstart": true}
}

func ExampleWithHealthChecks() {
	l := middleware.NewLogger(middleware.WithOutput(exampleOutput))
	check := httptest.NewRequest(http.MethodGet, "/healthz", nil)
	check.Host, check.Header = "", http.Header{"User-Agent": {"ELB-HealthChecker/2.0"}}
	middleware.Logger(l)(logHello).ServeHTTP(httptest.NewRecorder(), check)
	middleware.Logger(l, middleware.WithHealthChecks())(logHello).ServeHTTP(httptest.NewRecorder(), check)
	// Output:
	// INFO	GET /healthz 200	{"http.request.method": "GET", "url.path": "/healthz", "http.response.status_code": 200, "http.request.body.size": 0, "http.response.body.size": 5, "user_agent.original": "ELB-HealthChecker/2.0", "faas.coldstart": true}
}
