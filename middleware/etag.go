package middleware

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/middleware/internal/response"
)

// maxETagBytes is how much of a body ETag holds back. A load balancer takes no more than this of a function.
const maxETagBytes = 1 << 20

// ETag gives answers to GET and HEAD with status 200 a strong entity tag, and answers 304 without a body when the client's
// If-None-Match names it (RFC 9110 section 13.1.2, weak comparison). The handler runs all the same: what is saved is the transfer.
//
// The body is held back until the handler returns. It goes out unchanged, and without a tag, when it is longer than 1 MiB, when
// the handler flushes, when it is empty (a handler need not write one for HEAD), and when the answer has trailers, offers ranges or is
// no-store.
// Where the handler sets ETag itself, nothing is held back and its tag is compared; http.ServeContent has then done so already.
// A handler that sets the header to nil, w.Header()["Etag"] = nil, gets no tag.
//
// The tag is 128 bits of SHA-256 of content type and body: nobody who has a say in a body can make two that share a tag, by which
// caches would show the one for the other.
//
// If-Match and other preconditions of methods that change something are the application's: only it can check and change at once.
// Ranges are left to the handler, and with them its 206.
func ETag(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		ew := &etagWriter{ResponseWriter: w, ifNoneMatch: r.Header["If-None-Match"]}
		next.ServeHTTP(ew, r)
		ew.finish() // not after a panic, which is answered in place of what was held back
	})
}

// etagWriter holds a body back until its tag is known. Like any http.ResponseWriter it is for one goroutine.
type etagWriter struct {
	http.ResponseWriter
	ifNoneMatch []string
	state       etagState
	frozen      http.Header // as it was when the handler began to write
	body        []byte
}

type etagState int

const (
	etagUndecided   etagState = iota // the handler has written nothing yet
	etagHolding                      // the body is held back
	etagPassing                      // everything goes through
	etagNotModified                  // 304 is sent, the body is dropped
	etagEnded                        // the handler has returned
)

var errETagEnded = errors.New("middleware: write after the handler returned; wait for your goroutines before returning")

// begin decides what becomes of the response.
func (w *etagWriter) begin(status int) {
	h := w.Header()
	tag, own := h["Etag"]
	switch {
	case status != http.StatusOK, h["Trailer"] != nil, hasNoStore(h):
		w.state = etagPassing
	case own && len(tag) > 0 && w.matches(tag[0]):
		w.notModified()
	case own, isLong(h), h["Accept-Ranges"] != nil: // a range of it would have to carry the tag too
		w.state = etagPassing
	default:
		w.state = etagHolding
		w.frozen = maps.Clone(h)
	}
}

// isLong reports whether the handler has announced more than is held back.
func isLong(h http.Header) bool {
	n, _ := strconv.ParseUint(h.Get("Content-Length"), 10, 64) // the largest number, where it is out of range
	return n > maxETagBytes
}

func (w *etagWriter) WriteHeader(status int) {
	if status < 200 && status != http.StatusSwitchingProtocols {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	if w.state == etagUndecided {
		w.begin(status)
	}
	if w.state == etagPassing {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *etagWriter) Write(p []byte) (int, error) {
	if w.state == etagUndecided {
		w.begin(http.StatusOK)
	}
	if w.state == etagHolding {
		if len(w.body)+len(p) <= maxETagBytes {
			w.body = append(w.body, p...)
			return len(p), nil
		}
		if err := w.pass(); err != nil {
			return 0, err
		}
	}
	switch w.state {
	case etagNotModified:
		return len(p), nil
	case etagEnded:
		return 0, errETagEnded
	default:
		return w.ResponseWriter.Write(p)
	}
}

// ReadFrom keeps what the writer below does for io.Copy.
func (w *etagWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.state == etagUndecided {
		w.begin(http.StatusOK)
	}
	if w.state == etagPassing {
		return io.Copy(w.ResponseWriter, src)
	}
	return io.Copy(struct{ io.Writer }{w}, src)
}

// Flush is for those who ask for an http.Flusher. Where the writer below has none, nothing is sent early.
func (w *etagWriter) Flush() {
	if w.state == etagUndecided {
		w.begin(http.StatusOK)
	}
	if w.state == etagHolding {
		_ = w.pass() // the next write sees the error too
	}
	if w.state == etagPassing {
		_ = http.NewResponseController(w.ResponseWriter).Flush()
	}
}

// Unwrap is for http.ResponseController.
func (w *etagWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// pass lets go of what is held back.
func (w *etagWriter) pass() error {
	w.state = etagPassing
	response.Thaw(w.Header(), w.frozen)
	w.ResponseWriter.WriteHeader(http.StatusOK)
	body := w.body
	w.body = nil
	if len(body) == 0 {
		return nil
	}
	_, err := w.ResponseWriter.Write(body)
	return err
}

func (w *etagWriter) finish() {
	if w.state == etagUndecided {
		w.WriteHeader(http.StatusOK)
	}
	if w.state == etagHolding {
		tag := ""
		if len(w.body) > 0 {
			tag = entityTag(w.frozen.Get("Content-Type"), w.body)
			w.frozen["Etag"] = []string{tag}
		}
		if tag != "" && w.matches(tag) {
			response.Thaw(w.Header(), w.frozen)
			w.notModified()
		} else {
			_ = w.pass() // a client that went away is the server's concern
		}
	}
	w.state = etagEnded
}

// notModified answers 304. Content and its description are left out, RFC 9110 section 15.4.5: the client has both.
func (w *etagWriter) notModified() {
	w.state, w.body = etagNotModified, nil
	h := w.Header()
	for _, name := range [...]string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Last-Modified"} {
		delete(h, name)
	}
	w.ResponseWriter.WriteHeader(http.StatusNotModified)
}

// matches reports whether If-None-Match names tag, which is false for a tag that is none.
func (w *etagWriter) matches(tag string) bool {
	opaque, rest, ok := cutEntityTag(tag)
	if !ok || rest != "" {
		return false
	}
	for _, list := range w.ifNoneMatch {
		if strings.Trim(list, " \t") == "*" {
			return true
		}
		for list != "" {
			list = strings.TrimLeft(list, " \t,")
			member, rest, ok := cutEntityTag(list)
			if !ok {
				break // what follows cannot be told apart
			}
			if member == opaque {
				return true
			}
			list = rest
		}
	}
	return false
}

// cutEntityTag cuts the entity tag that s begins with, RFC 9110 section 8.8.3, and returns its opaque part.
func cutEntityTag(s string) (opaque, rest string, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimPrefix(s, "W/"), `"`)
	if !ok {
		return "", "", false
	}
	return strings.Cut(s, `"`)
}

// entityTag returns a strong tag. The content type is part of it, so that a change of the type alone is noticed too.
func entityTag(contentType string, body []byte) string {
	hash := sha256.New()
	_, _ = io.WriteString(hash, contentType+"\n")
	_, _ = hash.Write(body)
	return `"` + base64.RawURLEncoding.EncodeToString(hash.Sum(nil)[:16]) + `"`
}

func hasNoStore(h http.Header) bool {
	for _, value := range h["Cache-Control"] {
		if strings.Contains(strings.ToLower(value), "no-store") {
			return true
		}
	}
	return false
}
