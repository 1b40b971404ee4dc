package openapi_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// The words are those of OpenAPI 3.1 section 4.8.12.
func TestParameters(t *testing.T) {
	freeForm := func(elem *schema.Schema) *schema.Schema {
		return &schema.Schema{Type: reflect.MapOf(reflect.TypeFor[string](), elem.Type), Kind: schema.Map, Elem: elem, Nullable: true}
	}
	tests := []struct {
		name string
		in   operation.Parameter
		want string // "" for none
	}{
		{"query", operation.Parameter{In: "query", Name: "page", Schema: integer[int]()}, `{"name": "page", "in": "query", "schema": {"type": "integer"}}`},
		{
			"all that tags say",
			operation.Parameter{In: "query", Name: "page", Required: true, Schema: integer[int](), Tag: `doc:"Which." deprecated:"true" example:"3"`},
			`{"name": "page", "in": "query", "description": "Which.", "required": true, "deprecated": true, "schema": {"type": "integer", "examples": [3]}}`,
		},
		{
			"absent is no null", operation.Parameter{In: "query", Name: "page", Schema: nullable(integer[*int]())},
			`{"name": "page", "in": "query", "schema": {"type": "integer"}}`,
		},
		{
			"repeated keys",
			operation.Parameter{In: "query", Name: "id", Schema: nullable(array(nullable(integer[int]()))), Tag: `example:"1, 2"`},
			`{"name": "id", "in": "query", "style": "form", "explode": true,
			  "schema": {"type": "array", "items": {"type": "integer"}, "examples": [[1, 2]]}}`,
		},
		{
			"free keys", operation.Parameter{In: "query", Name: "*", Schema: freeForm(text())},
			`{"name": "*", "in": "query", "style": "form", "explode": true, "schema": {"type": "object", "additionalProperties": {"type": "string"}}}`,
		},
		{
			"free keys, repeated", operation.Parameter{In: "query", Name: "*", Schema: freeForm(nullable(array(text())))},
			`{"name": "*", "in": "query", "style": "form", "explode": true, "schema": {"type": "object", "additionalProperties": {"type": "string"}}}`,
		},
		{
			"header list", operation.Parameter{In: "header", Name: "X-Tag", Schema: array(text())},
			`{"name": "X-Tag", "in": "header", "schema": {"type": "array", "items": {"type": "string"}}}`,
		},
		{"the header Accept, which OpenAPI has other words for", operation.Parameter{In: "header", Name: "accept", Schema: text()}, ""},
		{"the header Content-Type", operation.Parameter{In: "header", Name: "content-type", Schema: text()}, ""},
		{"the header Authorization", operation.Parameter{In: "header", Name: "Authorization", Schema: text()}, ""},
		{"cookie", operation.Parameter{In: "cookie", Name: "sid", Schema: text()}, `{"name": "sid", "in": "cookie", "schema": {"type": "string"}}`},
		{
			"default", operation.Parameter{In: "query", Name: "n", Schema: integer[int](), Tag: `default:"020"`, Default: reflect.ValueOf(20)},
			`{"name": "n", "in": "query", "schema": {"type": "integer", "default": 20}}`,
		},
		{
			"default of a type that is text",
			operation.Parameter{
				In: "query", Name: "for", Tag: `default:"1m30s"`, Default: reflect.ValueOf(90 * time.Second),
				Schema: &schema.Schema{Type: reflect.TypeFor[time.Duration](), Kind: schema.String},
			},
			`{"name": "for", "in": "query", "schema": {"type": "string", "default": "1m30s", "pattern": "^[-+]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$"}}`,
		},
		{
			"default of a list",
			operation.Parameter{In: "query", Name: "sort", Schema: array(text()), Tag: `default:"name,id"`, Default: reflect.ValueOf([]string{"name", "id"})},
			`{"name": "sort", "in": "query", "style": "form", "explode": true, "schema": {"type": "array", "items": {"type": "string"}, "default": ["name", "id"]}}`,
		},
		{
			"default of an empty list",
			operation.Parameter{In: "header", Name: "X-Sort", Schema: array(text()), Tag: `default:""`, Default: reflect.ValueOf([]string{})},
			`{"name": "X-Sort", "in": "header", "schema": {"type": "array", "items": {"type": "string"}, "default": []}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := "null"
			if tt.want != "" {
				want = "[" + tt.want + "]"
			}
			wantPart(t, one(&typed{Parameters: []operation.Parameter{tt.in}}), want, "paths", "/", "get", "parameters")
		})
	}
}
