// Package schema has the JSON Schema of Go types: what their json tags and constraint tags ask for, and whether a value keeps it.
//
// A [Schema] is made once, when a handler is registered. Package binding checks requests with it and package openapi writes it
// down, so that the document cannot promise what the handler does not keep.
package schema

import (
	"reflect"
	"regexp"
)

// Kind is a JSON type.
type Kind uint8

// The kinds. Any is every JSON value: interfaces, [encoding/json.RawMessage], types with an UnmarshalJSON of their own.
const (
	Any Kind = iota
	Boolean
	Integer
	Number
	String
	Array
	Object
	Map
)

// Schema is one place in a value: a Go type with the constraints written at the field that holds it.
type Schema struct {
	Type     reflect.Type // as written at the field, pointers included
	Kind     Kind
	Nullable bool    // null is taken: a pointer, slice, map or interface that is neither required nor has minItems
	Format   string  // "date-time" of time.Time, "int64", "byte", …, or the format tag's; documented, and checked where package schema knows it
	Rules    *Rules  // nil: no constraints
	Elem     *Schema // of Array and Map
	Key      *Schema // of Map: what a name must be, Integer or String; nil: anything
	Struct   *Struct // of Object; the same one wherever the type occurs, so that types may contain themselves

	base   reflect.Type // Type without its pointers
	own    bool         // base has an UnmarshalJSON or UnmarshalText of its own, or is an interface
	syntax format       // of String: what is checked of Format, and of Go's own text types
	quoted *Schema      // of String: the value inside it, of a field with `json:",string"`

	least, most int64 // of Integer and Number: what is between them is surely right, the rest is looked at closely
}

// HasDefaults reports whether a value may need [Schema.ApplyDefaults].
func (s *Schema) HasDefaults() bool {
	switch s.Kind {
	case Array, Map:
		return s.Elem.HasDefaults()
	case Object:
		return s.Struct.defaults
	default:
		return false
	}
}

// Struct is an object with members that are known.
type Struct struct {
	Type   reflect.Type
	Fields []Field // in the order of the Go fields, embedded structs flattened by the rules of encoding/json

	index    map[string]int // of Fields by name; nil for a few, which are compared one by one
	required []int          // of Fields
	defaults bool           // some field has a default, here or further in
}

// Field is a member of an object.
type Field struct {
	Name     string // in JSON
	Index    []int  // see reflect.Value.FieldByIndex
	Tag      reflect.StructTag
	Schema   *Schema
	Required bool          // present and not null
	Default  reflect.Value // of the field's type; invalid if there is none
}

// Rules are constraints, in the words of JSON Schema 2020-12.
type Rules struct {
	MinLength, MaxLength               int // code points; MaxLength -1: none
	Pattern                            *regexp.Regexp
	Minimum, Maximum                   *Decimal
	ExclusiveMinimum, ExclusiveMaximum *Decimal
	MultipleOf                         *Decimal
	Enum                               []string // values as JSON texts: `"a"`, `1`
	MinItems, MaxItems                 int      // MaxItems -1: none
	UniqueItems                        bool

	values []string // of Enum, without the quotes and escapes of JSON
}
