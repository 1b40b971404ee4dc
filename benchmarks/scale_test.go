package benchmarks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/alb"
)

// A dimension is something that an invocation can have more of.
type dimension struct {
	name string
	n    []int
	grow func(n int) (http.Handler, events.ALBTargetGroupRequest)
}

var dimensions = []dimension{
	{"body-bytes", []int{1 << 10, 10 << 10, 100 << 10, 1 << 20}, func(n int) (http.Handler, events.ALBTargetGroupRequest) {
		event := post()
		event.Body = string(newCatalogue(n)[:n])
		return http.HandlerFunc(read), event
	}},
	{"headers", []int{5, 14, 50, 150, 500}, func(n int) (http.Handler, events.ALBTargetGroupRequest) {
		event := post()
		for i := len(event.MultiValueHeaders); i < n; i++ {
			event.MultiValueHeaders["x-header-"+strconv.Itoa(i)] = []string{"value " + strconv.Itoa(i)}
		}
		return http.HandlerFunc(read), event
	}},
	{"query-keys", []int{1, 10, 100, 500, 2000}, func(n int) (http.Handler, events.ALBTargetGroupRequest) {
		event := post()
		event.MultiValueQueryStringParameters = make(map[string][]string)
		for i := range n {
			event.MultiValueQueryStringParameters["key"+strconv.Itoa(i)] = []string{"value" + strconv.Itoa(i)}
		}
		return http.HandlerFunc(read), event
	}},
	// The route that is asked for is the one in the middle.
	{"routes", []int{10, 100, 1000, 10_000}, func(n int) (http.Handler, events.ALBTargetGroupRequest) {
		r := chi.NewRouter()
		for i := range n {
			r.Post(fmt.Sprintf("/v1/resource%d/{id}", i), read)
		}
		event := post()
		event.Path = fmt.Sprintf("/v1/resource%d/4711", n/2)
		return r, event
	}},
}

// BenchmarkScale is Scale/<dimension>/<n>: how the time of one invocation grows with one dimension of it.
func BenchmarkScale(b *testing.B) {
	for _, d := range dimensions {
		b.Run(d.name, func(b *testing.B) {
			for _, n := range d.n {
				b.Run(strconv.Itoa(n), func(b *testing.B) {
					h, event := d.grow(n)
					invoke(b, alb.NewHandler(h), marshal(b, event))
				})
			}
		})
	}
	b.Run("goroutines", func(b *testing.B) {
		// A heap as small as this one is collected every 4 MB, and that takes a second processor already where there is one goroutine.
		defer debug.SetGCPercent(debug.SetGCPercent(400))
		for _, n := range []int{1, 2, 4, 16, 64} {
			b.Run(strconv.Itoa(n), func(b *testing.B) {
				invokeTogether(b, n, alb.NewHandler(newSite()), testCase{event: "get", mode: multi}.payload(b))
			})
		}
	})
}

// TestScale sees to it that what BenchmarkScale measures is a request that was served.
func TestScale(t *testing.T) {
	for _, d := range dimensions {
		t.Run(d.name, func(t *testing.T) {
			h, event := d.grow(d.n[len(d.n)-1])
			out, err := alb.NewHandler(h).Invoke(t.Context(), marshal(t, event))
			if err != nil || !bytes.Contains(out, []byte(`"statusCode":204`)) {
				t.Errorf("%s, %v; want status 204", out, err)
			}
		})
	}
}

// invokeTogether shares the invocations out among n goroutines. Time per invocation is that of all together, so it halves where
// the throughput doubles. b.Loop cannot be shared.
func invokeTogether(b *testing.B, n int, fn lambda.Handler, payload []byte) {
	b.Helper()
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	b.ResetTimer()
	var workers sync.WaitGroup
	for i := range n {
		workers.Go(func() {
			for range (b.N + i) / n { // these add up to b.N
				if _, err := fn.Invoke(b.Context(), payload); err != nil {
					b.Error(err)
				}
			}
		})
	}
	workers.Wait()
}

// read answers 204 once it has read the body.
func read(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// post is an event to grow.
func post() events.ALBTargetGroupRequest {
	return events.ALBTargetGroupRequest{
		HTTPMethod: http.MethodPost,
		Path:       "/orders",
		MultiValueHeaders: map[string][]string{
			"content-type":      {"application/json"},
			"host":              {"orders.example.com"},
			"user-agent":        {"curl/8.15.0"},
			"x-forwarded-for":   {"203.0.113.57"},
			"x-forwarded-proto": {"https"},
		},
		RequestContext: events.ALBTargetGroupRequestContext{ELB: events.ELBContext{TargetGroupArn: "arn"}},
	}
}

// marshal writes the event as the load balancer does, which does not escape HTML.
func marshal(tb testing.TB, event events.ALBTargetGroupRequest) []byte {
	tb.Helper()
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(event); err != nil {
		tb.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}
