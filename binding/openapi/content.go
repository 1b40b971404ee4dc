package openapi

import (
	"cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// requestBody is a Request Body Object, OpenAPI 3.1 section 4.8.13.
type requestBody struct {
	Required bool                  `json:"required,omitempty"`
	Content  map[string]*mediaType `json:"content"`
}

// mediaType is a Media Type Object, OpenAPI 3.1 section 4.8.14. Without a schema it is bytes.
type mediaType struct {
	Schema   *schemaObject        `json:"schema,omitempty"`
	Encoding map[string]*encoding `json:"encoding,omitempty"`
}

// encoding is an Encoding Object, OpenAPI 3.1 section 4.8.15: the media types of a part of a multipart body, with commas between
// them.
type encoding struct {
	ContentType string `json:"contentType"`
}

func (b *builder) requestBody(body *operation.Body) *requestBody {
	if body == nil {
		return nil
	}
	content := b.content(body.Content)
	for _, m := range content {
		if m.Schema != nil {
			b.schemas.bodies.note(m.Schema, body.Strict)
		}
	}
	return &requestBody{Required: body.Required, Content: content}
}

func (b *builder) content(all []operation.Content) map[string]*mediaType {
	content := map[string]*mediaType{}
	for _, c := range all {
		name := cmp.Or(c.MediaType, "application/octet-stream")
		switch {
		case c.Schema == nil:
			content[name] = &mediaType{}
		case isForm(c.MediaType) && c.Schema.Struct != nil:
			content[name] = b.form(c.Schema.Struct, c.MediaType)
		default:
			content[name] = &mediaType{Schema: b.schemas.schema(c.Schema)}
		}
	}
	return content
}

func isForm(mediaType string) bool {
	return mediaType == "application/x-www-form-urlencoded" || mediaType == "multipart/form-data"
}

// form writes the fields of a form, which are text as parameters are, in its place: as JSON the same type would have other members.
func (b *builder) form(s *schema.Struct, name string) *mediaType {
	o := &schemaObject{Type: types{"object"}}
	m := &mediaType{Schema: o}
	for i := range s.Fields {
		f := &s.Fields[i]
		p := b.parameter(operation.Parameter{Name: f.Name, Required: f.Required, Schema: f.Schema, Tag: f.Tag, Default: f.Default})
		p.Schema.Description, p.Schema.Deprecated = p.Description, p.Deprecated
		o.Properties = append(o.Properties, property{f.Name, p.Schema})
		if f.Required {
			o.Required = append(o.Required, f.Name)
		}
		if accept := f.Tag.Get("accept"); accept != "" && name == "multipart/form-data" {
			if m.Encoding == nil {
				m.Encoding = map[string]*encoding{}
			}
			m.Encoding[f.Name] = &encoding{ContentType: accept}
		}
	}
	return m
}
