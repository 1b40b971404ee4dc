package alb

import (
	"io"
	"net/http"
	"sync"
)

// body is a request's body, whole in memory that is not its own. After Close, and after the handler, it reads as net/http's does.
type body struct {
	mu     sync.Mutex
	rest   []byte
	closed bool
}

func (b *body) Read(p []byte) (n int, err error) {
	b.mu.Lock()
	switch n = copy(p, b.rest); {
	case b.closed:
		err = http.ErrBodyReadAfterClose
	case len(b.rest) == 0:
		err = io.EOF
	}
	b.rest = b.rest[n:]
	b.mu.Unlock()
	return n, err
}

func (b *body) Close() error {
	b.mu.Lock()
	b.rest, b.closed = nil, true
	b.mu.Unlock()
	return nil
}

// writeTo reads to the end at once, for the response writer, which copies what it is given while the invocation lasts.
func (b *body) writeTo(w *responseWriter) (int64, error) {
	b.mu.Lock()
	rest, closed := b.rest, b.closed
	b.rest = nil
	b.mu.Unlock()
	switch {
	case closed:
		return 0, http.ErrBodyReadAfterClose
	case len(rest) == 0:
		return 0, nil
	}
	n, err := w.Write(rest)
	return int64(n), err
}
