package openapi_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/openapi"
)

type (
	invoice struct {
		ID     int64      `json:"id" example:"7" doc:"The number on paper."`
		State  string     `json:"state" enum:"open,paid" default:"open"`
		Lines  []line     `json:"lines" minItems:"1" maxItems:"100"`
		Parent *invoice   `json:"parent,omitempty"`
		Due    *time.Time `json:"due,omitempty"`
		Scan   []byte     `json:"scan,omitempty"`
		Labels labels     `json:"labels"`
	}
	line struct {
		SKU   string  `json:"sku" pattern:"^[A-Z]{3}-[0-9]+$" required:"true"`
		Count uint8   `json:"count" minimum:"1"`
		Price float64 `json:"price" exclusiveMinimum:"0" multipleOf:"0.01"`
	}
	labels       map[string]string
	sheet[T any] struct {
		Items []T    `json:"items"`
		Next  string `json:"next,omitempty" format:"uri-reference"`
	}

	listInput struct {
		Page   int               `query:"page" minimum:"1" default:"1" doc:"Counted from 1."`
		States []string          `query:"state" enum:"open,paid" uniqueItems:"true"`
		Since  *time.Time        `query:"since"`
		Filter map[string]string `query:"*"`
		Tenant string            `header:"X-Tenant" required:"true"`
		Sess   string            `cookie:"session"`
	}
	readInput struct {
		ID int64 `path:"id" minimum:"1"`
	}
	createInput struct {
		Body invoice
	}
	createOutput struct {
		Location string      `header:"Location" doc:"Where it is."`
		Session  http.Cookie `cookie:"session"`
		Body     invoice
	}
	uploadInput struct {
		ID    int64          `path:"id"`
		Title string         `form:"title" maxLength:"80"`
		Photo binding.File   `form:"photo" accept:"image/png,image/jpeg" required:"true"`
		More  []binding.File `form:"more"`
	}
)

// What real handlers check and answer is in the document.
func TestTypedHandlers(t *testing.T) {
	d := document(func(r chi.Router) {
		r.Route("/invoices", func(r chi.Router) {
			binding.Handle(r, "GET /", func(context.Context, listInput) (sheet[invoice], error) { return sheet[invoice]{}, nil })
			binding.Handle(r, "POST /", func(context.Context, createInput) (createOutput, error) { return createOutput{}, nil },
				binding.WithStatus(http.StatusCreated),
				binding.WithDoc(binding.Doc{ID: "createInvoice", Security: []string{"cert"}, Responses: map[int]any{409: nil, 202: line{}}}))
			binding.Handle(r, "DELETE /{id}", func(context.Context, readInput) (struct{}, error) { return struct{}{}, nil })
			binding.Handle(r, "GET /{id}/scan", func(context.Context, readInput) (io.Reader, error) { return http.NoBody, nil })
			binding.Handle(r, "POST /{id}/photos", func(context.Context, uploadInput) (struct{}, error) { return struct{}{}, nil })
		})
	}, openapi.WithSecurity("cert", openapi.MutualTLS()))

	tests := []struct {
		name string
		keys []string
		want string
	}{
		{"list", []string{"paths", "/invoices", "get"}, `{
			"operationId": "getInvoices",
			"parameters": [
				{"name": "page", "in": "query", "description": "Counted from 1.",
				 "schema": {"type": "integer", "format": "int64", "default": 1, "minimum": 1}},
				{"name": "state", "in": "query", "style": "form", "explode": true,
				 "schema": {"type": "array", "uniqueItems": true, "items": {"type": "string", "enum": ["open", "paid"]}}},
				{"name": "since", "in": "query", "schema": {"type": "string", "format": "date-time"}},
				{"name": "*", "in": "query", "style": "form", "explode": true,
				 "schema": {"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": {"not": {"enum": ["page", "state", "since"]}}}},
				{"name": "X-Tenant", "in": "header", "required": true, "schema": {"type": "string"}},
				{"name": "session", "in": "cookie", "schema": {"type": "string"}}
			],
			"responses": {
				"200": {"description": "OK", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/sheetInvoice"}}}},
				"422": {"$ref": "#/components/responses/UnprocessableEntity"},
				"default": {"$ref": "#/components/responses/Problem"}
			}
		}`},
		{"create", []string{"paths", "/invoices", "post"}, `{
			"operationId": "createInvoice",
			"security": [{"cert": []}],
			"requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/invoice"}}}},
			"responses": {
				"201": {
					"description": "Created",
					"headers": {"Location": {"description": "Where it is.", "schema": {"type": "string"}}, "Set-Cookie": {"schema": {"type": "string"}}},
					"content": {"application/json": {"schema": {"$ref": "#/components/schemas/invoice"}}}
				},
				"202": {"description": "Accepted", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/line"}}}},
				"400": {"$ref": "#/components/responses/BadRequest"},
				"409": {"$ref": "#/components/responses/Conflict"},
				"413": {"$ref": "#/components/responses/RequestEntityTooLarge"},
				"415": {"$ref": "#/components/responses/UnsupportedMediaType"},
				"422": {"$ref": "#/components/responses/UnprocessableEntity"},
				"default": {"$ref": "#/components/responses/Problem"}
			}
		}`},
		{"delete", []string{"paths", "/invoices/{id}", "delete"}, `{
			"operationId": "deleteInvoicesById",
			"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64", "minimum": 1}}],
			"responses": {
				"204": {"description": "No Content"},
				"422": {"$ref": "#/components/responses/UnprocessableEntity"},
				"default": {"$ref": "#/components/responses/Problem"}
			}
		}`},
		{
			"download", []string{"paths", "/invoices/{id}/scan", "get", "responses", "200"},
			`{"description": "OK", "content": {"*/*": {}}}`,
		},
		{"upload", []string{"paths", "/invoices/{id}/photos", "post", "requestBody"}, `{"required": true, "content": {"multipart/form-data": {
			"schema": {
				"type": "object",
				"properties": {
					"title": {"type": "string", "maxLength": 80},
					"photo": {"type": "string", "contentMediaType": "application/octet-stream"},
					"more": {"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}}
				},
				"required": ["photo"]
			},
			"encoding": {"photo": {"contentType": "image/png,image/jpeg"}}
		}}}`},
		{"invoice", []string{"components", "schemas", "invoice"}, `{"type": "object", "properties": {
			"id": {"type": "integer", "format": "int64", "description": "The number on paper.", "examples": [7]},
			"state": {"type": "string", "default": "open", "enum": ["open", "paid"]},
			"lines": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": "#/components/schemas/line"}},
			"parent": {"anyOf": [{"$ref": "#/components/schemas/invoice"}, {"type": "null"}]},
			"due": {"type": ["string", "null"], "format": "date-time"},
			"scan": {"type": ["string", "null"], "contentEncoding": "base64"},
			"labels": {"type": ["object", "null"], "additionalProperties": {"type": "string"}}
		}}`},
		{"line", []string{"components", "schemas", "line"}, `{
			"type": "object",
			"properties": {
				"sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]+$"},
				"count": {"type": "integer", "minimum": 1, "maximum": 255},
				"price": {"type": "number", "format": "double", "exclusiveMinimum": 0, "multipleOf": 0.01}
			},
			"required": ["sku"]
		}`},
		{"sheet", []string{"components", "schemas", "sheetInvoice"}, `{"type": "object", "properties": {
			"items": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/invoice"}},
			"next": {"type": "string", "format": "uri-reference"}
		}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { wantPart(t, d, tt.want, tt.keys...) })
	}
}
