package alb

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"sync"

	"github.com/albatross-go/albatross/router/problem"
)

// invocation is one event under way, and the context of its request. Whatever a handler may keep hold of is made for this one
// event. What is reused, the buffers, a handler reaches only through locks that end with the invocation.
type invocation struct {
	context.Context // of the Lambda runtime
	handler         *Handler
	event           Event
	url             url.URL
	body            body
	writer          responseWriter  // the handler's
	answer          *responseWriter // the one whose response counts
	values          [16]string      // of the request's header, as far as there is room
	request         *http.Request
	head            bool // its method is HEAD, whatever the handler makes of it
	buffers         *buffers

	mu       sync.Mutex
	payload  []byte          // lent by the runtime until the invocation ends
	ended    bool            // then the context is cancelled, as net/http cancels a request's
	child    context.Context // what says so to those who asked; nil as long as nobody did
	endChild context.CancelFunc
}

// buffers are reused from event to event.
type buffers struct {
	event    event
	content  []byte // the request's body: the event's
	badBody  error
	response []byte       // the response's body
	names    []string     // of the response's header
	lines    []headerLine // of it
	out      []byte       // the response, encoded
}

// maxPooled is the size of a buffer that is worth keeping: what can be sent fits, and a response that was far too large is let go.
const maxPooled = 4 << 20

var buffersPool = sync.Pool{New: func() any { return new(buffers) }}

// giveBack makes the buffers available to another invocation. Nothing may hold a stretch of them.
func (b *buffers) giveBack() {
	b.event.data, b.content, b.badBody = nil, nil, nil // the payload is not ours
	b.response = b.response[:0]
	clear(b.names[:cap(b.names)])
	clear(b.lines[:cap(b.lines)])
	if cap(b.response) <= maxPooled && cap(b.out) <= maxPooled {
		buffersPool.Put(b)
	}
}

// decode decodes a payload and its body.
func (b *buffers) decode(payload []byte) error {
	err := b.event.decode(payload, true)
	if err == nil && !b.decodeBody() && b.event.opaque {
		if err = b.event.decode(payload, false); err == nil {
			b.decodeBody()
		}
	}
	return err
}

// decodeBody reports whether the body is good.
func (b *buffers) decodeBody() bool {
	ev := &b.event
	text := ev.body
	if ev.opaque {
		text = ev.data
	}
	text = text[ev.texts[memberBody].start:ev.texts[memberBody].end]
	if b.content = text; !ev.base64 {
		return true
	}
	ev.body = room(ev.body[:0], base64.StdEncoding.DecodedLen(len(text)))
	n, err := decodeBase64(ev.body, text) // where both are in one buffer, reading is ahead of writing
	b.content = ev.body[:n]
	if b.badBody = nil; err != nil {
		b.badBody = problem.Wrap(err, http.StatusBadRequest, "The request body is not valid base64.")
	}
	// encoding/base64 skips line breaks, which no JSON string has: with one, the text is longer than its value needs.
	return err == nil && base64.StdEncoding.EncodedLen(n) == len(text)
}

// end cuts the handler off from all that is not its own.
func (inv *invocation) end() {
	_ = inv.body.Close()
	inv.writer.end()
	inv.mu.Lock()
	inv.payload, inv.ended = nil, true
	end := inv.endChild
	inv.mu.Unlock()
	if end != nil {
		end()
	}
	inv.buffers.giveBack()
}
