// Otel traces every request with OpenTelemetry: otelhttp's handler around the router, X-Ray's ids, spans on standard error.
//
//	go run .
//	curl localhost:8080/orders/7
//
// A span continues the trace of a caller that sends X-Ray's whole X-Amzn-Trace-Id. A load balancer's own has a root and no parent: then
// the span begins the trace of that id, so that a span, a log line and the load balancer's access log are found by one another.
// Spans are exported before the response goes out: a sandbox is frozen between requests, and a queue would wait for the next one.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(os.Stderr))
	if err != nil {
		log.Fatal(err)
	}
	router.Start(newHandler(exporter))
}

func newHandler(exporter trace.SpanExporter) http.Handler {
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter), trace.WithIDGenerator(idGenerator{xray.NewIDGenerator()}))
	r := router.New()
	r.Get("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "order", chi.URLParam(r, "id"))
	})
	traced := otelhttp.NewHandler(r, "request", otelhttp.WithTracerProvider(provider), otelhttp.WithPropagators(xray.Propagator{}))
	return middleware.TraceID(traced)
}

// idGenerator gives a new trace the id that the load balancer has given the request.
type idGenerator struct{ *xray.IDGenerator }

func (g idGenerator) NewIDs(ctx context.Context) (oteltrace.TraceID, oteltrace.SpanID) {
	traceID, spanID := g.IDGenerator.NewIDs(ctx)
	if id, err := oteltrace.TraceIDFromHex(middleware.TraceFromContext(ctx).ID()); err == nil {
		traceID = id
	}
	return traceID, spanID
}
