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
	ev, err := decode(payload)
	if err != nil {
		return nil, err
	}
	raw := &rawEvent{payload: payload}
	defer raw.release()
	ctx, cancel := context.WithCancel(ctx) // net/http cancels a request's context when its handler returns
	defer cancel()

	r, err := newRequest(h.requestContext(ctx, ev, raw), ev)
	body := r.Body // the handler may put another in its place
	defer body.Close()
	w := newResponseWriter(r, h.report)
	if err != nil {
		h.report(ctx, err)
		problem.Write(w, r, err)
	} else {
		h.serve(w, r)
	}
	return h.respond(w, r, ev.multi), nil
}

// serve runs the handler. A panic becomes a 500; it must not reach the Lambda runtime, which ends the process.
func (h *Handler) serve(w *responseWriter, r *http.Request) {
	defer func() {
		v := recover()
		switch {
		case v == nil:
		case v == http.ErrAbortHandler: //nolint:errorlint // net/http compares the recovered value too
			w.replace(r, problem.Wrap(fmt.Errorf("alb: %s aborted: %w", describe(r), http.ErrAbortHandler), http.StatusInternalServerError, ""))
		default:
			w.replace(r, problem.Wrap(&PanicError{Value: v, Stack: debug.Stack(), route: describe(r)}, http.StatusInternalServerError, ""))
		}
	}()
	h.next.ServeHTTP(w, r)
}

// respond encodes what was written, or a 500 in its place where the load balancer would refuse it with a bare 502.
func (h *Handler) respond(w *responseWriter, r *http.Request, multi bool) []byte {
	out, p := h.encode(w, r, multi)
	if p != nil {
		w.replace(r, p)
		out, _ = h.encode(w, r, multi)
	}
	w.close()
	return out
}

func (h *Handler) encode(w *responseWriter, r *http.Request, multi bool) ([]byte, *problem.Details) {
	res, p := w.response(multi, h.setCookieVariants)
	if p != nil {
		return nil, p
	}
	if res.cookiesInOneField {
		h.warnCookies.Do(func() { h.report(r.Context(), errCookies) })
	}
	out := encode(res, multi)
	if len(out) > h.maxResponseBytes && !w.replaced {
		return nil, problem.Wrap(
			fmt.Errorf("alb: %s: response of %d bytes as JSON is over the limit of %d; compress it, page it, or answer with a link to where it is stored", describe(r), len(out), h.maxResponseBytes),
			http.StatusInternalServerError,
			fmt.Sprintf("The response is too large: %d bytes, where %d can be sent.", len(out), h.maxResponseBytes))
	}
	return out, nil
}

var errCookies = errors.New("alb: several Set-Cookie fields for a single-value target group were sent under case variants of the name, " +
	"which load balancers pass on but AWS does not promise; set lambda.multi_value_headers.enabled to true on the target group (this is said once)")

func (h *Handler) report(ctx context.Context, err error) {
	if h.errorLog != nil {
		h.errorLog(ctx, err)
		return
	}
	var p *PanicError
	if errors.As(err, &p) {
		log.Printf("%v\n%s", err, p.Stack)
		return
	}
	log.Print(err)
}

// PanicError reports a panic of the handler to the error log.
type PanicError struct {
	Value any    // what was passed to panic
	Stack []byte // the goroutine's stack, as debug.Stack prints it
	route string
}

func (e *PanicError) Error() string {
	return fmt.Sprintf("alb: panic serving %s: %v", e.route, e.Value)
}

// Unwrap returns the value, where it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// describe names a request in one log line. Quoting keeps a client from forging a second one.
func describe(r *http.Request) string {
	if r.Pattern != "" {
		return fmt.Sprintf("%s %q (route %q)", r.Method, r.URL.Path, r.Pattern)
	}
	return fmt.Sprintf("%s %q", r.Method, r.URL.Path)
}
