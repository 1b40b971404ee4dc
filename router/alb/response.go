package alb

import (
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/albatross-go/albatross/router/problem"
)

// response is what a handler answered, in a form that the load balancer accepts.
type response struct {
	status            int
	header            []field // sorted by name; in single-value mode with one value each
	body              []byte
	base64            bool
	cookiesInOneField bool // several cookies in single-value mode
}

// maxHeaderBytes is what a load balancer takes of a target's response headers before it answers 502.
// Source: Elastic Load Balancing guide, "Troubleshoot your Application Load Balancers", HTTP 502.
const maxHeaderBytes = 32 << 10

// response returns what was written, as the load balancer must get it, or a problem where it would answer a bare 502.
// Nothing may be written meanwhile that counts: the handler has returned.
func (w *responseWriter) response(multi, setCookieVariants bool) (*response, *problem.Details) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.status == 0 {
		w.begin(http.StatusOK)
	}
	if w.status < 200 || w.status > 599 {
		return nil, problem.Wrap(
			fmt.Errorf("alb: the handler answered with status %d; a load balancer takes 200 to 599", w.status), http.StatusInternalServerError, "")
	}
	h := headerWriter{multi: multi, setCookieVariants: setCookieVariants, report: func(err error) { w.report(w.ctx, err) }}
	header := h.merge(w.frozen)
	body := w.body
	switch {
	case w.status == http.StatusNoContent, w.status == http.StatusNotModified, w.status == http.StatusResetContent:
		if len(body) > 0 {
			w.report(w.ctx, fmt.Errorf("alb: %d bytes of body left out of a response with status %d, which has none", len(body), w.status))
		}
		body = nil
		header.Del("Content-Type")
	case len(body) > 0 && header["Content-Type"] == nil:
		header.Set("Content-Type", w.contentType(header))
	}
	if w.head {
		body = nil
	}
	res := &response{
		status:            w.status,
		header:            h.fields(header),
		body:              body,
		base64:            len(body) > 0 && (header.Get("Content-Encoding") != "" || !utf8.Valid(body)),
		cookiesInOneField: h.cookiesInOneField,
	}
	if h.size > maxHeaderBytes {
		return nil, problem.Wrap(
			fmt.Errorf("alb: response headers of %d bytes are over the load balancer's limit of %d", h.size, maxHeaderBytes), http.StatusInternalServerError, "")
	}
	return res, nil
}

// contentType returns the type of a body that came without one: the type that net/http would have found, or where net/http
// would have sent none, the one that the load balancer would have added.
func (w *responseWriter) contentType(header http.Header) string {
	if _, suppressed := w.frozen["Content-Type"]; suppressed || header.Get("Content-Encoding") != "" {
		return "application/octet-stream"
	}
	n := len(w.body)
	if w.sniffed > 0 {
		n = w.sniffed // net/http sniffs when it sends the first bytes
	}
	return http.DetectContentType(w.body[:n])
}
