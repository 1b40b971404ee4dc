package openapi

import (
	"encoding/json"
	"reflect"
	"time"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// durationPattern is the syntax of time.ParseDuration, but for the limits of its range.
const durationPattern = `^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$`

// text is the schema of a value written as text: a parameter, a header or a field of a form. There is no null.
func (b *builder) text(p operation.Parameter) *schemaObject {
	s := *p.Schema
	s.Nullable = false
	if s.Elem != nil {
		elem := *s.Elem
		if s.Kind == schema.Map && elem.Kind == schema.Array { // OpenAPI cannot say that free keys may be repeated
			elem = *elem.Elem
		}
		elem.Nullable = false
		s.Elem = &elem
	}
	o := b.schemas.schema(&s)
	leaf, at := &s, o
	if s.Kind == schema.Array {
		leaf, at = s.Elem, o.Items
	}
	if at.Pattern == "" && pointee(leaf.Type) == reflect.TypeFor[time.Duration]() {
		at.Pattern = durationPattern
	}
	if p.Default.IsValid() {
		o.Default = b.textDefault(p)
	}
	if text, ok := p.Tag.Lookup("example"); ok {
		example, ok := value(&s, text)
		if !ok {
			b.fault("parameter %s: example:%q is no %s", p.Name, text, kindName(s.Kind))
		}
		o.Examples = values{example}
	}
	return o
}

// textDefault is the default as a client would write it. Go's text types are not to be marshaled: a time.Duration would be a
// number.
func (b *builder) textDefault(p operation.Parameter) json.RawMessage {
	leaf := p.Schema
	for leaf.Kind == schema.Array {
		leaf = leaf.Elem
	}
	if leaf.Kind == schema.String {
		list, _ := value(p.Schema, p.Tag.Get("default")) // texts, and lists of them, are always values
		return list
	}
	text, err := marshal(p.Default.Interface())
	if err != nil {
		b.fault("parameter %s: the default: %w", p.Name, err)
	}
	return text
}
