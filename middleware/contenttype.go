package middleware

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/albatross-go/albatross/middleware/internal/response"
)

// ContentType gives responses a media type where the handler sets none: without it, net/http guesses one from the first bytes, and
// makes text/plain of JSON. To text/* it adds charset=utf-8, unless mediaType names a charset; no other type gets one, and JSON has
// none (RFC 8259 section 11).
//
// Only a response with a body gets the type: none with status 204, 205 or 304, none whose handler writes no byte. A response to
// HEAD has a body in this sense when its handler writes one that is not sent, and so gets the type of the GET. With a
// Content-Encoding it is the type of what was encoded (RFC 9110 section 8.4). A handler that wants no type at all sets
// w.Header()["Content-Type"] = nil.
//
// To know whether a body follows, a status set without a type is sent on with the first byte, with Flush, or when the handler
// returns. It is frozen with its header all the same.
//
// ContentType panics if mediaType is none.
func ContentType(mediaType string) func(http.Handler) http.Handler {
	essence, parameters, err := mime.ParseMediaType(mediaType)
	if kind, _ := parseMediaType(essence); err != nil || kind == "" {
		panic(fmt.Sprintf("middleware: ContentType was given %q; give a media type, such as application/json", mediaType))
	}
	if strings.HasPrefix(essence, "text/") && parameters["charset"] == "" {
		parameters["charset"] = "utf-8"
	}
	mediaType = mime.FormatMediaType(essence, parameters)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tw := &typedWriter{ResponseWriter: w, mediaType: [1]string{mediaType}}
			next.ServeHTTP(tw, r)
			tw.send(false)
		})
	}
}

// typedWriter holds the status back until it is known whether a body follows.
type typedWriter struct {
	http.ResponseWriter
	mediaType [1]string   // as it is put into the header
	status    int         // 0 until there is one
	frozen    http.Header // what the header was then, while the status is held back
	sent      bool
}

func (w *typedWriter) WriteHeader(status int) {
	if w.status == 0 && !w.sent && w.Header()["Trailer"] != nil { // set while the body is written: there will be one
		w.status = status
		w.send(true)
		return
	}
	switch _, typed := w.Header()["Content-Type"]; {
	case status >= 100 && status < 200 && status != http.StatusSwitchingProtocols, w.sent:
		w.ResponseWriter.WriteHeader(status)
	case w.status != 0: // it is held back; the second one counts for nothing
	case typed || status == http.StatusNoContent || status == http.StatusResetContent || status == http.StatusNotModified:
		w.status, w.sent = status, true
		w.ResponseWriter.WriteHeader(status)
	default:
		w.status, w.frozen = status, w.Header().Clone()
	}
}

// send sends the status, with the type if a body follows.
func (w *typedWriter) send(body bool) {
	if w.sent {
		return
	}
	w.sent = true
	h := w.Header()
	if w.frozen != nil {
		response.Thaw(h, w.frozen)
	}
	if _, typed := h["Content-Type"]; body && !typed {
		h["Content-Type"] = w.mediaType[:]
	}
	if w.status != 0 {
		w.ResponseWriter.WriteHeader(w.status)
	}
}

func (w *typedWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, w.writeNothing()
	}
	w.send(true)
	return w.ResponseWriter.Write(p)
}

func (w *typedWriter) WriteString(s string) (int, error) {
	if s == "" {
		return 0, w.writeNothing()
	}
	w.send(true)
	return io.WriteString(w.ResponseWriter, s)
}

// writeNothing begins a response without saying that a body follows.
func (w *typedWriter) writeNothing() error {
	if w.sent {
		_, err := w.ResponseWriter.Write(nil)
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// ReadFrom keeps what the writer below does for io.Copy, once the first bytes have come.
func (w *typedWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.sent {
		return io.Copy(w.ResponseWriter, src)
	}
	return io.Copy(struct{ io.Writer }{w}, src)
}

// Flush sends the header, and so has to take it that a body follows.
func (w *typedWriter) Flush() {
	w.send(true)
	_ = http.NewResponseController(w.ResponseWriter).Flush() // http.Flusher has no error
}

// Unwrap is for http.ResponseController.
func (w *typedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
