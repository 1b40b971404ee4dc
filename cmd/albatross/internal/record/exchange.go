package record

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// Observe notes what the load balancer has seen of the request. Why there is no valid answer, if there is none, becomes the first
// finding.
func (r *Record) Observe(x balancer.Exchange) {
	r.Reason = x.Reason
	r.Event.Bytes, r.Answer.Bytes = x.Event, x.Response
	r.Findings = FindingsOf(x.Findings)
	if x.Err == nil {
		return
	}
	if failure, ok := errors.AsType[*runtimeapi.FunctionError](x.Err); ok {
		r.Answer.Bytes = failure.Payload
	}
	f := findingOf(x)
	r.Error = f.Problem
	r.Findings = slices.Insert(r.Findings, 0, f)
}

// findingOf says what became of a request that has no valid answer. An error may know a remedy.
func findingOf(x balancer.Exchange) Finding {
	if refusal, ok := errors.AsType[*balancer.Refusal](x.Err); ok {
		return Finding{Reason: refusal.Reason, Problem: refusal.Detail, Remedy: refusal.Remedy}
	}
	f := Finding{Reason: x.Reason, Problem: x.Err.Error(),
		Remedy: "see the function's log; a function that ends or returns an error is a 502 to clients: answer with a status of your own"}
	if failure, ok := errors.AsType[*runtimeapi.FunctionError](x.Err); ok {
		f.Problem = failure.Type + ": " + failure.Message
		if failure.Type == "Sandbox.Timedout" {
			f.Remedy = "answer sooner, or give the function a longer --timeout"
		}
	}
	if knowing, ok := errors.AsType[interface {
		error
		Remedy() string
	}](x.Err); ok {
		f.Remedy = knowing.Remedy()
	}
	return f
}

// RequestOf is the request as the client sent it, but for its body.
func RequestOf(r *http.Request) Message {
	m := Message{Method: r.Method, Target: r.RequestURI, Proto: r.Proto}
	if r.Host != "" {
		m.Headers = append(m.Headers, [2]string{"Host", r.Host})
	}
	m.Headers = append(m.Headers, Headers(r.Header)...)
	return m
}

// Headers are the fields of a header, sorted by name.
func Headers(h http.Header) [][2]string {
	var all [][2]string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			all = append(all, [2]string{name, value})
		}
	}
	return all
}

// Milliseconds is a duration as records have it.
func Milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
