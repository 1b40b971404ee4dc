package alb

import (
	"net/http"
	"strconv"

	"github.com/albatross-go/albatross/router/problem"
)

// newRequest builds the request that net/http's server would have made of the event. With an error, the request serves to answer
// it. All text of the request is in one string made here, so that nothing of it shares memory with the payload.
func (inv *invocation) newRequest() (*http.Request, error) {
	b := builder{event: &inv.buffers.event}
	target := b.appendTarget()
	b.done = string(b.text)

	inv.event = Event{TargetGroupARN: b.string(b.texts[memberTargetGroup]), MultiValueHeaders: b.multi, invocation: inv}
	setPath(&inv.url, b.string(target.path))
	inv.url.RawQuery = b.string(target.query)
	r := http.Request{
		Method:     b.string(b.texts[memberMethod]),
		URL:        &inv.url,
		RequestURI: b.string(target.whole),
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     b.header(inv.values[:0], false),
		Body:       http.NoBody,
	}
	r.RemoteAddr = b.remoteAddr(r.Header["X-Forwarded-For"])
	if b.host != nil {
		r.Host = b.string(b.values[b.host.first]) // of several lines the one that listener rules were matched against
	}
	if content := inv.buffers.content; len(content) > 0 {
		inv.body.rest = content
		r.ContentLength = int64(len(content))
		r.Body = &inv.body
	}

	var err error
	switch {
	case !isToken(r.Method):
		err = problem.BadRequest("The request has no valid method.")
	case inv.url.Path == "*" && r.Method != http.MethodOptions:
		err = problem.BadRequest("The request target * is for OPTIONS alone.")
	default:
		err = inv.buffers.badBody
	}
	inv.request, inv.head = r.WithContext(inv), r.Method == http.MethodHead
	return inv.request, err
}

// describe names the request in one log line. Quoting keeps a client from forging a second one.
func (inv *invocation) describe() string {
	s := strconv.Quote(inv.request.Method + " " + inv.url.Path)
	if pattern := inv.request.Pattern; pattern != "" {
		s += " (route " + pattern + ")"
	}
	return s
}

// builder turns an event into strings. Once all of the request is in the event's text, done holds it, and each string is a stretch of
// done.
type builder struct {
	*event
	done      string
	forwarded stretch // the last X-Forwarded-For line
	host      *field  // which net/http keeps apart from the header; of variants the first by name
}

func (b *builder) string(s stretch) string { return b.done[s.start:s.end] }
