package openapi_test

import (
	"go/ast"
	"go/token"
	"html/template"
	"maps"
	"slices"
	"testing"
	texttemplate "text/template"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

type (
	page[T any]    struct{}
	pair[K, V any] struct{}

	// Problem has the name of the schema that every document has.
	Problem struct{}
)

func TestComponentNames(t *testing.T) {
	type local struct{}
	first := object[local]()
	second := func() *schema.Schema {
		type local struct{}
		return object[local]()
	}()
	tests := []struct {
		name string
		in   []*schema.Schema
		want []string
	}{
		{"one", []*schema.Schema{object[order]()}, []string{"order"}},
		{"one twice", []*schema.Schema{object[order](), object[order]()}, []string{"order"}},
		{"generic", []*schema.Schema{object[page[order]]()}, []string{"pageOrder"}},
		{"generic of basic types", []*schema.Schema{object[pair[string, int]]()}, []string{"pairStringInt"}},
		{"generic of generic", []*schema.Schema{object[page[pair[string, token.File]]]()}, []string{"pagePairStringFile"}},
		{"generic of slice, map and pointer", []*schema.Schema{object[page[map[string][]*order]]()}, []string{"pageMapStringArrayOrder"}},
		{"of two packages", []*schema.Schema{object[ast.File](), object[token.File]()}, []string{"AstFile", "TokenFile"}},
		{
			"generic of two packages", []*schema.Schema{object[page[ast.File]](), object[page[token.File]]()},
			[]string{"OpenapitestPageAstFile", "OpenapitestPageTokenFile"},
		},
		{
			"of two packages of one name", []*schema.Schema{object[template.Template](), object[texttemplate.Template]()},
			[]string{"TemplateTemplate", "TemplateTemplate2"},
		},
		{"the problem's", []*schema.Schema{object[Problem]()}, []string{"OpenapitestProblem"}},
		{"declared in functions", []*schema.Schema{first, second}, []string{"OpenapitestLocal", "OpenapitestLocal2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for range 2 {
				d := document(func(r chi.Router) {
					for i, s := range tt.in {
						r.Method("GET", "/"+string(rune('a'+i)), answers(s))
					}
				})
				all, _ := part(t, d, "components", "schemas").(map[string]any)
				if diff := cmp.Diff(slices.Sorted(slices.Values(append(tt.want, "Problem"))), slices.Sorted(maps.Keys(all))); diff != "" {
					t.Error(diff)
				}
				slices.Reverse(tt.in) // whichever route comes first
			}
		})
	}
}

// The number goes by the package's path, html/template before text/template, and not by the route.
func TestComponentNumbers(t *testing.T) {
	html, text := object[template.Template](member("html", text())), object[texttemplate.Template](member("text", text()))
	for _, in := range [][]*schema.Schema{{html, text}, {text, html}} {
		d := document(func(r chi.Router) {
			r.Method("GET", "/a", answers(in[0]))
			r.Method("GET", "/b", answers(in[1]))
		})
		wantPart(t, d, `{"html": {"type": "string"}}`, "components", "schemas", "TemplateTemplate", "properties")
		wantPart(t, d, `{"text": {"type": "string"}}`, "components", "schemas", "TemplateTemplate2", "properties")
	}
}

func TestRecursion(t *testing.T) {
	tree := object[order]()
	tree.Struct.Fields = []schema.Field{member("left", &schema.Schema{Type: tree.Type, Kind: schema.Object, Nullable: true, Struct: tree.Struct}),
		member("leaves", array(tree))}
	wantPart(t, one(takes(tree)), `{"type": "object", "properties": {
		"left": {"anyOf": [{"$ref": "#/components/schemas/order"}, {"type": "null"}]},
		"leaves": {"type": "array", "items": {"$ref": "#/components/schemas/order"}}
	}}`, "components", "schemas", "order")
}

// A request and a response of one type share the component.
func TestSharedComponent(t *testing.T) {
	op := takes(object[order](member("id", text())))
	op.Responses = []operation.Response{{Status: 200, Content: op.Body.Content}}
	d := one(op)
	const reference = `{"$ref": "#/components/schemas/order"}`
	wantPart(t, d, reference, "paths", "/", "post", "requestBody", "content", "application/json", "schema")
	wantPart(t, d, reference, "paths", "/", "post", "responses", "200", "content", "application/json", "schema")
}
