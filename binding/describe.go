package binding

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// Operation says what the handler takes and answers. It panics at a mistake in the tags of an output type, which nothing else
// needs.
func (h *handler) Operation() *operation.Operation {
	op := &operation.Operation{
		Doc:        h.config.doc.operation(),
		Responses:  []operation.Response{h.output.response(&h.config)},
		Parameters: make([]operation.Parameter, 0, len(h.input.parameters)),
	}
	for i := range h.input.parameters {
		op.Parameters = append(op.Parameters, h.input.parameters[i].operation())
	}
	if h.input.body != nil {
		op.Body = h.input.body.operation()
		op.Body.Strict = h.config.strict && h.input.body.kind == jsonBody
	}
	op.Problems = h.problems()
	return op
}

func (d *Doc) operation() operation.Doc {
	doc := operation.Doc{
		ID: d.ID, Summary: d.Summary, Description: d.Description, Tags: d.Tags,
		Deprecated: d.Deprecated, Hidden: d.Hidden, Security: d.Security,
	}
	for status, body := range d.Responses {
		if doc.Responses == nil {
			doc.Responses = map[int]reflect.Type{}
		}
		doc.Responses[status] = reflect.TypeOf(body)
	}
	return doc
}

// problems are the statuses that the binding answers by itself.
func (h *handler) problems() []int {
	var statuses []int
	if b := h.input.body; b != nil {
		if b.kind == jsonBody || b.kind == formBody || b.required {
			statuses = append(statuses, http.StatusBadRequest)
		}
		statuses = append(statuses, http.StatusRequestEntityTooLarge)
		if b.kind == jsonBody || b.kind == formBody || len(b.accept) > 0 {
			statuses = append(statuses, http.StatusUnsupportedMediaType)
		}
	}
	if h.output.kind == encoded && len(h.config.encoders) > 0 {
		statuses = append(statuses, http.StatusNotAcceptable)
	}
	if h.canBeInvalid() {
		statuses = append(statuses, http.StatusUnprocessableEntity)
	}
	slices.Sort(statuses)
	return statuses
}

func (h *handler) canBeInvalid() bool {
	b := h.input.body
	return h.config.validate != nil || h.input.inspection != nil || len(h.input.parameters) > 0 ||
		b != nil && (b.kind == jsonBody || b.kind == formBody)
}

func (q *parameter) operation() operation.Parameter {
	return operation.Parameter{
		In: q.source, Name: q.name, Required: q.required, Schema: q.schema, Tag: q.field.Tag, Default: q.defaultValue(),
	}
}

// defaultValue is invalid if there is none.
func (q *parameter) defaultValue() reflect.Value {
	if q.defaults == nil {
		return reflect.Value{}
	}
	v := reflect.New(q.field.Type).Elem()
	q.set(v, q.defaults)
	return v
}

func (b *body) operation() *operation.Body {
	o := &operation.Body{Required: b.required}
	switch {
	case b.kind == jsonBody:
		o.Content = []operation.Content{{MediaType: "application/json", Schema: b.schema}}
	case b.kind == formBody:
		s := b.formSchema()
		for _, f := range s.Struct.Fields {
			o.Required = o.Required || f.Required
		}
		for _, mediaType := range b.formTypes() {
			o.Content = append(o.Content, operation.Content{MediaType: mediaType, Schema: s})
		}
	case len(b.accept) == 0:
		o.Content = []operation.Content{{MediaType: "*/*"}}
	default:
		for _, mediaType := range b.accept {
			o.Content = append(o.Content, operation.Content{MediaType: mediaType})
		}
	}
	return o
}

// formSchema is an object without a name, since the fields of a form need no type of their own.
func (b *body) formSchema() *schema.Schema {
	t := reflect.TypeFor[struct{}]()
	s := &schema.Struct{Type: t}
	for i := range b.form {
		q := &b.form[i]
		f := schema.Field{
			Name: q.name, Index: q.field.Index, Tag: q.field.Tag, Schema: q.schema, Required: q.required, Default: q.defaultValue(),
		}
		if q.file != notFile {
			f.Schema = &schema.Schema{Type: reflect.TypeFor[File](), Kind: schema.String, Format: "binary"}
		}
		if q.file == manyFiles {
			f.Schema = &schema.Schema{Type: q.field.Type, Kind: schema.Array, Elem: f.Schema}
		}
		s.Fields = append(s.Fields, f)
	}
	return &schema.Schema{Type: t, Kind: schema.Object, Struct: s}
}

func (o *output) response(c *config) operation.Response {
	r := operation.Response{Status: o.status(c)}
	for i := range o.headers {
		h := &o.headers[i]
		p := operation.Parameter{In: "header", Name: h.name, Tag: h.field.Tag}
		switch {
		case h.cookie && slices.ContainsFunc(r.Headers, func(p operation.Parameter) bool { return p.Name == "Set-Cookie" }):
			continue
		case h.cookie:
			p.Name = "Set-Cookie"
		default:
			var err error
			if p.Schema, err = schema.OfText(h.field.Type, h.field.Tag); err != nil { // a type that can be written, but not read
				p.Schema = &schema.Schema{Type: h.field.Type, Kind: schema.String}
			}
		}
		r.Headers = append(r.Headers, p)
	}
	switch o.kind {
	case noContent:
	case encoded:
		s, err := schema.OfJSON(o.content, o.tag)
		if err != nil {
			panic(fmt.Sprintf("binding: %v: %v", o.out, err))
		}
		r.Content = []operation.Content{{MediaType: "application/json", Schema: s}}
		for _, e := range c.encoders {
			r.Content = append(r.Content, operation.Content{MediaType: e.essence})
		}
	default:
		r.Content = []operation.Content{{MediaType: "*/*"}}
	}
	return r
}
