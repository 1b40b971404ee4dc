package metrics

import (
	"errors"
	"io"
	"net/http"
)

// recorder passes a response on and notes its status. Like any http.ResponseWriter it is for one goroutine.
type recorder struct {
	http.ResponseWriter
	status int // 0 until it is sent
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) { // what is below may be followed by another
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.status = r.statusOf()
	return r.ResponseWriter.Write(p)
}

func (r *recorder) WriteString(s string) (int, error) {
	r.status = r.statusOf()
	return io.WriteString(r.ResponseWriter, s)
}

// ReadFrom keeps what the writer below does for io.Copy. A source that fails or ends before its first byte sends nothing.
func (r *recorder) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(r.ResponseWriter, src)
	if n > 0 {
		r.status = r.statusOf()
	}
	return n, err
}

// Flush is for those who ask for an http.Flusher.
func (r *recorder) Flush() { _ = r.FlushError() }

// FlushError is for http.ResponseController. Where the writer below cannot flush, nothing is sent.
func (r *recorder) FlushError() error {
	err := http.NewResponseController(r.ResponseWriter).Flush()
	if !errors.Is(err, http.ErrNotSupported) {
		r.status = r.statusOf()
	}
	return err
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// statusOf is the status if the header is sent now: net/http sends 200 where the handler names none.
func (r *recorder) statusOf() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}
