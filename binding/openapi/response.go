package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// responseObject is a Response Object, or a reference to one, OpenAPI 3.1 section 4.8.17.
type responseObject struct {
	Ref         string                   `json:"$ref,omitempty"`
	Description string                   `json:"description,omitempty"` // required, but not of a reference
	Headers     map[string]*headerObject `json:"headers,omitempty"`
	Content     map[string]*mediaType    `json:"content,omitempty"`
}

const contentType = "Content-Type"

// headerObject is a Header Object, OpenAPI 3.1 section 4.8.21.
type headerObject struct {
	Description string        `json:"description,omitempty"`
	Required    bool          `json:"required,omitempty"`
	Deprecated  bool          `json:"deprecated,omitempty"`
	Schema      *schemaObject `json:"schema"`
}

// allResponses has those of success, the further ones of binding.Doc, and the problems.
func (b *builder) allResponses(op *operation.Operation) map[string]*responseObject {
	all := map[string]*responseObject{"default": b.problem(0)}
	for _, status := range op.Problems {
		all[strconv.Itoa(status)] = b.problem(status)
	}
	for status, t := range op.Doc.Responses {
		if t == nil {
			all[strconv.Itoa(status)] = b.problem(status)
		} else {
			all[strconv.Itoa(status)] = b.typedResponse(status, t)
		}
	}
	for _, r := range op.Responses {
		all[strconv.Itoa(r.Status)] = &responseObject{
			Description: statusText(r.Status),
			Headers:     b.headers(r.Headers),
			Content:     b.content(contentOf(r)),
		}
	}
	return all
}

// typedResponse is one that binding.Doc names the body's type of.
func (b *builder) typedResponse(status int, t reflect.Type) *responseObject {
	r := &responseObject{Description: statusText(status)}
	switch {
	case t == reflect.TypeFor[struct{}]():
	case t == reflect.TypeFor[[]byte]():
		r.Content = map[string]*mediaType{"application/octet-stream": {}}
	default:
		s, err := schema.OfJSON(t, "")
		if err != nil {
			b.fault("response %d: %w", status, err)
			return r
		}
		r.Content = map[string]*mediaType{"application/json": {Schema: b.schemas.schema(s)}}
	}
	return r
}

// contentOf is the content of r under the media types that the enum tag of a header field Content-Type has.
func contentOf(r operation.Response) []operation.Content {
	at := slices.IndexFunc(r.Headers, func(p operation.Parameter) bool {
		return http.CanonicalHeaderKey(p.Name) == contentType && p.Tag.Get("enum") != ""
	})
	if at < 0 || len(r.Content) == 0 {
		return r.Content
	}
	var content []operation.Content
	for mediaType := range strings.SplitSeq(r.Headers[at].Tag.Get("enum"), ",") {
		content = append(content, operation.Content{MediaType: strings.TrimSpace(mediaType), Schema: r.Content[0].Schema})
	}
	return content
}

func (b *builder) headers(described []operation.Parameter) map[string]*headerObject {
	all := map[string]*headerObject{}
	for _, p := range described {
		name := http.CanonicalHeaderKey(p.Name)
		if name == contentType { // it is the key of the content; OpenAPI ignores it here
			continue
		}
		h := &headerObject{
			Description: p.Tag.Get("doc"),
			Required:    p.Required,
			Deprecated:  p.Tag.Get("deprecated") == "true",
		}
		if p.Schema == nil {
			h.Schema = &schemaObject{Type: types{"string"}}
		} else {
			h.Schema = b.text(p)
			if h.Schema.Format == "date-time" {
				h.Schema.Format = "http-date" // RFC 9110 section 5.6.7
			}
		}
		all[name] = h
	}
	return all
}

// statusText describes a response.
func statusText(status int) string {
	if text := http.StatusText(status); text != "" {
		return text
	}
	return "Status " + strconv.Itoa(status)
}
