package openapi

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"reflect"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// schemaObject is a Schema Object, OpenAPI 3.1 section 4.8.24: JSON Schema 2020-12. The zero value takes every JSON value.
type schemaObject struct {
	Ref                  *component      `json:"$ref,omitempty"`
	AnyOf                []*schemaObject `json:"anyOf,omitempty"`
	Not                  *schemaObject   `json:"not,omitempty"`
	Type                 types           `json:"type,omitempty"`
	Format               string          `json:"format,omitempty"`
	ContentEncoding      string          `json:"contentEncoding,omitempty"`
	ContentMediaType     string          `json:"contentMediaType,omitempty"`
	Description          string          `json:"description,omitempty"`
	Deprecated           bool            `json:"deprecated,omitempty"`
	Default              json.RawMessage `json:"default,omitempty"`
	Examples             values          `json:"examples,omitempty"`
	Enum                 values          `json:"enum,omitempty"`
	MinLength            int             `json:"minLength,omitempty"`
	MaxLength            *int            `json:"maxLength,omitempty"`
	Pattern              string          `json:"pattern,omitempty"`
	Minimum              json.Number     `json:"minimum,omitempty"`
	Maximum              json.Number     `json:"maximum,omitempty"`
	ExclusiveMinimum     json.Number     `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum     json.Number     `json:"exclusiveMaximum,omitempty"`
	MultipleOf           json.Number     `json:"multipleOf,omitempty"`
	MinItems             int             `json:"minItems,omitempty"`
	MaxItems             *int            `json:"maxItems,omitempty"`
	UniqueItems          bool            `json:"uniqueItems,omitempty"`
	Items                *schemaObject   `json:"items,omitempty"`
	Properties           properties      `json:"properties,omitempty"`
	Required             []string        `json:"required,omitempty"`
	AdditionalProperties any             `json:"additionalProperties,omitempty"` // *schemaObject, or false: none
	PropertyNames        *schemaObject   `json:"propertyNames,omitempty"`
}

// types is one type's name or several.
type types []string

func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// values are JSON texts.
type values []json.RawMessage

// properties are the members of an object in the order of the Go fields.
type properties []property

type property struct {
	name   string
	schema *schemaObject
}

func (p properties) MarshalJSON() ([]byte, error) {
	var buf bytes.Buffer
	for i, member := range p {
		buf.WriteByte("{,"[min(i, 1)])
		name, err := marshal(member.name)
		if err != nil {
			return nil, err
		}
		schema, err := marshal(member.schema)
		if err != nil {
			return nil, err
		}
		buf.Write(name)
		buf.WriteByte(':')
		buf.Write(schema)
	}
	buf.WriteByte('}')
	return buf.Bytes(), nil
}

// schema writes s down; named struct types become components.
func (c *components) schema(s *schema.Schema) *schemaObject {
	if writesItself(s) {
		return &schemaObject{}
	}
	o := &schemaObject{Format: s.Format}
	switch s.Kind {
	case schema.Any:
	case schema.Boolean:
		o.Type = types{"boolean"}
	case schema.Integer:
		o.Type = types{"integer"}
		limit(o, s)
	case schema.Number:
		o.Type = types{"number"}
	case schema.String:
		o.Type = types{"string"}
		if pointee(s.Type) == reflect.TypeFor[netip.Addr]() {
			o.AnyOf = []*schemaObject{{Format: "ipv4"}, {Format: "ipv6"}}
		}
	case schema.Array:
		o.Type = types{"array"}
		o.Items = c.schema(s.Elem)
		if t := pointee(s.Type); t.Kind() == reflect.Array {
			n := t.Len()
			o.MinItems, o.MaxItems = n, &n
		}
	case schema.Map:
		o.Type = types{"object"}
		o.AdditionalProperties = c.schema(s.Elem)
		if s.Key != nil && s.Key.Kind == schema.Integer {
			o.PropertyNames = &schemaObject{Pattern: `^-?[0-9]+$`}
			if k := s.Key.Type.Kind(); k >= reflect.Uint && k <= reflect.Uintptr {
				o.PropertyNames.Pattern = `^[0-9]+$`
			}
		}
	case schema.Object:
		if s.Struct.Type != nil && s.Struct.Type.Name() != "" {
			o = &schemaObject{Ref: c.component(s.Struct)}
		} else {
			o = c.object(s.Struct)
		}
	}
	encoded(o)
	if s.Rules != nil {
		constrain(o, s.Rules)
	}
	if s.Nullable {
		o = nullable(o)
	}
	return o
}

// writesItself reports whether a value looks otherwise in a response than it is read, and than its type tells: it has a method that
// writes it, and none that reads it. The document then promises nothing of it.
func writesItself(s *schema.Schema) bool {
	t := reflect.PointerTo(pointee(s.Type))
	switch {
	case s.Kind == schema.Any || t.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return false
	case t.Implements(reflect.TypeFor[json.Marshaler]()):
		return !t.Implements(reflect.TypeFor[interface{ UnmarshalText(text []byte) error }]())
	default:
		return s.Kind != schema.String && t.Implements(reflect.TypeFor[interface{ MarshalText() ([]byte, error) }]())
	}
}

// object writes the members of a struct.
func (c *components) object(s *schema.Struct) *schemaObject {
	o := &schemaObject{Type: types{"object"}}
	for i := range s.Fields {
		f := &s.Fields[i]
		o.Properties = append(o.Properties, property{f.Name, c.field(s, f)})
		if f.Required {
			o.Required = append(o.Required, f.Name)
		}
	}
	return o
}

// field is the schema of a member with what is said of this one alone.
func (c *components) field(in *schema.Struct, f *schema.Field) *schemaObject {
	o := c.schema(f.Schema)
	if o.Pattern == "" && f.Schema.Kind == schema.String {
		o.Pattern = quotedPattern(f)
	}
	o.Description = f.Tag.Get("doc")
	o.Deprecated = f.Tag.Get("deprecated") == "true"
	if f.Default.IsValid() {
		text, err := marshal(f.Default.Interface())
		if err != nil {
			c.fault("%s.%s: the default: %w", in.Type, f.Name, err)
		}
		if f.Schema.Kind == schema.String && err == nil && text[0] != '"' { // the option "string" of the tag json
			text = quote(string(text))
		}
		o.Default = text
	}
	if text, ok := f.Tag.Lookup("example"); ok {
		example, ok := value(f.Schema, text)
		if !ok {
			c.fault("%v.%s: example:%q is no %s", in.Type, f.Name, text, kindName(f.Schema.Kind))
		}
		o.Examples = values{example}
	}
	return o
}

// nullable returns o with null taken too.
func nullable(o *schemaObject) *schemaObject {
	switch {
	case o.Ref != nil:
		return &schemaObject{AnyOf: []*schemaObject{o, {Type: types{"null"}}}}
	case o.Type == nil: // takes everything
		return o
	}
	o.Type = append(o.Type, "null")
	if o.Enum != nil {
		o.Enum = append(o.Enum, json.RawMessage("null"))
	}
	return o
}

// encoded says in JSON Schema's words what OpenAPI 3.0 called the formats byte and binary.
func encoded(o *schemaObject) {
	switch o.Format {
	case "byte":
		o.Format, o.ContentEncoding = "", "base64"
	case "binary":
		o.Format, o.ContentMediaType = "", "application/octet-stream"
	}
}

// pointee is t without pointers.
func pointee(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}
