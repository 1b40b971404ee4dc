package runtimeapi

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// An Invocation is one event that the process was given, and what became of it.
type Invocation struct {
	Context      context.Context // that of Invoke, for its values
	RequestID    string          // as the function was told
	Start        time.Time       // when the process was given the event
	Duration     time.Duration   // until it answered or failed
	Cold         bool            // whether it was the first of its process
	InitDuration time.Duration   // of the process; see [Runtime.InitDuration]
	Err          error           // what Invoke returns: a [*FunctionError] or [ErrClosed], nil for none
}

// An invocation is one event on its way through the function. The fields up to limit are set by its maker, those up to
// timer by the environment that hands it out, the last ones by whoever closes done.
type invocation struct {
	id            string
	arn           string
	traceID       string
	clientContext string // JSON, "" if none
	payload       []byte
	limit         time.Time // the caller's own deadline, zero if none

	started      time.Time
	cold         bool
	initDuration time.Duration
	deadline     time.Time
	timer        *time.Timer

	done     chan struct{}
	ended    time.Time
	response []byte
	err      error
}

// newInvocation copies the payload, since the caller may leave and reuse it while the process is still reading.
func newInvocation(ctx context.Context, arn string, payload []byte) *invocation {
	limit, _ := ctx.Deadline()
	// The key is that of aws-lambda-go, where a function finds its own trace ID.
	incoming, _ := ctx.Value("x-amzn-trace-id").(string)
	return &invocation{
		id:      newUUID(),
		arn:     arn,
		traceID: newTraceID(incoming),
		payload: bytes.Clone(payload),
		limit:   limit,
		done:    make(chan struct{}),
	}
}

// finish answers the caller. It must be called once.
func (inv *invocation) finish(response []byte, err error) {
	inv.response, inv.err, inv.ended = response, err, time.Now()
	close(inv.done)
}

// report tells the observer, once the invocation is done.
func (inv *invocation) report(ctx context.Context, observer func(Invocation)) {
	if observer == nil {
		return
	}
	observer(Invocation{
		Context:      ctx,
		RequestID:    inv.id,
		Start:        inv.started,
		Duration:     inv.ended.Sub(inv.started),
		Cold:         inv.cold,
		InitDuration: inv.initDuration,
		Err:          inv.err,
	})
}

// setHeader describes the invocation to the process. Lambda developer guide: Runtime API, Next invocation.
func (inv *invocation) setHeader(h http.Header) {
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", inv.arn)
	h.Set("Lambda-Runtime-Trace-Id", inv.traceID)
	if inv.clientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", inv.clientContext)
	}
}

// newTraceID continues the trace of an incoming X-Amzn-Trace-Id value, or begins one that is not sampled. Lambda keeps
// the root and the sampling decision, and is itself the parent.
func newTraceID(incoming string) string {
	root, sampled := "", "0"
	for field := range strings.SplitSeq(incoming, ";") {
		switch key, value, _ := strings.Cut(strings.TrimSpace(field), "="); key {
		case "Root":
			root = value
		case "Sampled":
			sampled = value
		}
	}
	if root == "" {
		root = fmt.Sprintf("1-%08x-%x", time.Now().Unix(), randomBytes(12))
	}
	return fmt.Sprintf("Root=%s;Parent=%x;Sampled=%s", root, randomBytes(8), sampled)
}

// newUUID is a random UUID, version 4 of RFC 9562.
func newUUID() string {
	b := randomBytes(16)
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
