package runtimeapi

import (
	"errors"
	"os"
	"sync"
	"time"
)

// drainLimit is how long an answer may wait for output that came before it: a process may print without end, and whoever reads it may
// be slow.
const drainLimit = 500 * time.Millisecond

// An output is the end of a pipe that a process prints to, with one reader.
type output struct {
	*os.File

	mu      sync.Mutex
	waiting []chan struct{} // closed when all is read that was in the pipe
	ended   bool
}

// outputPipe returns both ends of a pipe.
func outputPipe() (*output, *os.File, error) {
	r, w, err := os.Pipe()
	return &output{File: r}, w, err
}

// Read is called again only when what it returned has been passed on.
func (o *output) Read(p []byte) (int, error) {
	for {
		n, err := o.File.Read(p)
		if errors.Is(err, os.ErrDeadlineExceeded) { // set by drain
			if n, err = o.readNow(p); n == 0 && err == nil {
				o.drained()
				continue
			}
		}
		if err != nil {
			o.end()
		}
		return n, err
	}
}

// readNow reads what is in the pipe, without waiting.
func (o *output) readNow(p []byte) (n int, err error) {
	conn, err := o.SyscallConn()
	if err != nil {
		return 0, err
	}
	controlErr := conn.Control(func(fd uintptr) { n, err = readNonblocking(fd, p) })
	return n, errors.Join(err, controlErr)
}

// drained lets those go that wait, and the reader wait again.
func (o *output) drained() {
	o.mu.Lock()
	defer o.mu.Unlock()
	_ = o.SetReadDeadline(time.Time{})
	for _, w := range o.waiting {
		close(w)
	}
	o.waiting = nil
}

func (o *output) end() {
	o.mu.Lock()
	o.ended = true
	o.mu.Unlock()
	o.drained()
}

// drain returns when what is in the pipe now has been passed on.
func (o *output) drain() {
	done := make(chan struct{})
	o.mu.Lock()
	if o.ended || o.SetReadDeadline(time.Unix(1, 0)) != nil {
		o.mu.Unlock()
		return
	}
	o.waiting = append(o.waiting, done)
	o.mu.Unlock()
	limit := time.NewTimer(drainLimit)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	}
}
