package alb

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/albatross-go/albatross/router/problem"
)

// responseWriter gathers a response as net/http's would have sent it: the header is frozen with the status, a status of 204 or
// 304 takes no body, and so on. It may be used from several goroutines; once it has ended it refuses everything, so that a
// goroutine which outlives its handler reaches no later response.
type responseWriter struct {
	inv *invocation

	mu       sync.Mutex
	header   http.Header // the handler's to change
	begun    bool        // status and header are frozen, the latter in inv.buffers.lines
	status   int
	noType   bool // the handler asked for no content type
	sniffed  int  // how many bytes of body had been written at the first Flush; 0 before it
	replaced bool
	ended    bool
}

// headerLine is one line of a header.
type headerLine struct{ name, value string }

func (w *responseWriter) Header() http.Header {
	w.mu.Lock()
	if w.header == nil {
		w.header = make(http.Header)
	}
	h := w.header
	w.mu.Unlock()
	return h
}

func (w *responseWriter) WriteHeader(status int) {
	w.mu.Lock()
	begun := w.status
	switch {
	case w.ended, w.begun:
	case status >= 100 && status < 200 && status != http.StatusSwitchingProtocols:
		// An informational response has no place in the one answer of an invocation.
	default:
		w.begin(status)
		begun = 0
	}
	ended := w.ended
	w.mu.Unlock()
	if begun != 0 && !ended {
		w.inv.reportf("WriteHeader(%d) came after the response had begun with %d and was ignored; return after the first", status, begun)
	}
}

// begin freezes status and header, the latter sorted by name. The lock is held.
func (w *responseWriter) begin(status int) {
	w.begun, w.status = true, status
	b := w.inv.buffers
	names, lines := b.names[:0], b.lines[:0]
	for name := range w.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		values := w.header[name]
		for _, value := range values {
			lines = append(lines, headerLine{name, value})
		}
		w.noType = w.noType || name == "Content-Type" && len(values) == 0
	}
	b.names, b.lines = names, lines
}

func (w *responseWriter) Write(p []byte) (int, error) {
	err := w.lockForWrite()
	if err == nil {
		w.inv.buffers.response = append(w.inv.buffers.response, p...)
		w.mu.Unlock()
		return len(p), nil
	}
	return 0, err
}

func (w *responseWriter) WriteString(s string) (int, error) {
	err := w.lockForWrite()
	if err == nil {
		w.inv.buffers.response = append(w.inv.buffers.response, s...)
		w.mu.Unlock()
		return len(s), nil
	}
	return 0, err
}

// lockForWrite takes the lock for a write of the body, unless that is refused.
func (w *responseWriter) lockForWrite() error {
	w.mu.Lock()
	if !w.ended && !w.begun {
		w.begin(http.StatusOK)
	}
	switch {
	case w.ended:
		w.mu.Unlock()
		return errEnded
	case w.status == http.StatusNoContent, w.status == http.StatusNotModified:
		w.mu.Unlock()
		return http.ErrBodyNotAllowed
	}
	return nil
}

var errEnded = errors.New("alb: write after the handler returned; wait for your goroutines before returning")

// ReadFrom copies src. What is not the request's own body goes through memory of its own: src may block, or outlive the handler.
func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	if b, ok := src.(*body); ok && b == &w.inv.body {
		return b.writeTo(w)
	}
	return io.Copy(writerOnly{w}, src)
}

// writerOnly hides ReadFrom from io.Copy.
type writerOnly struct{ io.Writer }

// Flush freezes the header, as net/http does, and sends nothing: a load balancer takes the response in one piece.
func (w *responseWriter) Flush() {
	if w.lockForWrite() != nil {
		return
	}
	if w.sniffed == 0 {
		w.sniffed = len(w.inv.buffers.response)
	}
	w.mu.Unlock()
}

// replace discards what was written and answers p, on a writer that no handler knows. The cause of p goes to the error log, where it
// says why.
func (inv *invocation) replace(r *http.Request, p *problem.Details) {
	inv.writer.end()
	inv.answer = &responseWriter{inv: inv, replaced: true}
	inv.buffers.response = inv.buffers.response[:0]
	inv.report(p.Unwrap())
	reported := problem.WithObserver(inv, func(error) {})
	problem.Write(inv.answer, r.WithContext(reported), p)
}

// end ends the handler's use of the writer.
func (w *responseWriter) end() {
	w.mu.Lock()
	w.ended, w.header = true, nil
	w.mu.Unlock()
}
