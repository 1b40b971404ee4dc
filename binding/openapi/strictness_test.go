package openapi_test

import (
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// An object is closed, JSON Schema 2020-12 (core) section 10.3.2.3, if no handler that takes it lets unknown members pass.
func TestStrict(t *testing.T) {
	var (
		parts  = func() *schema.Schema { return array(object[line](member("sku", text()))) }
		whole  = func() *schema.Schema { return object[order](member("lines", parts())) }
		strict = func(s *schema.Schema) *typed {
			op := takes(s)
			op.Body.Strict = true
			return op
		}
	)
	tree := object[order]()
	tree.Struct.Fields = []schema.Field{member("children", array(tree))}
	const (
		open       = `{"type": "object", "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/line"}}}}`
		closed     = `{"type": "object", "properties": {"lines": {"type": "array", "items": {"$ref": "#/components/schemas/line"}}}, "additionalProperties": false}`
		openPart   = `{"type": "object", "properties": {"sku": {"type": "string"}}}`
		closedPart = `{"type": "object", "properties": {"sku": {"type": "string"}}, "additionalProperties": false}`
	)
	tests := []struct {
		name string
		ops  []*typed
		want string
	}{
		{"strict", []*typed{strict(whole())}, `{"order": ` + closed + `, "line": ` + closedPart + `}`},
		{"not strict", []*typed{takes(whole())}, `{"order": ` + open + `, "line": ` + openPart + `}`},
		{"answered", []*typed{answers(whole())}, `{"order": ` + open + `, "line": ` + openPart + `}`},
		{"taken and answered", []*typed{answers(whole()), strict(parts())}, `{"order": ` + open + `, "line": ` + closedPart + `}`},
		{"strict, then not", []*typed{strict(whole()), takes(whole())}, `{"order": ` + open + `, "line": ` + openPart + `}`},
		{"not strict, then strict", []*typed{takes(whole()), strict(whole())}, `{"order": ` + open + `, "line": ` + openPart + `}`},
		{"the parts not strict elsewhere", []*typed{strict(whole()), takes(parts())}, `{"order": ` + closed + `, "line": ` + openPart + `}`},
		{
			"a type that contains itself", []*typed{strict(tree)},
			`{"order": {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#/components/schemas/order"}}}, "additionalProperties": false}}`,
		},
		{
			"behind null and in a map", []*typed{strict(object[order](
				member("line", nullable(object[line]())),
				member("lines", &schema.Schema{Type: object[order]().Type, Kind: schema.Map, Elem: object[line]()}),
			))},
			`{"order": {
				"type": "object",
				"properties": {
					"line": {"anyOf": [{"$ref": "#/components/schemas/line"}, {"type": "null"}]},
					"lines": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/line"}}
				},
				"additionalProperties": false
			}, "line": {"type": "object", "additionalProperties": false}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := document(func(r chi.Router) {
				for i, op := range tt.ops {
					r.Method("POST", "/"+string(rune('a'+i)), op)
				}
			})
			schemas, _ := part(t, d, "components", "schemas").(map[string]any)
			delete(schemas, "Problem")
			if diff := cmp.Diff(decode(t, tt.want), any(schemas)); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("a type without a name, in its place", func(t *testing.T) {
		s := nullable(object[struct{}](member("sku", text())))
		op := &typed{Body: &operation.Body{Strict: true, Content: []operation.Content{{MediaType: "application/json", Schema: s}}}}
		wantPart(t, one(op), `{"type": ["object", "null"], "properties": {"sku": {"type": "string"}}, "additionalProperties": false}`,
			"paths", "/", "post", "requestBody", "content", "application/json", "schema")
	})
}
