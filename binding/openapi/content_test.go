package openapi_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// The words are those of OpenAPI 3.1 sections 4.8.13 to 4.8.15.
func TestRequestBody(t *testing.T) {
	file := member("photo", &schema.Schema{Type: text().Type, Kind: schema.String, Format: "binary"})
	file.Tag, file.Required = `accept:"image/png, image/jpeg"`, true
	form := object[order](member("name", text()), file)
	tests := []struct {
		name string
		in   operation.Body
		want string
	}{
		{
			"JSON", operation.Body{Required: true, Content: []operation.Content{{MediaType: "application/json", Schema: text()}}},
			`{"required": true, "content": {"application/json": {"schema": {"type": "string"}}}}`,
		},
		{
			"optional", operation.Body{Content: []operation.Content{{MediaType: "application/json", Schema: nullable(text())}}},
			`{"content": {"application/json": {"schema": {"type": ["string", "null"]}}}}`,
		},
		{
			"bytes", operation.Body{Required: true, Content: []operation.Content{{MediaType: "image/*"}, {MediaType: "application/pdf"}}},
			`{"required": true, "content": {"image/*": {}, "application/pdf": {}}}`,
		},
		{
			"a form, in its place although it has a type's name",
			operation.Body{Content: []operation.Content{{MediaType: "application/x-www-form-urlencoded", Schema: object[order](member("name", text()))}}},
			`{"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {"name": {"type": "string"}}}}}}`,
		},
		{
			"text as in parameters: no null, and Go's text types in their own syntax",
			operation.Body{Content: []operation.Content{{MediaType: "application/x-www-form-urlencoded", Schema: object[struct{}](
				schema.Field{
					Name: "for", Schema: nullable(kind[time.Duration](schema.String)), Tag: `doc:"How long." default:"1m30s"`,
					Default: reflect.ValueOf(90 * time.Second),
				},
			)}}},
			`{"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {
				"for": {"type": "string", "description": "How long.", "default": "1m30s", "pattern": "^[-+]?(0|((\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))+)$"}
			}}}}}`,
		},
		{
			"files", operation.Body{Content: []operation.Content{{MediaType: "multipart/form-data", Schema: form}}},
			`{"content": {"multipart/form-data": {
				"schema": {
					"type": "object",
					"properties": {"name": {"type": "string"}, "photo": {"type": "string", "contentMediaType": "application/octet-stream"}},
					"required": ["photo"]
				},
				"encoding": {"photo": {"contentType": "image/png, image/jpeg"}}
			}}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantPart(t, one(&typed{Body: &tt.in}), tt.want, "paths", "/", "post", "requestBody")
		})
	}
}
