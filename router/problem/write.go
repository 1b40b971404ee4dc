package problem

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"strings"
)

// ContentType is the media type of a problem, RFC 9457 section 6.1.
const ContentType = "application/problem+json"

// Write answers r with the problem that err is (see [From]) and shows err to the observer.
//
// Call it instead of writing a response, not after one has begun. Fields that described the response that is not sent
// (Content-Length, -Encoding, -Range, -Disposition and -Language, Accept-Ranges, ETag, Last-Modified, Cache-Control, Expires) are removed.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	if err == nil {
		err = errors.New("problem: Write was given a nil error; check err before the call")
	}
	d := From(err)
	body, encodeErr := d.MarshalJSON()
	if encodeErr != nil {
		err = fmt.Errorf("%w (extensions left out of the response: %w)", err, encodeErr)
		standard := *d
		standard.Extensions = nil
		body, _ = standard.MarshalJSON()
	}
	observe(r.Context(), d.status(), err)

	h := w.Header()
	for _, name := range &stale {
		delete(h, name)
	}
	for name, values := range d.Header {
		h[http.CanonicalHeaderKey(name)] = append([]string(nil), values...)
	}
	h["Content-Type"] = []string{ContentType}
	h["X-Content-Type-Options"] = []string{"nosniff"}
	w.WriteHeader(d.status())
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a client that went away is the server's concern
	}
}

// stale are the header fields that described the response which is not sent.
var stale = [...]string{
	"Content-Length", "Content-Encoding", "Content-Range", "Content-Disposition", "Content-Language", "Accept-Ranges",
	"Etag", "Last-Modified", "Cache-Control", "Expires",
}

// ObserverKey is the context key of the observer, a func(error). Use [WithObserver], unless you implement a context yourself.
type ObserverKey struct{}

// WithObserver returns a context whose problems are shown to f: every error that [Write] answers, with its cause, before
// the response is written. Only the nearest observer is called, so that an error is logged once.
//
// Where there is no observer, errors answered with 5xx go to the standard logger.
func WithObserver(ctx context.Context, f func(error)) context.Context {
	return context.WithValue(ctx, ObserverKey{}, f)
}

// Observe shows err to the nearest observer without answering it: for an error that comes too late to be sent.
func Observe(ctx context.Context, err error) {
	observe(ctx, http.StatusInternalServerError, Wrap(err, http.StatusInternalServerError, ""))
}

func observe(ctx context.Context, status int, err error) {
	if f, ok := ctx.Value(ObserverKey{}).(func(error)); ok {
		f(err)
		return
	}
	if status >= 500 {
		log.Print(strings.Map(func(r rune) rune { // one line, whatever a client has put into it
			if r < ' ' && r != '\t' || r == 0x7f {
				return ' '
			}
			return r
		}, err.Error()))
	}
}
