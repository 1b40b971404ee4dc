package middleware

import (
	"errors"
	"io"
	"net/http"
)

// responseWriter passes a response on and notes what it was. Like any http.ResponseWriter it is for one goroutine.
type responseWriter struct {
	http.ResponseWriter
	status int              // 0 until the header is frozen
	bytes  int64            // of body
	freeze func(status int) // if not nil, called once while the header can still be changed
}

// begin is called before the first byte or header goes out.
func (w *responseWriter) begin(status int) {
	if w.status != 0 {
		return
	}
	w.status = status
	if w.freeze != nil {
		w.freeze(status)
	}
}

func (w *responseWriter) WriteHeader(status int) {
	if status >= 200 && status <= 999 || status == http.StatusSwitchingProtocols { // below may be followed by another, above is refused
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

func (w *responseWriter) WriteString(s string) (int, error) {
	w.begin(http.StatusOK)
	n, err := io.WriteString(w.ResponseWriter, s)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom keeps what the writer below does for io.Copy. A source that fails or ends before its first byte begins nothing.
func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.freeze != nil && w.status == 0 {
		src = &firstRead{src, w}
	}
	n, err := io.Copy(w.ResponseWriter, src)
	if n > 0 {
		w.begin(http.StatusOK)
	}
	w.bytes += n
	return n, err
}

// firstRead begins the response when the source has a byte for it.
type firstRead struct {
	io.Reader
	w *responseWriter
}

func (r *firstRead) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if n > 0 {
		r.w.begin(http.StatusOK)
	}
	return n, err
}

// Flush is for those who ask for an http.Flusher.
func (w *responseWriter) Flush() { _ = w.FlushError() }

// FlushError is for http.ResponseController. Where the writer below cannot flush, nothing is sent and nothing begun, but what freeze
// does to the header is done.
func (w *responseWriter) FlushError() error {
	if w.freeze != nil {
		w.begin(http.StatusOK)
	}
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		w.begin(http.StatusOK)
	}
	return err
}

// Unwrap is for http.ResponseController.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// statusOf is the status of a response whose handler has returned: net/http sends 200 for one that wrote nothing.
func (w *responseWriter) statusOf() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
