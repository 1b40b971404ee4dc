package metrics

import (
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

// ReadFrom keeps what the writer below does for io.Copy.
func (r *recorder) ReadFrom(src io.Reader) (int64, error) {
	r.status = r.statusOf()
	return io.Copy(r.ResponseWriter, src)
}

// Flush is for those who ask for an http.Flusher. Where the writer below has none, nothing is sent early.
func (r *recorder) Flush() {
	r.status = r.statusOf()
	_ = http.NewResponseController(r.ResponseWriter).Flush()
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
