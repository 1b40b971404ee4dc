package albtest

import (
	"context"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// Mode is a target group's header mode, its attribute lambda.multi_value_headers.enabled.
type Mode int

// The two header modes.
const (
	SingleValue Mode = iota // the default on AWS: of repeated headers and query keys, the last counts
	MultiValue              // every value arrives
)

// String returns "single-value" or "multi-value", for the names of subtests.
func (m Mode) String() string {
	if m == MultiValue {
		return "multi-value"
	}
	return "single-value"
}

// Event returns the event that a load balancer sends for r, which it reads to the end. A request that a load balancer answers
// itself, without the function, ends the test.
func Event(tb testing.TB, r *http.Request, m Mode) []byte {
	tb.Helper()
	event, err := balancer.New(nil, balancer.WithMultiValueHeaders(m == MultiValue)).Event(r)
	if err != nil {
		tb.Fatalf("albtest: no event is sent for %s %s: %v", r.Method, r.URL, err)
	}
	return event
}

// Do sends r through a load balancer to h and returns what the client gets. The request may come from httptest.NewRequest or
// [http.NewRequest]; the response's body is whole in memory and needs no Close.
func Do(tb testing.TB, h http.Handler, r *http.Request, m Mode) *http.Response {
	tb.Helper()
	logf := func(err error) { tb.Logf("%v", err) }
	function := alb.NewHandler(h, alb.WithErrorLog(func(_ context.Context, err error) { logf(err) }))
	b := balancer.New(function,
		balancer.WithMultiValueHeaders(m == MultiValue),
		balancer.WithErrorLog(log.New(writer(func(p []byte) { tb.Logf("%s", p) }), "", 0)))
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	res := rec.Result()
	res.Request = r
	return res
}

type writer func(p []byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}
