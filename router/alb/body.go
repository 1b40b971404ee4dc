package alb

import (
	"io"
	"net/http"
	"sync"
)

// body is a request's body, whole in memory. After Close it reads as net/http's does.
type body struct {
	mu     sync.Mutex
	rest   []byte
	closed bool
}

func newBody(content []byte) *body { return &body{rest: content} }

func (b *body) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if len(b.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *body) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.rest = nil
	return nil
}
