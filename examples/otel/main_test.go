package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	oteltrace "go.opentelemetry.io/otel/trace"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

var modes = []albtest.Mode{albtest.SingleValue, albtest.MultiValue}

// request sends a request through a load balancer and returns the spans it left. The stock is asked where there is a URL.
func request(t *testing.T, mode albtest.Mode, stockURL, header string, status int) tracetest.SpanStubs {
	t.Helper()
	spans := tracetest.NewInMemoryExporter()
	r := httptest.NewRequest(http.MethodGet, "/orders/7", http.NoBody)
	if header != "" {
		r.Header.Set("X-Amzn-Trace-Id", header)
	}
	res := albtest.Do(t, newHandler(spans, stockURL), r, mode)
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status || status == http.StatusOK && string(body) != "order 7\n" {
		t.Fatalf("%d %q %v", res.StatusCode, body, err)
	}
	return spans.GetSpans()
}

func TestSpan(t *testing.T) {
	const root = "Root=1-67891233-abcdef012345678912345678"
	for _, tt := range []struct{ name, header, trace, parent string }{
		{"a trace begins here", root, "67891233abcdef012345678912345678", "0000000000000000"},
		{"a caller's trace", root + ";Parent=53995c3f42cd8ad8;Sampled=1", "67891233abcdef012345678912345678", "53995c3f42cd8ad8"},
		{"a caller's trace in the middle of others' fields", "CalledFrom=app;" + root + ";Parent=53995c3f42cd8ad8;Sampled=1", "67891233abcdef012345678912345678", "53995c3f42cd8ad8"},
	} {
		for _, mode := range modes {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				spans := request(t, mode, "", tt.header, http.StatusOK)
				if len(spans) != 1 {
					t.Fatalf("%d spans, want 1", len(spans))
				}
				s := spans[0]
				if s.SpanContext.TraceID().String() != tt.trace || s.Parent.SpanID().String() != tt.parent {
					t.Errorf("span of trace %s below %s", s.SpanContext.TraceID(), s.Parent.SpanID())
				}
				if s.Name != "GET /orders/{id}" || s.SpanKind != oteltrace.SpanKindServer {
					t.Errorf("%s span %q", s.SpanKind, s.Name)
				}
			})
		}
	}
	for _, mode := range modes { // the caller wants none
		if spans := request(t, mode, "", root+";Parent=53995c3f42cd8ad8;Sampled=0", http.StatusOK); len(spans) != 0 {
			t.Errorf("%s: %d spans", mode, len(spans))
		}
	}
}

// X-Ray's trace ids begin with the time of the request, in Unix seconds of 8 hexadecimal digits. Source: AWS X-Ray guide, "Elastic
// Load Balancing and AWS X-Ray", X-Ray trace ID format.
func TestNewTrace(t *testing.T) {
	before := time.Now().Unix()
	behind := map[string]oteltrace.TraceID{
		"a load balancer": request(t, albtest.MultiValue, "", "", http.StatusOK)[0].SpanContext.TraceID(),
	}
	spans := tracetest.NewInMemoryExporter()
	newHandler(spans, "").ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/orders/7", http.NoBody))
	behind["none"] = spans.GetSpans()[0].SpanContext.TraceID()
	for name, id := range behind {
		seconds, err := strconv.ParseInt(id.String()[:8], 16, 64)
		if err != nil || seconds < before || seconds > time.Now().Unix() {
			t.Errorf("behind %s: the trace id %s does not begin with the time: %v", name, id, err)
		}
	}
}

// The service that is asked gets the trace, below the client's span, in a header of X-Ray's form.
func TestPropagation(t *testing.T) {
	form := regexp.MustCompile(`^Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16});Sampled=1$`)
	for _, mode := range modes {
		header := ""
		stock := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { header = r.Header.Get("X-Amzn-Trace-Id") }))
		defer stock.Close()
		spans := request(t, mode, stock.URL, "Root=1-67891233-abcdef012345678912345678", http.StatusOK)
		if len(spans) != 2 || spans[0].SpanKind != oteltrace.SpanKindClient || spans[0].Parent.SpanID() != spans[1].SpanContext.SpanID() {
			t.Fatalf("%s: spans %v", mode, spans)
		}
		found := form.FindStringSubmatch(header)
		if found == nil || found[1]+found[2] != "67891233abcdef012345678912345678" || found[3] != spans[0].SpanContext.SpanID().String() {
			t.Errorf("%s: sent %q, the client's span is %s", mode, header, spans[0].SpanContext.SpanID())
		}
		if stock.Close(); len(request(t, mode, stock.URL, "", http.StatusBadGateway)) != 2 {
			t.Errorf("%s: not two spans where the stock does not answer", mode)
		}
	}
}

// A service that is asked and fails is no success.
func TestStockFails(t *testing.T) {
	stock := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }))
	defer stock.Close()
	for _, mode := range modes {
		if spans := request(t, mode, stock.URL, "", http.StatusBadGateway); len(spans) != 2 {
			t.Errorf("%s: %d spans", mode, len(spans))
		}
	}
}

// A service that does not answer must not take the function with it: its timeout is a blank 502 and the end of the process.
func TestStockHangs(t *testing.T) {
	stock := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	defer stock.Close()
	spans := tracetest.NewInMemoryExporter()
	srv := albtest.NewServer(newHandler(spans, stock.URL), balancer.WithFunctionTimeout(time.Second))
	defer srv.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/orders/7", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusBadGateway || res.Header.Get("Content-Type") != problem.ContentType {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if n := len(spans.GetSpans()); n != 2 {
		t.Errorf("%d spans", n)
	}
}
