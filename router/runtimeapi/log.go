package runtimeapi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"sync"
)

// tailSize is how much of the log an Invoke call can ask for. Lambda API reference: Invoke, LogResult.
const tailSize = 4 << 10

// A functionLog passes on what the process prints and remembers the end of it.
type functionLog struct {
	mu      sync.Mutex
	tail    []byte // the last tailSize bytes
	written int64  // bytes ever written
}

// copy moves lines from r to w until r ends. An unfinished last line gets its newline.
func (l *functionLog) copy(w io.Writer, r io.Reader) {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		whole := err == nil || errors.Is(err, bufio.ErrBufferFull)
		if !whole && len(line) > 0 {
			line = append(line, '\n')
		}
		l.write(w, line)
		if !whole {
			return
		}
	}
}

func (l *functionLog) write(w io.Writer, line []byte) {
	if len(line) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = w.Write(line) // a broken log must not stop the function
	l.written += int64(len(line))
	l.tail = append(l.tail, line...)
	if n := len(l.tail) - tailSize; n > 0 {
		l.tail = append(l.tail[:0], l.tail[n:]...)
	}
}

// mark is the current end of the log, for since.
func (l *functionLog) mark() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written
}

// since copies what was written after mark, at most the last tailSize bytes.
func (l *functionLog) since(mark int64) []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(l.written-mark, int64(len(l.tail)))
	return bytes.Clone(l.tail[int64(len(l.tail))-n:])
}
