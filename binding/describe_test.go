package binding_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
)

// operationOf returns what a handler says about itself.
func operationOf(t *testing.T, h http.Handler) *operation.Operation {
	t.Helper()
	d, ok := h.(operation.Described)
	if !ok {
		t.Fatal("the handler does not describe itself")
	}
	return d.Operation()
}

func TestOperation(t *testing.T) {
	type input struct {
		ID    int      `path:"id"`
		Limit int      `query:"limit" default:"20" doc:"how many"`
		Sort  []string `query:"sort" default:"a,b"`
		Key   string   `header:"x-key" required:"true"`
		Body  *order
	}
	type output struct {
		ETag string      `header:"ETag" doc:"version"`
		A    http.Cookie `cookie:"a"`
		B    http.Cookie `cookie:"b"`
		Body []order
	}
	mux := http.NewServeMux()
	api := binding.With(recording{mux}, binding.WithDoc(binding.Doc{Tags: []string{"orders"}, Security: []string{"oidc"}}))
	binding.Handle(api, "POST /{id}", func(context.Context, input) (output, error) { return output{}, nil },
		binding.WithStatus(201), binding.WithEncoder("text/csv", func(io.Writer, any) error { return nil }),
		binding.WithDoc(binding.Doc{ID: "x", Responses: map[int]any{404: nil, 202: order{}}}))
	op := operationOf(t, last)

	wantDoc := operation.Doc{
		ID: "x", Tags: []string{"orders"}, Security: []string{"oidc"},
		Responses: map[int]reflect.Type{404: nil, 202: reflect.TypeFor[order]()},
	}
	sameType := cmp.Comparer(func(a, b reflect.Type) bool { return a == b })
	if diff := cmp.Diff(wantDoc, op.Doc, sameType); diff != "" {
		t.Error(diff)
	}
	type param struct {
		In, Name string
		Required bool
		Kind     schema.Kind
		Default  any
	}
	var params []param
	for _, p := range op.Parameters {
		q := param{p.In, p.Name, p.Required, p.Schema.Kind, nil}
		if p.Default.IsValid() {
			q.Default = p.Default.Interface()
		}
		params = append(params, q)
	}
	wantParams := []param{
		{"path", "id", true, schema.Integer, nil}, {"query", "limit", false, schema.Integer, 20},
		{"query", "sort", false, schema.Array, []string{"a", "b"}}, {"header", "X-Key", true, schema.String, nil},
	}
	if diff := cmp.Diff(wantParams, params); diff != "" {
		t.Error(diff)
	}
	if op.Parameters[1].Tag.Get("doc") != "how many" {
		t.Error("the tag is lost")
	}
	if b := op.Body; b == nil || b.Required || len(b.Content) != 1 || b.Content[0].MediaType != "application/json" || b.Content[0].Schema.Kind != schema.Object {
		t.Errorf("body %+v", b)
	}
	if diff := cmp.Diff([]int{400, 406, 413, 415, 422}, op.Problems); diff != "" {
		t.Error(diff)
	}
	if len(op.Responses) != 1 {
		t.Fatalf("responses %+v", op.Responses)
	}
	res := op.Responses[0]
	if res.Status != 201 || len(res.Headers) != 2 || res.Headers[0].Name != "Etag" || res.Headers[1].Name != "Set-Cookie" ||
		len(res.Content) != 2 || res.Content[0].Schema.Kind != schema.Array || res.Content[1].MediaType != "text/csv" {
		t.Errorf("response %+v", res)
	}
}

// last is what was registered last at recording, which http.ServeMux does not tell.
var last http.Handler

type recording struct{ binding.Mux }

func (r recording) Handle(pattern string, h http.Handler) {
	last = h
	r.Mux.Handle(pattern, h)
}

func TestOperationBodies(t *testing.T) {
	type files struct {
		Name string         `form:"name" required:"true"`
		File binding.File   `form:"file"`
		More []binding.File `form:"more"`
	}
	type form struct {
		Name string `form:"name"`
	}
	type image struct {
		Body []byte `accept:"image/png,image/jpeg" required:"true"`
	}
	type stream struct{ Body io.Reader }
	tests := []struct {
		name     string
		h        http.Handler
		types    []string
		required bool
		problems []int
	}{
		{"none", takes[struct{}](), nil, false, nil},
		{"parameter", takes[fuzzRaw](), []string{"image/*"}, false, []int{413, 415, 422}},
		{"JSON", takes[jsonInput](), []string{"application/json"}, true, []int{400, 413, 415, 422}},
		{"form", takes[form](), []string{"application/x-www-form-urlencoded", "multipart/form-data"}, false, []int{400, 413, 415, 422}},
		{"files", takes[files](), []string{"multipart/form-data"}, true, []int{400, 413, 415, 422}},
		{"bytes", takes[image](), []string{"image/png", "image/jpeg"}, true, []int{400, 413, 415}},
		{"reader", takes[stream](), []string{"*/*"}, false, []int{413}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			op := operationOf(t, tt.h)
			var types []string
			required := false
			if op.Body != nil {
				required = op.Body.Required
				for _, c := range op.Body.Content {
					types = append(types, c.MediaType)
				}
			}
			if diff := cmp.Diff(tt.types, types); diff != "" || required != tt.required {
				t.Errorf("required %t %s", required, diff)
			}
			if diff := cmp.Diff(tt.problems, op.Problems); diff != "" {
				t.Error(diff)
			}
			if r := op.Responses[0]; r.Status != 204 || r.Content != nil {
				t.Errorf("response %+v", r)
			}
		})
	}
	strict := binding.NewHandler(func(context.Context, jsonInput) (struct{}, error) { return struct{}{}, nil }, binding.WithStrictJSON())
	if operationOf(t, takes[jsonInput]()).Body.Strict || !operationOf(t, strict).Body.Strict {
		t.Error("Strict is not what WithStrictJSON says")
	}
	fields := operationOf(t, takes[files]()).Body.Content[0].Schema.Struct.Fields
	if fields[1].Schema.Format != "binary" || fields[2].Schema.Kind != schema.Array || fields[2].Schema.Elem.Format != "binary" || !fields[0].Required {
		t.Errorf("fields %+v", fields)
	}
}

func takes[In any]() http.Handler {
	return binding.NewHandler(func(context.Context, In) (struct{}, error) { return struct{}{}, nil })
}

// The tags of an output's Body are in the document; nothing checks them.
func TestOperationBodyTags(t *testing.T) {
	type output struct {
		Total int   `header:"X-Total"`
		Body  []int `required:"true" maxItems:"3"`
	}
	op := operationOf(t, binding.NewHandler(func(context.Context, struct{}) (output, error) { return output{}, nil }))
	got := op.Responses[0].Content[0].Schema
	if got.Nullable || got.Rules == nil || got.Rules.MaxItems != 3 {
		t.Errorf("got %+v", got)
	}
}
