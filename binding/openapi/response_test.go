package openapi_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// The words are those of OpenAPI 3.1 sections 4.8.16 and 4.8.17.
func TestResponses(t *testing.T) {
	const problems = `"default": {"$ref": "#/components/responses/Problem"}`
	tests := []struct {
		name string
		op   *typed
		want string
	}{
		{"nothing is known", &typed{}, `{` + problems + `}`},
		{
			"JSON", answers(text()),
			`{"200": {"description": "OK", "content": {"application/json": {"schema": {"type": "string"}}}}, ` + problems + `}`,
		},
		{"no body", &typed{Responses: []operation.Response{{Status: 204}}}, `{"204": {"description": "No Content"}, ` + problems + `}`},
		{
			"bytes", &typed{Responses: []operation.Response{{Status: 200, Content: []operation.Content{{MediaType: "image/png"}, {}}}}},
			`{"200": {"description": "OK", "content": {"image/png": {}, "application/octet-stream": {}}}, ` + problems + `}`,
		},
		{
			"bytes of media types that the header names",
			&typed{Responses: []operation.Response{{
				Status:  200,
				Headers: []operation.Parameter{{In: "header", Name: "content-type", Schema: text(), Tag: `enum:"image/png, text/csv; charset=utf-8"`}},
				Content: []operation.Content{{MediaType: "*/*"}},
			}}},
			`{"200": {"description": "OK", "content": {"image/png": {}, "text/csv; charset=utf-8": {}}}, ` + problems + `}`,
		},
		{
			"JSON of a media type that the header names",
			&typed{Responses: []operation.Response{{
				Status:  200,
				Headers: []operation.Parameter{{In: "header", Name: "Content-Type", Schema: text(), Tag: `enum:"application/geo+json"`}},
				Content: []operation.Content{{MediaType: "application/json", Schema: text()}},
			}}},
			`{"200": {"description": "OK", "content": {"application/geo+json": {"schema": {"type": "string"}}}}, ` + problems + `}`,
		},
		{
			"no body, whatever its media type would be",
			&typed{Responses: []operation.Response{{
				Status:  204,
				Headers: []operation.Parameter{{In: "header", Name: "Content-Type", Schema: text(), Tag: `enum:"image/png"`}},
			}}},
			`{"204": {"description": "No Content"}, ` + problems + `}`,
		},
		{"a status without a name", &typed{Responses: []operation.Response{{Status: 299}}}, `{"299": {"description": "Status 299"}, ` + problems + `}`},
		{
			"headers",
			&typed{Responses: []operation.Response{{Status: 204, Headers: []operation.Parameter{
				{In: "header", Name: "location", Schema: text(), Tag: `doc:"Where it is."`},
				{In: "header", Name: "Last-Modified", Schema: &schema.Schema{Type: reflect.TypeFor[time.Time](), Kind: schema.String, Format: "date-time"}},
				{In: "header", Name: "Content-Type", Schema: text()},
				{In: "header", Name: "Set-Cookie"},
			}}}},
			`{"204": {"description": "No Content", "headers": {
				"Location": {"description": "Where it is.", "schema": {"type": "string"}},
				"Last-Modified": {"schema": {"type": "string", "format": "http-date"}},
				"Set-Cookie": {"schema": {"type": "string"}}
			}}, ` + problems + `}`,
		},
		{
			"problems", &typed{Problems: []int{400, 422}},
			`{"400": {"$ref": "#/components/responses/BadRequest"}, "422": {"$ref": "#/components/responses/UnprocessableEntity"}, ` + problems + `}`,
		},
		{
			"further ones",
			&typed{Doc: operation.Doc{Responses: map[int]reflect.Type{
				202: reflect.TypeFor[string](), 203: reflect.TypeFor[[]byte](), 304: reflect.TypeFor[struct{}](), 404: nil,
			}}},
			`{"202": {"description": "Accepted", "content": {"application/json": {"schema": {"type": "string"}}}},
			  "203": {"description": "Non-Authoritative Information", "content": {"application/octet-stream": {}}},
			  "304": {"description": "Not Modified"},
			  "404": {"$ref": "#/components/responses/NotFound"}, ` + problems + `}`,
		},
		{
			"a problem of its own shape",
			&typed{Problems: []int{422}, Doc: operation.Doc{Responses: map[int]reflect.Type{422: reflect.TypeFor[string]()}}},
			`{"422": {"description": "Unprocessable Entity", "content": {"application/json": {"schema": {"type": "string"}}}}, ` + problems + `}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantPart(t, one(tt.op), tt.want, "paths", "/", "get", "responses")
		})
	}
}

func TestProblemResponse(t *testing.T) {
	d := one(&typed{Problems: []int{499, 404}})
	const content = `"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}`
	wantPart(t, d, `{
		"Problem": {"description": "A problem.", `+content+`},
		"NotFound": {"description": "Not Found", `+content+`},
		"Status499": {"description": "Status 499", `+content+`}
	}`, "components", "responses")
}
