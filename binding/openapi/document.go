package openapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/problem"
)

// Document is the description of a router in OpenAPI 3.1. Make one with [New]. It is safe for concurrent use.
//
// A mistake in what the handlers say (two handlers of one operation ID, a security scheme that was not declared, an example that is
// no value of its type) is no panic but an error of every method, so that a service lives even if its document does not.
type Document struct {
	content func() ([]byte, error)
}

// New returns the document of all that routes has, mounted routers included: give it the outermost router. It panics if routes is
// nil or if info lacks a title or a version, which OpenAPI asks for.
//
// New is cheap. The routes are looked at when the document is first asked for, and only then, so that it may be mounted on the
// router that it describes, before or after the other routes.
func New(routes chi.Routes, info Info, opts ...Option) *Document {
	if routes == nil {
		panic("openapi: New: routes is nil; give it the router, for example router.New()")
	}
	if info.Title == "" || info.Version == "" {
		panic("openapi: Info: Title or Version is empty; OpenAPI requires both")
	}
	c := config{info: info}
	for _, opt := range opts {
		opt.apply(&c)
	}
	c.check()
	return &Document{content: sync.OnceValues(func() ([]byte, error) { return build(routes, c) })}
}

// MarshalJSON returns the document. It is the same, byte for byte, for the same routes.
func (d *Document) MarshalJSON() ([]byte, error) {
	content, err := d.content()
	return bytes.Clone(content), err
}

// WriteTo writes the document in the form for a file under version control: indented, with a final newline.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	content, err := d.content()
	if err != nil {
		return 0, err
	}
	var buf bytes.Buffer
	if err := json.Indent(&buf, content, "", "  "); err != nil {
		return 0, err
	}
	buf.WriteByte('\n')
	return buf.WriteTo(w)
}

// ServeHTTP answers GET and HEAD with the document and an entity tag.
//
// The media type is application/json, which browsers show and compressing middleware knows; application/vnd.oai.openapi+json they
// do not.
func (d *Document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		notAllowed(w, r)
		return
	}
	content, err := d.content()
	if err != nil {
		problem.Write(w, r, err)
		return
	}
	sum := sha256.Sum256(content)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Etag", `"`+base64.RawURLEncoding.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// marshal is json.Marshal without HTML escaping.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
}
