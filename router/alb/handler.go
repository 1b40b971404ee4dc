package alb

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/albatross-go/albatross/router/problem"
)

// Handler serves a load balancer's events with an [http.Handler]. It is a lambda.Handler of aws-lambda-go and safe for
// concurrent use; nothing of one invocation is kept for the next.
type Handler struct {
	next http.Handler
	config
	warnCookies sync.Once
}

// NewHandler returns a Handler that serves events with next. It panics if next is nil.
func NewHandler(next http.Handler, opts ...Option) *Handler {
	if next == nil {
		panic("alb: NewHandler was given a nil http.Handler; pass your router")
	}
	h := &Handler{next: next, config: defaults()}
	for _, opt := range opts {
		opt.apply(&h.config)
	}
	return h
}

// Invoke serves one event and returns the response as JSON.
//
// The error is for payloads that are no event of an Application Load Balancer; it says what the payload looks like and what to
// do about it. A request that can be told apart as one is always answered with a response, also when the handler panics: the
// load balancer shows an error, whatever its text, as a bare 502.
//
// Invoke keeps no reference to the payload, which the Lambda runtime reuses.
func (h *Handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	b := buffersPool.Get().(*buffers)
	if err := b.decode(payload); err != nil {
		b.giveBack()
		return nil, err
	}
	inv := &invocation{Context: ctx, handler: h, payload: payload, buffers: b}
	inv.writer.inv, inv.answer = inv, &inv.writer
	defer inv.end()

	r, err := inv.newRequest()
	if err != nil {
		inv.report(err)
		problem.Write(&inv.writer, r, err)
	} else {
		inv.serve(r)
	}
	out, p := inv.response()
	if p != nil {
		inv.replace(r, p)
		out, _ = inv.response()
	}
	return out, nil
}

// serve runs the handler. A panic becomes a 500; it must not reach the Lambda runtime, which ends the process.
func (inv *invocation) serve(r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			inv.recovered(r, v)
		}
	}()
	inv.handler.next.ServeHTTP(&inv.writer, r)
}

func (inv *invocation) recovered(r *http.Request, v any) {
	p, ok := v.(*PanicError) // raised again, as middleware does for a handler in another goroutine
	if !ok {
		p = &PanicError{Value: v}
		if v != http.ErrAbortHandler { //nolint:errorlint // net/http compares the recovered value too
			p.Stack = debug.Stack()
		}
	}
	inv.replace(r, problem.Wrap(p, http.StatusInternalServerError, ""))
}

func (h *Handler) report(ctx context.Context, err error) {
	if h.errorLog != nil {
		h.errorLog(ctx, err)
		return
	}
	line := printable(err.Error())
	if p, ok := errors.Unwrap(err).(*PanicError); ok && p.Stack != nil { //nolint:errorlint // inv.report wraps once
		line += "\n" + string(p.Stack)
	}
	log.Print(line)
}

// PanicError reports a panic of the handler to the error log.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the goroutine's stack, as debug.Stack prints it; nil for http.ErrAbortHandler
}

// Error shows the value, without the stack.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value, where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
