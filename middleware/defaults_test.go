package middleware_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// What goes wrong ends in one answer and one line, in the chain that Defaults recommends.
func TestDefaults(t *testing.T) {
	const forged = "8.8.8.8, "
	tests := []struct {
		name, path, header string
		left               time.Duration // until the deadline; margin and a bit
		wantStatus         string
		wantLine           map[string]any
	}{
		{
			name: "all is well", path: "/hello", header: `"x-forwarded-for":["203.0.113.9"],"x-amzn-trace-id":["Root=1-67891233-abcdef012345678912345678"]`, left: time.Minute,
			wantStatus: "200", wantLine: map[string]any{"level": "INFO", "http.response.status_code": 200.0, "client.address": "203.0.113.9", "http.route": "/hello", "trace_id": "67891233abcdef012345678912345678"},
		},
		{
			name: "panic", path: "/panic", left: time.Minute,
			wantStatus: "500", wantLine: map[string]any{"level": "ERROR", "http.response.status_code": 500.0, "exception.message": "panic: secret", "http.route": "/panic"},
		},
		{
			name: "a handler that outlives its deadline", path: "/slow", left: 550 * time.Millisecond,
			wantStatus: "504", wantLine: map[string]any{"level": "ERROR", "http.response.status_code": 504.0, "http.route": "/slow", "error.type": "context.deadlineExceededError"},
		},
		{
			name: "a handler that says so", path: "/heeds", left: 550 * time.Millisecond,
			wantStatus: "504", wantLine: map[string]any{"level": "ERROR", "http.response.status_code": 504.0, "http.route": "/heeds", "error.type": "context.deadlineExceededError"},
		},
		{
			name: "no time left at the start", path: "/hello", left: 400 * time.Millisecond,
			wantStatus: "504", wantLine: map[string]any{"level": "ERROR", "http.response.status_code": 504.0, "http.route": "/hello"},
		},
		{
			name: "an error whose text panics", path: "/nil", left: time.Minute,
			wantStatus: "500", wantLine: map[string]any{"level": "ERROR", "error.type": "*middleware_test.nilError"},
		},
		{
			name: "30 KB of X-Forwarded-For", path: "/hello", header: `"x-forwarded-for":["` + strings.Repeat(forged, 30<<10/len(forged)) + `203.0.113.9"]`, left: time.Minute,
			wantStatus: "200", wantLine: map[string]any{"level": "INFO", "client.address": "203.0.113.9"},
		},
		{
			name: "a trace header with a newline", path: "/hello", header: `"x-amzn-trace-id":["Root=1-67891233-abcdef012345678912345678\nlevel=FATAL;Self=1-67891234-\u001b[31m"]`, left: time.Minute,
			wantStatus: "200", wantLine: map[string]any{"level": "INFO"},
		},
		{
			name: "no route", path: "/nothing", left: time.Minute,
			wantStatus: "404", wantLine: map[string]any{"level": "WARN", "http.response.status_code": 404.0, "url.path": "/nothing"},
		},
	}
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var lines bytes.Buffer
			r := router.New()
			r.Use(middleware.Defaults(middleware.NewLogger(middleware.WithOutput(&lines)))...)
			r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "hello") })
			r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("secret") })
			r.Get("/heeds", router.Func(func(_ http.ResponseWriter, r *http.Request) error {
				<-r.Context().Done()
				return fmt.Errorf("query: %w", r.Context().Err())
			}))
			r.Get("/nil", func(w http.ResponseWriter, r *http.Request) {
				var err *nilError
				problem.Write(w, r, err)
			})
			r.Get("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
			ctx, cancel := context.WithTimeout(t.Context(), tt.left)
			defer cancel()
			h := alb.NewHandler(r, alb.WithErrorLog(func(_ context.Context, err error) { t.Errorf("in alb's error log: %v", err) }))
			out, err := h.Invoke(ctx, fmt.Appendf(nil, `{"requestContext":{"elb":{}},"httpMethod":"GET","path":%q,"multiValueHeaders":{"host":["h"]%s}}`,
				tt.path, strings.TrimSuffix(","+tt.header, ",")))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(out), `{"statusCode":`+tt.wantStatus) || strings.Contains(string(out), "secret") || !strings.Contains(string(out), `"X-Content-Type-Options":["nosniff"]`) {
				t.Errorf("the answer is %.300s", out)
			}
			var line map[string]any
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil || strings.Count(lines.String(), "\n") != 1 || lines.Len() > 10<<10 {
				t.Fatalf("the log is %.300q (%d bytes): %v", &lines, lines.Len(), err)
			}
			for name, want := range tt.wantLine {
				if line[name] != want {
					t.Errorf("%s is %v, want %v", name, line[name], want)
				}
			}
			if strings.Contains(lines.String(), "FATAL") || strings.Contains(lines.String(), "[31m") {
				t.Errorf("a forged trace reached the log: %s", &lines)
			}
		})
	}
}

// nilError cannot tell its text when it is nil.
type nilError struct{ text string }

func (e *nilError) Error() string { return e.text }

// A health check is answered and not logged, whatever the router has; also behind a prefix that it does not have.
func TestDefaultsHealthCheck(t *testing.T) {
	var lines bytes.Buffer
	r := router.New()
	r.Use(middleware.Defaults(middleware.NewLogger(middleware.WithOutput(&lines)))...)
	r.Get("/hello", func(http.ResponseWriter, *http.Request) {}) // chi does not run middleware without a route
	for name, h := range map[string]http.Handler{"router": r, "prefix": middleware.StripPrefix("/api")(r)} {
		out, err := alb.NewHandler(h).Invoke(t.Context(), []byte(`{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/","headers":{"user-agent":"ELB-HealthChecker/2.0"}}`))
		if err != nil || !strings.HasPrefix(string(out), `{"statusCode":200`) || lines.Len() > 0 {
			t.Errorf("%s: %s %v, logged %q", name, out, err, &lines)
		}
	}
}

func ExampleDefaults() {
	logger := middleware.NewLogger(middleware.WithOutput(io.Discard)) // without the option: standard output, for CloudWatch
	r := router.New()
	r.Use(middleware.Defaults(logger)...)
	r.Get("/whatismyip", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, middleware.ClientIPFromContext(r.Context()))
	})

	request := httptest.NewRequest(http.MethodGet, "/whatismyip", nil)
	request.Header.Set("X-Forwarded-For", "8.8.8.8, 203.0.113.9") // what stands left of the last address is the client's own claim
	response := httptest.NewRecorder()
	r.ServeHTTP(response, request)
	fmt.Print(response.Body)
	// Output:
	// 203.0.113.9
}
