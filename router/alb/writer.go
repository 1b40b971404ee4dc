package alb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"

	"github.com/albatross-go/albatross/router/problem"
)

// responseWriter gathers a response as net/http's would have sent it: the header is frozen with the status, a status of 204 or
// 304 takes no body, and so on. It may be used from several goroutines; once closed it refuses everything, so that a goroutine
// which outlives its handler reaches no later response.
type responseWriter struct {
	ctx    context.Context
	report func(context.Context, error)
	head   bool // the request's method is HEAD

	mu       sync.Mutex
	header   http.Header // the handler's to change, until it is frozen
	frozen   http.Header // nil before the status is known
	status   int
	body     []byte
	sniffed  int // how many bytes of body had been written at the first Flush; 0 before it
	replaced bool
	closed   bool
}

func newResponseWriter(r *http.Request, report func(context.Context, error)) *responseWriter {
	return &responseWriter{ctx: r.Context(), report: report, head: r.Method == http.MethodHead, header: http.Header{}}
}

func (w *responseWriter) Header() http.Header {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return http.Header{}
	}
	return w.header
}

func (w *responseWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed:
	case w.status != 0:
		w.report(w.ctx, fmt.Errorf("alb: WriteHeader(%d) came after the response had begun with %d and was ignored; return after the first", status, w.status))
	case status >= 100 && status < 200 && status != http.StatusSwitchingProtocols:
		// An informational response has no place in the one answer of an invocation.
	default:
		w.begin(status)
	}
}

// begin freezes status and header. The lock is held.
func (w *responseWriter) begin(status int) {
	w.status = status
	w.frozen = w.header.Clone()
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.admit(); err != nil {
		return 0, err
	}
	w.body = append(w.body, p...)
	return len(p), nil
}

func (w *responseWriter) WriteString(s string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.admit(); err != nil {
		return 0, err
	}
	w.body = append(w.body, s...)
	return len(s), nil
}

// admit prepares for a write of the body, or refuses it. The lock is held.
func (w *responseWriter) admit() error {
	if w.closed {
		return errClosed
	}
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return http.ErrBodyNotAllowed
	}
	return nil
}

var errClosed = errors.New("alb: write after the handler returned; wait for your goroutines before returning")

// ReadFrom copies src, through memory of its own: src may block, or outlive the handler.
func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	return io.Copy(writerOnly{w}, src)
}

// writerOnly hides ReadFrom from io.Copy.
type writerOnly struct{ io.Writer }

// Flush freezes the header, as net/http does, and sends nothing: a load balancer takes the response in one piece.
func (w *responseWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	if w.sniffed == 0 {
		w.sniffed = len(w.body)
	}
}

// replace discards what was written and answers p. The cause of p goes to the error log, where it says why.
func (w *responseWriter) replace(r *http.Request, p *problem.Details) {
	w.mu.Lock()
	w.header, w.frozen, w.status, w.body, w.sniffed, w.replaced = http.Header{}, nil, 0, nil, 0, true
	w.mu.Unlock()
	w.report(w.ctx, p.Unwrap())
	reported := problem.WithObserver(w.ctx, func(error) {})
	problem.Write(w, r.WithContext(reported), p)
}

// close ends the writer's use.
func (w *responseWriter) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	w.header, w.frozen, w.body = nil, nil, nil
}
