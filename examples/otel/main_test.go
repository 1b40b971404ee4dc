package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestSpan(t *testing.T) {
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			spans := tracetest.NewInMemoryExporter()
			r := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
			r.Header.Set("X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678")
			resp := albtest.Do(t, newHandler(spans), r, mode)
			body, err := io.ReadAll(resp.Body)
			if err != nil || string(body) != "order 7\n" {
				t.Fatalf("%q %v", body, err)
			}
			exported := spans.GetSpans()
			if len(exported) != 1 {
				t.Fatalf("%d spans, want 1", len(exported))
			}
			if id := exported[0].SpanContext.TraceID().String(); id != "67891233abcdef012345678912345678" {
				t.Errorf("the span belongs to trace %s", id)
			}
		})
	}
}
