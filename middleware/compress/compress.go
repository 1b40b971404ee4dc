package compress

import (
	"fmt"
	"net/http"

	"github.com/albatross-go/albatross/router/alb"
)

// Option changes what [New] returns.
type Option interface{ apply(c *config) }

type config struct{ minSize int }

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithMinSize sets how many bytes a body must have to be compressed. The default is 1024: what is smaller fits in one packet
// anyway. It panics if n is negative.
func WithMinSize(n int) Option {
	if n < 0 {
		panic(fmt.Sprintf("compress: WithMinSize(%d); the size must not be negative, and is 1024 without the option", n))
	}
	return option(func(c *config) { c.minSize = n })
}

// How much of a body is held back until it is known whether compression pays. Behind a load balancer that is as much as could be
// sent uncompressed.
const (
	heldByServer       = 64 << 10
	heldByLoadBalancer = 1 << 20
)

// New returns middleware that compresses the bodies of responses.
//
// The coding is the one that Accept-Encoding gives the highest weight (RFC 9110 section 12.5.3), of equal ones zstd. A body longer
// than 64 KiB, behind a load balancer 1 MiB, is compressed as it comes. These responses are left as they are:
//   - of a type that is no text and no other compressible format: images, video, archives are compressed already;
//   - with Content-Encoding, Content-Range or status 206, with a digest of the body, with trailers, with Cache-Control:
//     no-transform;
//   - shorter than [WithMinSize], or not smaller when compressed (see the package's text on load balancers);
//   - flushed by the handler in the first 64 KiB, as streams of events are. Behind a load balancer, where nothing is sent before
//     the handler returns, a flush changes nothing.
//
// A compressed response has the Content-Length of what is sent, or none, no Accept-Ranges, and a weak ETag. Vary names
// Accept-Encoding, in an uncompressed response too where another client would get it compressed. HEAD is answered with the header
// of GET if the handler writes the body that GET has; without one, Content-Length is left out.
//
// When the handler panics, what was held back is not sent, and a compressed stream is not ended as if it were whole.
func New(opts ...Option) func(http.Handler) http.Handler {
	c := config{minSize: 1024}
	for _, o := range opts {
		o.apply(&c)
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, behindLoadBalancer := alb.FromContext(r.Context())
			cw := &writer{
				ResponseWriter: w,
				request:        r,
				coding:         negotiate(r.Header["Accept-Encoding"]),
				minSize:        c.minSize,
				maxHeld:        heldByServer,
				base64:         behindLoadBalancer,
			}
			if behindLoadBalancer {
				cw.maxHeld = heldByLoadBalancer
			}
			next.ServeHTTP(cw, r)
			cw.finish() // not after a panic
		})
	}
}
