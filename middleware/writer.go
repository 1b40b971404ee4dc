package middleware

import (
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
	if status >= 200 || status == http.StatusSwitchingProtocols { // what is below may be followed by another
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

// ReadFrom keeps what the writer below does for io.Copy.
func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	w.begin(http.StatusOK)
	n, err := io.Copy(w.ResponseWriter, src)
	w.bytes += n
	return n, err
}

// Flush is for those who ask for an http.Flusher. Where the writer below has none, nothing is sent early.
func (w *responseWriter) Flush() {
	w.begin(http.StatusOK)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
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
