package compress

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/albatross-go/albatross/middleware/internal/response"
)

// writer holds a body back until it is known whether compression pays. Like any http.ResponseWriter it is for one goroutine.
type writer struct {
	http.ResponseWriter
	request *http.Request
	coding  coding // that the client prefers
	minSize int
	maxHeld int
	base64  bool // a binary body travels as base64

	state   state
	status  int         // to be sent, while the body is held back
	frozen  http.Header // likewise, as it was when the handler began to write
	body    []byte
	encoder encoder
}

type state int

const (
	undecided   state = iota // the handler has written nothing yet
	holding                  // the body is held back
	passing                  // everything goes through
	compressing              // everything goes through the encoder
	ended                    // the handler has returned
)

var errEnded = errors.New("compress: write after the handler returned; wait for your goroutines before returning")

// begin decides what becomes of the response.
func (w *writer) begin(status int) {
	h := w.Header()
	w.state = passing
	if !mayCompress(status, h) {
		if status == http.StatusPartialContent && compressible(h.Get("Content-Type")) {
			addVary(h) // as the whole would have, RFC 9110 section 15.3.7
		}
		return
	}
	addVary(h)
	if length, err := strconv.Atoi(h.Get("Content-Length")); err == nil && length < w.minSize {
		return
	}
	switch {
	case status == http.StatusNotModified:
		// The client has the response, perhaps compressed, and takes over the tag that comes now.
		if tag := h.Get("Etag"); strings.Contains(strings.Join(w.request.Header["If-None-Match"], ","), "W/"+tag) {
			weakenETag(h)
		}
	case w.coding != "":
		w.state, w.status, w.frozen = holding, status, maps.Clone(h)
	}
}

func (w *writer) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.state == undecided {
		w.begin(status)
	}
	if w.state == passing {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *writer) Write(p []byte) (int, error) {
	if w.state == undecided {
		w.begin(http.StatusOK)
	}
	if w.state == holding {
		if len(w.body)+len(p) <= w.maxHeld {
			w.body = append(w.body, p...)
			return len(p), nil
		}
		if err := w.stream(); err != nil {
			return 0, err
		}
	}
	switch w.state {
	case compressing:
		return w.encoder.Write(p)
	case ended:
		return 0, errEnded
	default:
		return w.ResponseWriter.Write(p)
	}
}

// ReadFrom keeps what the writer below does for io.Copy.
func (w *writer) ReadFrom(src io.Reader) (int64, error) {
	if w.state == undecided {
		w.begin(http.StatusOK)
	}
	if w.state == passing {
		return io.Copy(w.ResponseWriter, src)
	}
	return io.Copy(struct{ io.Writer }{w}, src)
}

// Flush is for those who ask for an http.Flusher. Where the writer below has none, nothing is sent early.
func (w *writer) Flush() {
	if w.state == undecided {
		w.begin(http.StatusOK)
	}
	switch {
	case w.state == ended, w.base64 && w.state != passing:
		return
	case w.state == holding:
		_ = w.pass() // the next write sees the error too
	case w.state == compressing:
		_ = w.encoder.Flush()
	}
	_ = http.NewResponseController(w.ResponseWriter).Flush()
}

// Unwrap is for http.ResponseController.
func (w *writer) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// pass sends what is held back as it is.
func (w *writer) pass() error {
	w.state = passing
	return w.send(w.body)
}

// stream begins to send what is held back compressed, because there is too much of it.
func (w *writer) stream() error {
	if !w.sniff() {
		return w.pass()
	}
	held := w.body
	w.state, w.encoder = compressing, w.coding.newEncoder(w.ResponseWriter)
	w.describe(-1)
	if err := w.send(nil); err != nil {
		return err
	}
	_, err := w.encoder.Write(held)
	return err
}

// finish sends what is left when the handler has returned.
func (w *writer) finish() {
	switch w.state {
	case undecided: // nothing was written, and the server sends the header
		w.begin(http.StatusOK)
		w.headOnly(w.Header())
	case holding:
		w.headOnly(w.frozen)
		body := w.body
		if compressed := w.compressed(); compressed != nil {
			w.describe(len(compressed))
			body = compressed
		}
		_ = w.send(body) // a client that went away is the server's concern
	case compressing:
		_ = w.encoder.Close()
	default:
	}
	w.state = ended
}

// compressed returns what is held back in compressed form, or nil where that does not pay.
func (w *writer) compressed() []byte {
	if len(w.body) < max(w.minSize, 1) || !w.sniff() {
		return nil
	}
	var buf bytes.Buffer
	buf.Grow(len(w.body) / 2)
	enc := w.coding.newEncoder(&buf)
	_, err := enc.Write(w.body)
	if closeErr := enc.Close(); err != nil || closeErr != nil {
		return nil
	}
	if w.base64 && buf.Len() < len(w.body) {
		const field = len(`"Content-Encoding":["gzip"],`)
		if field+base64.StdEncoding.EncodedLen(buf.Len()) >= jsonLen(w.body) {
			return nil
		}
	}
	if buf.Len() >= len(w.body) {
		return nil
	}
	return buf.Bytes()
}

// sniff reports whether what is held back is of a compressible type, which is found as net/http finds it where the handler named
// none.
func (w *writer) sniff() bool {
	if w.frozen["Content-Type"] != nil {
		return true
	}
	found := http.DetectContentType(w.body)
	if !compressible(found) {
		return false
	}
	w.frozen["Content-Type"] = []string{found}
	return true
}

// describe makes the header that of a compressed body of n bytes, or of an unknown number if n is negative.
func (w *writer) describe(n int) {
	h := w.frozen
	h["Content-Encoding"] = []string{string(w.coding)}
	delete(h, "Content-Length")
	if n >= 0 {
		h["Content-Length"] = []string{strconv.Itoa(n)}
	}
	delete(h, "Accept-Ranges") // ranges would be of the body before compression
	weakenETag(h)
}

// headOnly leaves out what is known for sure only with the body, in the answer to a HEAD that wrote none.
func (w *writer) headOnly(h http.Header) {
	if w.state == holding && w.request.Method == http.MethodHead && len(w.body) == 0 {
		delete(h, "Content-Length")
		weakenETag(h)
	}
}

// send sends the header as it was when the handler began to write, and body.
func (w *writer) send(body []byte) error {
	response.Thaw(w.Header(), w.frozen)
	w.ResponseWriter.WriteHeader(w.status)
	w.body = nil
	if len(body) == 0 {
		return nil
	}
	_, err := w.ResponseWriter.Write(body)
	return err
}

// jsonLen returns how long a body is in the JSON of a function's response: as text with escapes, or as base64 where it is no text.
func jsonLen(body []byte) int {
	if !utf8.Valid(body) {
		return base64.StdEncoding.EncodedLen(len(body))
	}
	n := len(body)
	for _, c := range body {
		switch c {
		case '"', '\\', '\b', '\f', '\n', '\r', '\t':
			n++
		default:
			if c < ' ' {
				n += len(`\u0000`) - 1
			}
		}
	}
	return n
}
