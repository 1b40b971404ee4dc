package middleware

import (
	"time"

	"go.uber.org/zap/zapcore"
)

// Schema is a set of names for the fields of a log line. The zero value is [OpenTelemetry].
//
// Under every schema the keys timestamp, level and message stay at the top level, since Lambda's log controls read the first two
// there. Fields that a schema's authors have no name for get one in their manner.
type Schema int

const (
	// OpenTelemetry names fields by the semantic conventions for HTTP, FaaS and exceptions. Durations are in seconds.
	OpenTelemetry Schema = iota

	// Powertools names fields as the loggers of Powertools for AWS Lambda do. Durations are in milliseconds.
	Powertools

	// ECS names fields by the Elastic Common Schema. Durations are in nanoseconds. Its @timestamp and log.level are not written
	// beside the timestamp and the level that Lambda needs: an ingest pipeline renames the two.
	ECS
)

// fieldNames are the names of one schema.
type fieldNames struct {
	method, route, path, query, status string
	requestBytes, responseBytes        string
	duration, deadlineLeft             string
	clientAddress, userAgent           string

	traceID                string // W3C's form
	albTrace, albTraceSelf string // Root and Self of X-Amzn-Trace-Id
	albTraceLabel          string // what Root is preceded by
	lambdaTrace            string // Root of the invocation's own trace

	requestID, functionName, functionVersion, coldStart string
	targetGroup, headerMode                             string
	errorMessage, errorType, stack                      string

	unit time.Duration // of durations

	_ [0]func() // nobody compares them, and what could would be linked
}

// names returns nil where there is no such schema.
func (s Schema) names() *fieldNames {
	switch s {
	case OpenTelemetry:
		return &openTelemetryNames
	case Powertools:
		return &powertoolsNames
	case ECS:
		return &ecsNames
	default:
		return nil
	}
}

// addDuration adds d, to the microsecond, in the schema's unit.
func (n *fieldNames) addDuration(enc zapcore.ObjectEncoder, name string, d time.Duration) {
	enc.AddFloat64(name, float64(d.Round(time.Microsecond))/float64(n.unit))
}

// Source: OpenTelemetry semantic conventions, "HTTP", "FaaS", "Exceptions". The aws. names and deadline_left are ours.
var openTelemetryNames = fieldNames{
	method: "http.request.method", route: "http.route", path: "url.path", query: "url.query", status: "http.response.status_code",
	requestBytes: "http.request.body.size", responseBytes: "http.response.body.size",
	duration: "http.server.request.duration", deadlineLeft: "faas.deadline_left",
	clientAddress: "client.address", userAgent: "user_agent.original",
	traceID: "trace_id", albTrace: "aws.alb.trace_root", albTraceSelf: "aws.alb.trace_self", lambdaTrace: "aws.lambda.trace_root",
	requestID: "faas.invocation_id", functionName: "faas.name", functionVersion: "faas.version", coldStart: "faas.coldstart",
	targetGroup: "aws.alb.target_group.arn", headerMode: "aws.alb.header_mode",
	errorMessage: "exception.message", errorType: "error.type", stack: "exception.stacktrace",
	unit: time.Second,
}

// Source: Powertools for AWS Lambda, "Logger", structured keys. correlation_id is what its path for load balancers selects, the header
// as it is where no client has sent one.
var powertoolsNames = fieldNames{
	method: "http_method", route: "route", path: "path", query: "query", status: "status_code",
	requestBytes: "request_bytes", responseBytes: "response_bytes",
	duration: "duration_ms", deadlineLeft: "deadline_left_ms",
	clientAddress: "client_ip", userAgent: "user_agent",
	traceID: "trace_id", albTrace: "correlation_id", albTraceLabel: "Root=", albTraceSelf: "alb_trace_self", lambdaTrace: "xray_trace_id",
	requestID: "function_request_id", functionName: "function_name", functionVersion: "function_version", coldStart: "cold_start",
	targetGroup: "target_group_arn", headerMode: "header_mode",
	errorMessage: "error", errorType: "exception_name", stack: "stack_trace",
	unit: time.Millisecond,
}

// Source: Elastic Common Schema, field reference: HTTP, URL, Client, Event, Tracing, FaaS, Error, Labels.
var ecsNames = fieldNames{
	method: "http.request.method", route: "http.route", path: "url.path", query: "url.query", status: "http.response.status_code",
	requestBytes: "http.request.body.bytes", responseBytes: "http.response.body.bytes",
	duration: "event.duration", deadlineLeft: "faas.deadline_left",
	clientAddress: "client.ip", userAgent: "user_agent.original",
	traceID: "trace.id", albTrace: "labels.alb_trace_root", albTraceSelf: "labels.alb_trace_self", lambdaTrace: "labels.lambda_trace_root",
	requestID: "faas.execution", functionName: "faas.name", functionVersion: "faas.version", coldStart: "faas.coldstart",
	targetGroup: "labels.target_group_arn", headerMode: "labels.header_mode",
	errorMessage: "error.message", errorType: "error.type", stack: "error.stack_trace",
	unit: time.Nanosecond,
}
