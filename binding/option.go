package binding

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"mime"
	"strings"
)

// Option changes how a typed handler reads and answers. Give it to [Handle] or [NewHandler] for one handler, to [With] for many.
type Option interface{ apply(*config) }

type option func(*config)

func (o option) apply(c *config) { o(c) }

// config is what the options say.
type config struct {
	status   int // 0: the default
	maxBody  int64
	maxDepth int
	strict   bool
	validate func(ctx context.Context, in any) error
	rules    []ErrorRule
	encoders []encoder // besides JSON
	doc      Doc
}

// newConfig applies options by level, the outermost first. Of most options the last counts.
func newConfig(levels [][]Option) config {
	c := config{maxBody: 1 << 20, maxDepth: 64}
	for _, level := range levels {
		outer := c.rules
		c.rules = nil
		for _, o := range level {
			o.apply(&c)
		}
		c.rules = append(c.rules, outer...)
	}
	return c
}

// WithStatus sets the status of success, 200 to 399. The default is 200, or 204 where there is no body to send.
func WithStatus(status int) Option {
	if status < 200 || status > 399 {
		panic(fmt.Sprintf("binding: WithStatus was given %d; give the status of success, 200 to 399, and return a problem for any other", status))
	}
	return option(func(c *config) { c.status = status })
}

// WithMaxBody limits the request's body. A longer one is answered 413 and fn is not called; where the Body is an [io.Reader],
// reading on fails with [*http.MaxBytesError]. The default is 1 MiB: no load balancer sends more to a Lambda function.
func WithMaxBody(bytes int64) Option {
	if bytes < 0 {
		panic(fmt.Sprintf("binding: WithMaxBody was given %d; give a number of bytes", bytes))
	}
	return option(func(c *config) { c.maxBody = bytes })
}

// WithMaxDepth limits how deep arrays and objects may be nested in a JSON body. A deeper one is answered 400. The default is 64.
func WithMaxDepth(n int) Option {
	if n < 1 {
		panic(fmt.Sprintf("binding: WithMaxDepth was given %d; give 1 or more", n))
	}
	return option(func(c *config) { c.maxDepth = n })
}

// WithStrictJSON makes unknown members of a JSON body faults. Without it they are ignored, so that clients may be newer than the
// server.
func WithStrictJSON() Option {
	return option(func(c *config) { c.strict = true })
}

// WithValidator has f check every input that has no fault so far, last of all. It is given a pointer to In and returns nil, or what
// a [Validator] returns. It is the place for validation packages that read tags of their own.
func WithValidator(f func(ctx context.Context, in any) error) Option {
	return option(func(c *config) { c.validate = f })
}

// WithErrorMap adds rules that make problems of errors which are none. They are tried in order and the first that takes the error
// wins; a handler's own come before those of the router around it.
func WithErrorMap(rules ...ErrorRule) Option {
	rules = append([]ErrorRule(nil), rules...)
	return option(func(c *config) { c.rules = append(c.rules, rules...) })
}

// WithEncoder adds a representation to JSON, which stays the default. The request's Accept field then chooses (RFC 9110, section
// 12.5.1), the response says Vary: Accept, and a request that takes none of them is answered 406 before fn is called. Without this
// option Accept is not read at all.
//
// encode is given what fn returned, the Body alone if that has tagged header fields. An error before its first write is answered;
// a later one aborts the response.
func WithEncoder(mediaType string, encode func(w io.Writer, v any) error) Option {
	essence, _, err := mime.ParseMediaType(mediaType)
	if err != nil || !strings.Contains(essence, "/") || strings.Contains(essence, "*") || encode == nil {
		panic(fmt.Sprintf("binding: WithEncoder was given %q; give a media type such as \"text/csv; charset=utf-8\" and a function", mediaType))
	}
	return option(func(c *config) {
		c.encoders = append(c.encoders[:len(c.encoders):len(c.encoders)], encoder{mediaType, essence, encode})
	})
}

// WithDoc describes the handler for package openapi. What a Doc leaves empty is taken from that of the router around it; see
// [With].
func WithDoc(d Doc) Option {
	return option(func(c *config) {
		outer := c.doc
		c.doc = d
		c.doc.ID = cmp.Or(d.ID, outer.ID)
		c.doc.Summary = cmp.Or(d.Summary, outer.Summary)
		c.doc.Description = cmp.Or(d.Description, outer.Description)
		c.doc.Deprecated = d.Deprecated || outer.Deprecated
		c.doc.Hidden = d.Hidden || outer.Hidden
		if d.Tags == nil {
			c.doc.Tags = outer.Tags
		}
		if d.Security == nil {
			c.doc.Security = outer.Security
		}
		if d.Responses == nil {
			c.doc.Responses = outer.Responses
		}
	})
}

// Doc is what a document says of a handler besides what its types say. The zero value adds nothing.
type Doc struct {
	ID          string   // operationId, unique in the document; "" means one made of the method and the path
	Summary     string   // one line
	Description string   // CommonMark
	Tags        []string // what the operation is listed under
	Deprecated  bool     // clients should stop calling it
	Hidden      bool     // leave the handler out
	Security    []string // names of security schemes, any one of which is enough; one empty name: none is needed

	// Responses are further answers by status: a value of the body's type, or nil for a problem.
	Responses map[int]any
}
