package middleware

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"sync"
)

// timeoutWriter keeps a response until the handler has returned. Once it has ended it refuses everything.
type timeoutWriter struct {
	header http.Header // the handler's to change

	mu      sync.Mutex
	refusal error // once it has ended
	begun   bool  // status and header are frozen
	status  int
	frozen  http.Header
	body    []byte
}

var errReturned = errors.New("middleware: write after the handler returned; wait for your goroutines before returning")

// end reports whether the writer had not ended before.
func (w *timeoutWriter) end(refusal error) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refusal != nil {
		return false
	}
	w.refusal = refusal
	return true
}

// observe shows a problem to the request's observer while the request's goroutine waits. From a handler whose time has run out, that it
// has is no news.
func (w *timeoutWriter) observe(r *http.Request, observe func(error), ranOut bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case ranOut && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)):
	case w.refusal != nil:
		logLate(r, fmt.Sprintf("%.1000q", err))
	default:
		observe(err)
	}
}

func (w *timeoutWriter) Header() http.Header { return w.header }

func (w *timeoutWriter) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		return // there is nobody to inform
	}
	w.mu.Lock()
	w.begin(status)
	w.mu.Unlock()
}

// begin freezes status and header. The lock is held.
func (w *timeoutWriter) begin(status int) {
	if w.refusal == nil && !w.begun {
		w.begun, w.status, w.frozen = true, status, w.header.Clone()
	}
}

func (w *timeoutWriter) Write(p []byte) (int, error) {
	err := w.lockForWrite()
	if err == nil {
		w.body = append(w.body, p...)
		w.mu.Unlock()
		return len(p), nil
	}
	return 0, err
}

func (w *timeoutWriter) WriteString(s string) (int, error) {
	err := w.lockForWrite()
	if err == nil {
		w.body = append(w.body, s...)
		w.mu.Unlock()
		return len(s), nil
	}
	return 0, err
}

// lockForWrite takes the lock for a write of the body, unless that is refused.
func (w *timeoutWriter) lockForWrite() error {
	w.mu.Lock()
	w.begin(http.StatusOK)
	err := w.refusal
	if err == nil && (w.status == http.StatusNoContent || w.status == http.StatusNotModified) {
		err = http.ErrBodyNotAllowed
	}
	if err != nil {
		w.mu.Unlock()
	}
	return err
}

// Flush freezes the header, as net/http does, which sniffs the type of what has been written by then.
func (w *timeoutWriter) Flush() {
	w.mu.Lock()
	w.begin(http.StatusOK)
	if w.refusal == nil && len(w.body) > 0 && w.frozen["Content-Type"] == nil && w.frozen["Content-Encoding"] == nil {
		w.frozen["Content-Type"] = []string{http.DetectContentType(w.body)}
	}
	w.mu.Unlock()
}

// passOn sends the response that was kept. The writer has ended.
func (w *timeoutWriter) passOn(to http.ResponseWriter) {
	header := w.header
	if w.begun {
		header = w.frozen
	}
	clear(to.Header()) // what the handler deleted stays deleted
	maps.Copy(to.Header(), header)
	if w.begun {
		to.WriteHeader(w.status)
	}
	if len(w.body) > 0 {
		_, _ = to.Write(w.body) // a client that went away is the server's concern
	}
}
