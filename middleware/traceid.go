package middleware

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"net/http"
	"time"
)

// TraceID finds out which trace a request belongs to and puts it into the context, for [TraceFromContext]. It changes no header.
//
// Root, Parent and Sampled belong together. They are those of the first that has a valid Root:
//
//  1. The last X-Amzn-Trace-Id line, which the load balancer writes for every request of a client. Earlier lines are not read: in
//     multi-value mode they are the client's. A line over 7 KB is ignored, and so is a field without the form that [Trace] gives.
//  2. Lambda's trace of the invocation, from the context of aws-lambda-go and never from the environment, which invocations share.
//     A health check has only this one. It comes before traceparent because X-Ray has it too.
//  3. A traceparent header, as W3C Trace Context defines it: for servers that no load balancer stands in front of.
//  4. A new id with the time in its first digits, as X-Ray wants it.
//
// Self, Lineage and the custom fields are always those of X-Amzn-Trace-Id. A request that has a trace already keeps it.
//
// Safe only when a trace decides nothing but which lines belong together: a client chooses Root and all else but Self. What it
// chooses can be logged as it is, see [Trace].
//
// It costs three allocations, and one more each for custom fields and for a Root that came as traceparent or is new:
// TestTraceIDAllocations.
func TraceID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if TraceFromContext(r.Context()).Root == "" {
			r = r.WithContext(context.WithValue(r.Context(), traceKey{}, traceOf(r)))
		}
		next.ServeHTTP(w, r)
	})
}

// TraceFromContext returns the trace that [TraceID] found, or the zero Trace if it is not in the chain.
func TraceFromContext(ctx context.Context) Trace {
	t, _ := ctx.Value(traceKey{}).(Trace)
	return t
}

type traceKey struct{}

// lambdaTraceKey is aws-lambda-go's context key of the invocation's trace.
const lambdaTraceKey = "x-amzn-trace-id"

func traceOf(r *http.Request) (t Trace) {
	if lines := r.Header["X-Amzn-Trace-Id"]; len(lines) > 0 {
		t = parseTrace(lines[len(lines)-1])
	}
	if s, ok := r.Context().Value(lambdaTraceKey).(string); ok {
		l := parseTrace(s)
		t.Lambda = LambdaTrace{Root: l.Root, Parent: l.Parent, Sampled: l.Sampled, Lineage: l.Lineage}
	}
	if t.Root == "" {
		t.Root, t.Parent, t.Sampled = t.Lambda.Root, t.Lambda.Parent, t.Lambda.Sampled
	}
	if t.Root == "" {
		t.Root, t.Parent, t.Sampled = parseTraceparent(r.Header["Traceparent"])
	}
	if t.Root == "" {
		t.Root, t.Generated = newTraceRoot(time.Now()), true
	}
	return t
}

// newTraceRoot makes an id that X-Ray takes: the time in seconds and 96 random bits.
func newTraceRoot(now time.Time) string {
	var id [16]byte
	binary.BigEndian.PutUint32(id[:], uint32(now.Unix()))
	_, _ = rand.Read(id[4:]) // never fails
	root := append(make([]byte, 0, len("1-67891233-abcdef012345678912345678")), "1-"...)
	root = append(hex.AppendEncode(root, id[:4]), '-')
	return string(hex.AppendEncode(root, id[4:]))
}
