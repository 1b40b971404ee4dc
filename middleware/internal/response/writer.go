// Package response has what several middlewares need that watch a response go by or hold one back.
package response

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
)

// Writer passes a response on and notes what it was. Like any http.ResponseWriter it is for one goroutine.
type Writer struct {
	http.ResponseWriter
	Status int              // 0 until the header is frozen
	Bytes  int64            // of body
	Freeze func(status int) // if not nil, called once while the header can still be changed
}

// Begin notes the status, unless there is one. It is called before the first byte or header goes out.
func (w *Writer) Begin(status int) {
	if w.Status != 0 {
		return
	}
	w.Status = status
	if w.Freeze != nil {
		w.Freeze(status)
	}
}

// WriteHeader notes a status that the writer below will send.
func (w *Writer) WriteHeader(status int) {
	if status >= 200 && status <= 999 || status == http.StatusSwitchingProtocols { // below may be followed by another, above is refused
		w.Begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *Writer) Write(p []byte) (int, error) {
	w.Begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.Bytes += int64(n)
	return n, err
}

// WriteString keeps what the writer below does for io.WriteString.
func (w *Writer) WriteString(s string) (int, error) {
	w.Begin(http.StatusOK)
	n, err := io.WriteString(w.ResponseWriter, s)
	w.Bytes += int64(n)
	return n, err
}

// ReadFrom keeps what the writer below does for io.Copy. A source that fails or ends before its first byte begins nothing.
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	if w.Freeze != nil && w.Status == 0 {
		src = &firstRead{src, w}
	}
	n, err := io.Copy(w.ResponseWriter, src)
	if n > 0 {
		w.Begin(http.StatusOK)
	}
	w.Bytes += n
	return n, err
}

// firstRead begins the response when the source has a byte for it.
type firstRead struct {
	io.Reader
	w *Writer
}

func (r *firstRead) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.w.Begin(http.StatusOK)
	}
	return n, err
}

// Flush is for those who ask for an http.Flusher.
func (w *Writer) Flush() { _ = w.FlushError() }

// FlushError is for http.ResponseController. Where the writer below cannot flush, nothing is sent and nothing begun, but what Freeze
// does to the header is done.
func (w *Writer) FlushError() error {
	if w.Freeze != nil {
		w.Begin(http.StatusOK)
	}
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		w.Begin(http.StatusOK)
	}
	return err
}

// Unwrap is for http.ResponseController.
func (w *Writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// FinalStatus is the status of a response whose handler has returned: net/http sends 200 for one that wrote nothing.
func (w *Writer) FinalStatus() int {
	if w.Status == 0 {
		return http.StatusOK
	}
	return w.Status
}

// Thaw undoes what a handler has done to a header since the copy was made, which is when it began to write. What it has set under
// http.TrailerPrefix stays.
func Thaw(h, frozen http.Header) {
	for name := range h {
		if !strings.HasPrefix(name, http.TrailerPrefix) {
			delete(h, name)
		}
	}
	maps.Copy(h, frozen)
}
