package openapi_test

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// order is a named struct type.
type order struct{}

func member(name string, s *schema.Schema) schema.Field {
	return schema.Field{Name: name, Schema: s}
}

func kind[T any](k schema.Kind) *schema.Schema {
	return &schema.Schema{Type: reflect.TypeFor[T](), Kind: k}
}

func formatted[T any](k schema.Kind, format string) *schema.Schema {
	return &schema.Schema{Type: reflect.TypeFor[T](), Kind: k, Format: format}
}

// level and money write themselves, as a text and as any JSON, and are read as what they are.
type (
	level int
	money struct{ Cents int }
)

func (level) MarshalText() ([]byte, error)  { return []byte("high"), nil }
func (*money) MarshalJSON() ([]byte, error) { return []byte(`"1.00 EUR"`), nil }

// The words are those of JSON Schema 2020-12: Core section 10, Validation sections 6 to 9.
func TestSchema(t *testing.T) {
	mapOf := func(elem *schema.Schema) *schema.Schema {
		return &schema.Schema{Type: reflect.MapOf(reflect.TypeFor[string](), elem.Type), Kind: schema.Map, Elem: elem}
	}
	tests := []struct {
		name string
		in   *schema.Schema
		want string
	}{
		{"any", kind[any](schema.Any), `{}`},
		{"nullable any", nullable(kind[any](schema.Any)), `{}`},
		{"boolean", kind[bool](schema.Boolean), `{"type": "boolean"}`},
		{"string", text(), `{"type": "string"}`},
		{"nullable", nullable(kind[*string](schema.String)), `{"type": ["string", "null"]}`},
		{"format", formatted[time.Time](schema.String, "date-time"), `{"type": "string", "format": "date-time"}`},
		{"base64", formatted[[]byte](schema.String, "byte"), `{"type": "string", "contentEncoding": "base64"}`},
		{"IP address", kind[netip.Addr](schema.String), `{"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}`},
		{"text, read as a number", integer[level](), `{}`},
		{"JSON, read as an object", nullable(object[*money]()), `{}`},
		{"double", formatted[float64](schema.Number, "double"), `{"type": "number", "format": "double"}`},

		{"int8", integer[int8](), `{"type": "integer", "minimum": -128, "maximum": 127}`},
		{"int16", integer[int16](), `{"type": "integer", "minimum": -32768, "maximum": 32767}`},
		{"int32", formatted[int32](schema.Integer, "int32"), `{"type": "integer", "format": "int32", "minimum": -2147483648, "maximum": 2147483647}`},
		{"int64", formatted[int64](schema.Integer, "int64"), `{"type": "integer", "format": "int64"}`},
		{"pointer to uint8", nullable(integer[*uint8]()), `{"type": ["integer", "null"], "minimum": 0, "maximum": 255}`},
		{"uint16", integer[uint16](), `{"type": "integer", "minimum": 0, "maximum": 65535}`},
		{"uint32", integer[uint32](), `{"type": "integer", "minimum": 0, "maximum": 4294967295}`},
		{"uint", integer[uint](), `{"type": "integer", "minimum": 0}`},
		{
			"a bound in place of the type's", ruled(integer[uint8](), schema.Rules{ExclusiveMinimum: decimal(t, "0")}),
			`{"type": "integer", "exclusiveMinimum": 0, "maximum": 255}`,
		},

		{
			"text rules", ruled(text(), schema.Rules{MinLength: 1, MaxLength: 8, Pattern: letters, Enum: []string{`"a"`, `"b"`}}),
			`{"type": "string", "minLength": 1, "maxLength": 8, "pattern": "^[a-z]+$", "enum": ["a", "b"]}`,
		},
		{
			"number rules",
			ruled(kind[float64](schema.Number), schema.Rules{
				Minimum: decimal(t, "0.1"), ExclusiveMaximum: decimal(t, "1e3"), MultipleOf: decimal(t, "0.1"), Enum: []string{"0.5"},
			}),
			`{"type": "number", "minimum": 0.1, "exclusiveMaximum": 1000, "multipleOf": 0.1, "enum": [0.5]}`,
		},
		{"null among the allowed", nullable(ruled(text(), schema.Rules{Enum: []string{`"a"`}})), `{"type": ["string", "null"], "enum": ["a", null]}`},
		{
			"array of the type, filled in part", ruled(&schema.Schema{Type: reflect.TypeFor[[3]string](), Kind: schema.Array, Elem: text()}, schema.Rules{MaxItems: 2}),
			`{"type": "array", "maxItems": 2, "items": {"type": "string"}}`,
		},
		{
			"array rules", ruled(array(text()), schema.Rules{MinItems: 1, MaxItems: 5, UniqueItems: true}),
			`{"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 5, "uniqueItems": true}`,
		},
		{
			"array of a fixed length", &schema.Schema{Type: reflect.TypeFor[[3]string](), Kind: schema.Array, Elem: text()},
			`{"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3}`,
		},
		{"map", nullable(mapOf(integer[int]())), `{"type": ["object", "null"], "additionalProperties": {"type": "integer"}}`},
		{"map by integers", keyed(mapOf(text()), integer[int64]()), `{
			"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": {"pattern": "^-?[0-9]+$"}
		}`},
		{"map by counts", keyed(mapOf(text()), integer[uint8]()), `{
			"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": {"pattern": "^[0-9]+$"}
		}`},
		{"map of anything", mapOf(kind[any](schema.Any)), `{"type": "object", "additionalProperties": {}}`},
		{"reference", object[order](), `{"$ref": "#/components/schemas/order"}`},
		{"nullable reference", nullable(object[order]()), `{"anyOf": [{"$ref": "#/components/schemas/order"}, {"type": "null"}]}`},
		{
			"struct without a name", object[struct{}](schema.Field{Name: "b", Schema: text(), Required: true}, member("a", text())),
			`{"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}, "required": ["b"]}`,
		},
		{"struct without members", object[struct{}](), `{"type": "object"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantPart(t, one(answers(tt.in)), tt.want, "paths", "/", "get", "responses", "200", "content", "application/json", "schema")
		})
	}
}

// What is said of a member stands at the member, beside the reference if it is one.
func TestMembers(t *testing.T) {
	tests := []struct {
		name string
		in   schema.Field
		want string
	}{
		{
			"description", schema.Field{Schema: text(), Tag: `doc:"A \"name\" <of> theirs." deprecated:"true"`},
			`{"type": "string", "description": "A \"name\" <of> theirs.", "deprecated": true}`,
		},
		{"not deprecated", schema.Field{Schema: text(), Tag: `deprecated:"false"`}, `{"type": "string"}`},
		{"description of a reference", schema.Field{Schema: object[order](), Tag: `doc:"D"`}, `{"$ref": "#/components/schemas/order", "description": "D"}`},
		{
			"default", schema.Field{Schema: kind[time.Duration](schema.Integer), Tag: `default:"1m"`, Default: reflect.ValueOf(time.Minute)},
			`{"type": "integer", "default": 60000000000}`,
		},
		{
			"integer in quotes", schema.Field{Schema: kind[int](schema.String), Tag: `json:"m,omitempty,string" default:"7"`, Default: reflect.ValueOf(7)},
			`{"type": "string", "default": "7", "pattern": "^-?(0|[1-9][0-9]*)$"}`,
		},
		{
			"unsigned integer in quotes", schema.Field{Schema: nullable(kind[*uint8](schema.String)), Tag: `json:",string"`},
			`{"type": ["string", "null"], "pattern": "^(0|[1-9][0-9]*)$"}`,
		},
		{
			"number in quotes", schema.Field{Schema: kind[float32](schema.String), Tag: `json:",string"`},
			`{"type": "string", "pattern": "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$"}`,
		},
		{"truth in quotes", schema.Field{Schema: kind[bool](schema.String), Tag: `json:",string"`}, `{"type": "string", "pattern": "^(true|false)$"}`},
		{"string in quotes", schema.Field{Schema: text(), Tag: `json:",string"`}, `{"type": "string"}`},
		{"text of a type whose kind is a number", schema.Field{Schema: kind[int](schema.String)}, `{"type": "string"}`},
		{"example text", schema.Field{Schema: text(), Tag: `example:"7"`}, `{"type": "string", "examples": ["7"]}`},
		{"example number", schema.Field{Schema: kind[float64](schema.Number), Tag: `example:"7.50"`}, `{"type": "number", "examples": [7.5]}`},
		{"example truth", schema.Field{Schema: kind[bool](schema.Boolean), Tag: `example:"true"`}, `{"type": "boolean", "examples": [true]}`},
		{
			"example list", schema.Field{Schema: array(text()), Tag: `example:"a, b"`},
			`{"type": "array", "items": {"type": "string"}, "examples": [["a", "b"]]}`,
		},
		{
			"example JSON list", schema.Field{Schema: array(text()), Tag: `example:"[\"a, b\"]"`},
			`{"type": "array", "items": {"type": "string"}, "examples": [["a, b"]]}`,
		},
		{
			"example object", schema.Field{Schema: object[order](), Tag: `example:"{\"id\": 7}"`},
			`{"$ref": "#/components/schemas/order", "examples": [{"id": 7}]}`,
		},
		{"example of anything, JSON", schema.Field{Schema: kind[any](schema.Any), Tag: `example:"[1]"`}, `{"examples": [[1]]}`},
		{"example of anything, text", schema.Field{Schema: kind[any](schema.Any), Tag: `example:"one"`}, `{"examples": ["one"]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.in.Name = "m"
			wantPart(t, one(takes(object[struct{}](tt.in))), tt.want,
				"paths", "/", "post", "requestBody", "content", "application/json", "schema", "properties", "m")
		})
	}
}

func TestMembersKeepTheirOrder(t *testing.T) {
	content, err := one(takes(object[struct{}](member("z", text()), member("a", text()), member(`m"<`, text())))).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if want := regexp.MustCompile(`"properties":\{"z":\{[^}]*\},"a":\{[^}]*\},"m\\"<":\{[^}]*\}\}`); !want.Match(content) {
		t.Errorf("%s\nwant the members in the order z, a, m\"<", content)
	}
}

// JSON Schema's patterns are those of ECMA-262 with its u flag: https://262.ecma-international.org section 22.2.1. There an escape
// that has no meaning is an error, and so are brackets and braces that stand for themselves. Authors are asked to keep to what all
// dialects have.
func TestPattern(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want string // "" for none
	}{
		{"the same in both", `^[a-z_][^\]\-x]{2,3}(?:a|b)*\d+?\.\/\bx$`, `^[a-z_][^\]\-x]{2,3}(?:a|b)*\d+?\.\/\bx$`},
		{"ends of the text", `\A\w+\z`, `^\w+$`},
		{"names", `(?P<year>\d{4})-(?<month>\d\d)`, `(\d{4})-(\d\d)`},
		{"escapes that are not needed", `\-\@\_\"`, `-@_"`},
		{"a bracket in a class", `[a[]`, `[a[]`},
		{"flags", `(?i)abc`, ``},
		{"quoted", `\Qa.b\E`, ``},
		{"POSIX class", `[[:alpha:]]`, ``},
		{"category", `\pL`, ``},
		{"script", `\p{Greek}`, ``},
		{"bell", `\a`, ``},
		{"braces for themselves", `a{x}`, ``},
		{"two commas", `a{1,2,3}`, ``},
		{"brace for itself", `a}`, ``},
		{"bracket for itself", `a]`, ``},
		{"bracket first in a class", `[]a]`, ``},
		{"by number", `\x41`, ``},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := `{"type": "string"}`
			if tt.want != "" {
				quoted, _ := json.Marshal(tt.want)
				want = `{"type": "string", "pattern": ` + string(quoted) + `}`
			}
			s := ruled(text(), schema.Rules{Pattern: regexp.MustCompile(tt.in)})
			wantPart(t, one(answers(s)), want, "paths", "/", "get", "responses", "200", "content", "application/json", "schema")
		})
	}
}

func keyed(s, key *schema.Schema) *schema.Schema {
	s.Key = key
	return s
}
