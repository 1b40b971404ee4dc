// Otel traces every request with OpenTelemetry: otelhttp around the routes and under the client, X-Ray's ids and header, spans on
// standard error.
//
//	cd examples/otel
//	go run .
//	curl localhost:8080/orders/7
//
// With STOCK_URL in the environment it asks another service first, which gets the trace in X-Amzn-Trace-Id. Two of this program
// show spans of one trace:
//
//	PORT=8081 go run .
//	STOCK_URL=http://localhost:8081/orders/7 go run .
//
// A span continues the trace of a caller that sends X-Ray's whole X-Amzn-Trace-Id. A load balancer's own has a root and no parent:
// then the span begins the trace of that id, so that a span, a log line and the load balancer's access log are found by one another.
// Spans are exported before the response goes out: a sandbox is frozen between requests, and a queue would wait for the next one.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/go-chi/chi/v5"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/contrib/propagators/aws/xray"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/sdk/trace"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/problem"
)

func main() {
	exporter, err := stdouttrace.New(stdouttrace.WithWriter(os.Stderr))
	if err != nil {
		log.Fatal(err)
	}
	router.Start(newHandler(exporter, os.Getenv("STOCK_URL")))
}

func newHandler(exporter trace.SpanExporter, stockURL string) http.Handler {
	options := []otelhttp.Option{
		otelhttp.WithTracerProvider(trace.NewTracerProvider(
			trace.WithSyncer(exporter),
			trace.WithIDGenerator(idGenerator{xray.NewIDGenerator()}),
		)),
		otelhttp.WithPropagators(xray.Propagator{}),
	}
	client := &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport, options...)}

	r := router.New()
	r.Use(middleware.TraceID)
	r.Use(otelhttp.NewMiddleware("request", options...)) // the last: it finds the pattern of the route in the request that it hands on
	r.Get("/orders/{id}", router.Func(func(w http.ResponseWriter, r *http.Request) error {
		if stockURL != "" {
			if err := ask(r.Context(), client, stockURL); err != nil {
				return problem.Wrap(err, http.StatusBadGateway, "The stock does not answer.")
			}
		}
		fmt.Fprintln(w, "order", chi.URLParam(r, "id"))
		return nil
	}))
	return r
}

// toAnswer is the time to answer and to export the spans. A function that runs into its timeout does neither.
const toAnswer = 500 * time.Millisecond

func ask(ctx context.Context, client *http.Client, url string) error {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-toAnswer))
		defer cancel()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody) //nolint:gosec // the operator's URL, not a client's
	if err != nil {
		return err
	}
	res, err := client.Do(r) //nolint:gosec // likewise
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the stock answers %s", res.Status)
	}
	_, err = io.Copy(io.Discard, res.Body) // with whose end the client's span ends, and the connection is free for the next request
	return err
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
