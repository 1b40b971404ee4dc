package middleware_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
)

// On Lambda a line holds all there is to know, under the names of its schema.
func TestSchemas(t *testing.T) {
	name, version := lambdacontext.FunctionName, lambdacontext.FunctionVersion
	defer func() { lambdacontext.FunctionName, lambdacontext.FunctionVersion = name, version }()
	lambdacontext.FunctionName, lambdacontext.FunctionVersion = "orders", "42"

	const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/local/0123456789abcdef"
	tests := []struct {
		name   string
		schema middleware.Schema
		want   logLine
	}{
		{"OpenTelemetry", middleware.OpenTelemetry, logLine{
			"http.request.method": "POST", "http.route": "/orders/{id}", "url.path": "/orders/7", "url.query": "page=2",
			"http.response.status_code": 201.0, "http.request.body.size": 3.0, "http.response.body.size": 4.0,
			"http.server.request.duration": 1.5, "faas.deadline_left": 58.5,
			"client.address": "192.0.2.1", "user_agent.original": logUserAgent,
			"trace_id": "67891233abcdef012345678912345678", "aws.alb.trace_root": logTraceRoot,
			"aws.lambda.trace_root": "1-5759e988-bd862e3fe1be46a994272793",
			"faas.invocation_id":    logRequestID, "faas.name": "orders", "faas.version": "42", "faas.coldstart": true,
			"aws.alb.target_group.arn": arn, "aws.alb.header_mode": "multi-value",
		}},
		{"Powertools", middleware.Powertools, logLine{
			"http_method": "POST", "route": "/orders/{id}", "path": "/orders/7", "query": "page=2",
			"status_code": 201.0, "request_bytes": 3.0, "response_bytes": 4.0, "duration_ms": 1500.0, "deadline_left_ms": 58500.0,
			"client_ip": "192.0.2.1", "user_agent": logUserAgent,
			"trace_id": "67891233abcdef012345678912345678", "correlation_id": "Root=" + logTraceRoot,
			"xray_trace_id":       "1-5759e988-bd862e3fe1be46a994272793",
			"function_request_id": logRequestID, "function_name": "orders", "function_version": "42", "cold_start": true,
			"target_group_arn": arn, "header_mode": "multi-value",
		}},
		{"ECS", middleware.ECS, logLine{
			"http.request.method": "POST", "http.route": "/orders/{id}", "url.path": "/orders/7", "url.query": "page=2",
			"http.response.status_code": 201.0, "http.request.body.bytes": 3.0, "http.response.body.bytes": 4.0,
			"event.duration": 1.5e9, "faas.deadline_left": 58.5e9,
			"client.ip": "192.0.2.1", "user_agent.original": logUserAgent,
			"trace.id": "67891233abcdef012345678912345678", "labels.alb_trace_root": logTraceRoot,
			"labels.lambda_trace_root": "1-5759e988-bd862e3fe1be46a994272793",
			"faas.execution":           logRequestID, "faas.name": "orders", "faas.version": "42", "faas.coldstart": true,
			"labels.target_group_arn": arn, "labels.header_mode": "multi-value",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, lines := newJSONLogger(t, middleware.WithSchema(tt.schema))
			h := middleware.Logger(l, middleware.WithQuery())(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(1500 * time.Millisecond)
				w.WriteHeader(http.StatusCreated)
				_, _ = io.WriteString(w, "done")
			}))
			synctest.Test(t, func(t *testing.T) {
				onLambda(t, func(r *http.Request) { h.ServeHTTP(discardResponse{http.Header{}}, r) })
			})
			got := lines.one()
			want := logLine{"level": "INFO", "timestamp": "2000-01-01T00:00:01.500Z", "message": "POST /orders/{id} 201"}
			maps.Copy(want, tt.want)
			// The load balancer has made its own id from the client's.
			for _, self := range []string{"aws.alb.trace_self", "alb_trace_self", "labels.alb_trace_self"} {
				delete(got, self)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWithSchemaForForeignLoggers(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l, middleware.WithSchema(middleware.Powertools))(respond(http.StatusOK, ""))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/a", nil))
	wantFields(t, lines.one(), logLine{"http_method": "GET", "status_code": 200, "http.request.method": nil})
}

// A logger made from NewLogger's keeps its schema.
func TestSchemaOfDerivedLogger(t *testing.T) {
	l, lines := newJSONLogger(t, middleware.WithSchema(middleware.ECS))
	h := middleware.Logger(l.Named("web").With(zap.Int("shard", 3)))(respond(http.StatusOK, ""))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/a", nil))
	wantFields(t, lines.one(), logLine{"http.request.body.bytes": 0, "logger": "web", "shard": 3})
}
