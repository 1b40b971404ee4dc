package openapi

import (
	"net/http"
	"slices"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// parameterObject is a Parameter Object, OpenAPI 3.1 section 4.8.12.
type parameterObject struct {
	Name        string        `json:"name"`
	In          string        `json:"in"`
	Description string        `json:"description,omitempty"`
	Required    bool          `json:"required,omitempty"`
	Deprecated  bool          `json:"deprecated,omitempty"`
	Style       string        `json:"style,omitempty"`
	Explode     bool          `json:"explode,omitempty"`
	Schema      *schemaObject `json:"schema"`
}

// parameters has those of the path in its order, whether a field takes them or not, and then the others as they come.
func (b *builder) parameters(described []operation.Parameter, t template) []parameterObject {
	var all []parameterObject
	bound := map[string]bool{}
	for _, p := range slices.Backward(t.params) { // of two that have one name, chi gives the handler the last
		o := parameterObject{Name: p.name, In: "path", Required: true, Schema: &schemaObject{Type: types{"string"}}}
		at := slices.IndexFunc(described, func(d operation.Parameter) bool { return d.In == "path" && d.Name == p.key })
		if at >= 0 && !bound[p.key] {
			o = b.parameter(described[at])
			o.Name, o.Required = p.name, true
			bound[p.key] = true
		}
		if p.pattern != "" && o.Schema.Pattern == "" && slices.Contains(o.Schema.Type, "string") {
			o.Schema.Pattern = portable(p.pattern)
		}
		if p.key == "*" && o.Description == "" {
			o.Description = "The rest of the path. It may have slashes."
		}
		all = slices.Insert(all, 0, o)
	}
	for _, d := range described {
		switch {
		case d.In == "path" && !bound[d.Name]:
			b.fault("a field takes the path parameter %q, which the route does not have; add it to the pattern", d.Name)
		case d.In == "path" || d.In == "header" && ignored(d.Name):
		default:
			o := b.parameter(d)
			if d.In == "query" && d.Schema.Kind == schema.Map {
				o.Schema.PropertyNames = otherNames(described)
			}
			all = append(all, o)
		}
	}
	return all
}

// otherNames is the schema of the free keys of a query: those that no parameter has.
func otherNames(described []operation.Parameter) *schemaObject {
	var taken values
	for _, d := range described {
		if d.In == "query" && d.Schema.Kind != schema.Map {
			taken = append(taken, quote(d.Name))
		}
	}
	if taken == nil {
		return nil
	}
	return &schemaObject{Not: &schemaObject{Enum: taken}}
}

// ignored tells the headers that OpenAPI describes by other means than parameters, section 4.8.12.2.
func ignored(header string) bool {
	switch http.CanonicalHeaderKey(header) {
	case "Accept", contentType, "Authorization":
		return true
	}
	return false
}

func (b *builder) parameter(p operation.Parameter) parameterObject {
	o := parameterObject{
		Name:        p.Name,
		In:          p.In,
		Description: p.Tag.Get("doc"),
		Required:    p.Required,
		Deprecated:  p.Tag.Get("deprecated") == "true",
		Schema:      b.text(p),
	}
	if p.In == "query" && (p.Schema.Kind == schema.Array || p.Schema.Kind == schema.Map) {
		o.Style, o.Explode = "form", true // repeated keys; or, of a map, keys of their own
	}
	return o
}
