package alb

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/albatross-go/albatross/router/problem"
)

// maxHeaderBytes is what a load balancer takes of a target's response headers before it answers 502.
// Source: Elastic Load Balancing guide, "Troubleshoot your Application Load Balancers", HTTP 502.
const maxHeaderBytes = 32 << 10

// response encodes what was written, as the load balancer must get it, or returns a problem where it would answer a bare 502.
// The handler has returned: what a goroutine of it may still write is refused.
func (inv *invocation) response() ([]byte, *problem.Details) {
	w, b := inv.answer, inv.buffers
	_, _ = w.Write(nil) // begins the response, if the handler did not
	w.end()
	if w.status < 200 || w.status > 599 {
		return nil, refusal("", "the handler answered with status %d; a load balancer takes 200 to 599", w.status)
	}
	h := responseHeader{
		lines:    b.lines[:0], // in place: no line is kept behind where it came from, but for the one below
		bodyless: w.status == http.StatusNoContent || w.status == http.StatusResetContent || w.status == http.StatusNotModified,
		inv:      inv,
	}
	for _, line := range b.lines {
		h.add(line)
	}
	body := b.response
	switch {
	case len(body) == 0:
	case h.bodyless:
		inv.reportf("%d bytes of body left out of a response with status %d, which has none", len(body), w.status)
		body = nil
	case !h.hasType:
		h.add(headerLine{"Content-Type", w.contentType(body, h.encoded)})
	}
	b.lines = h.lines
	if inv.head {
		body = nil
	}
	if h.size > maxHeaderBytes {
		return nil, refusal("", "response headers of %d bytes are over the load balancer's limit of %d", h.size, maxHeaderBytes)
	}

	text := inv.appendHead(b.out[:0], w.status, h.lines)
	encoded := 0 // bytes of base64
	if h.encoded || !utf8.Valid(body) {
		encoded = base64.StdEncoding.EncodedLen(len(body))
	} else {
		text = appendText(text, body)
	}
	b.out = text
	tail := `","isBase64Encoded":false}`
	if encoded > 0 {
		tail = `","isBase64Encoded":true}`
	}
	size := len(text) + encoded + len(tail)
	if limit := inv.handler.maxResponseBytes; size > limit && !w.replaced {
		return nil, refusal(
			fmt.Sprintf("The response is too large: %d bytes, where %d can be sent.", size, limit),
			"response of %d bytes as JSON is over the limit of %d; compress it, page it, or answer with a link to where it is stored",
			size, limit)
	}
	out := make([]byte, size)
	copy(out, text)
	if encoded > 0 {
		encodeBase64(out[len(text):], body)
	}
	copy(out[size-len(tail):], tail)
	return out, nil
}

// refusal is the problem that is answered in place of a response, and its cause.
func refusal(detail, format string, args ...any) *problem.Details {
	return problem.Wrap(fmt.Errorf(format, args...), http.StatusInternalServerError, detail)
}

// contentType returns the type of a body that came without one: the type that net/http would have found, or where net/http
// would have sent none, the one that the load balancer would have added.
func (w *responseWriter) contentType(body []byte, encoded bool) string {
	if w.noType || encoded {
		return "application/octet-stream"
	}
	if w.sniffed > 0 {
		body = body[:w.sniffed] // net/http sniffs when it sends the first bytes
	}
	return http.DetectContentType(body)
}

var errCookies = errors.New("several Set-Cookie fields need case variants of the name, which load balancers pass on but AWS " +
	"does not promise; set the target group's lambda.multi_value_headers.enabled to true (said once)")
