package openapi_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
	"github.com/albatross-go/albatross/binding/openapi"
)

var info = openapi.Info{Title: "Orders", Version: "1.2.3"}

// typed is a handler that says of itself what a test wants.
type typed operation.Operation

func (t *typed) ServeHTTP(http.ResponseWriter, *http.Request) {}

func (t *typed) Operation() *operation.Operation { return (*operation.Operation)(t) }

// plain is a handler that is not typed.
func plain(http.ResponseWriter, *http.Request) {}

// document is the document of what register registers.
func document(register func(r chi.Router), opts ...openapi.Option) *openapi.Document {
	r := chi.NewRouter()
	register(r)
	return openapi.New(r, info, opts...)
}

// one is the document of one operation: GET / unless it takes a body.
func one(op *typed, opts ...openapi.Option) *openapi.Document {
	method := http.MethodGet
	if op.Body != nil {
		method = http.MethodPost
	}
	return document(func(r chi.Router) { r.Method(method, "/", op) }, opts...)
}

// part returns the part of a document that the keys lead to, nil if there is none.
func part(t *testing.T, d *openapi.Document, keys ...string) any {
	t.Helper()
	content, err := d.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	at := decode(t, string(content))
	for _, key := range keys {
		object, _ := at.(map[string]any)
		at = object[key]
	}
	return at
}

// wantPart compares a part of a document with JSON.
func wantPart(t *testing.T, d *openapi.Document, want string, keys ...string) {
	t.Helper()
	if diff := cmp.Diff(decode(t, want), part(t, d, keys...)); diff != "" {
		t.Errorf("%v (-want +got):\n%s", keys, diff)
	}
}

func decode(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func integer[T any]() *schema.Schema {
	return &schema.Schema{Type: reflect.TypeFor[T](), Kind: schema.Integer}
}

func text() *schema.Schema {
	return &schema.Schema{Type: reflect.TypeFor[string](), Kind: schema.String}
}

// ruled is s with rules; lengths and counts that a test leaves at zero have no upper bound.
func ruled(s *schema.Schema, r schema.Rules) *schema.Schema {
	if r.MaxLength == 0 {
		r.MaxLength = -1
	}
	if r.MaxItems == 0 {
		r.MaxItems = -1
	}
	s.Rules = &r
	return s
}

func array(elem *schema.Schema) *schema.Schema {
	return &schema.Schema{Type: reflect.SliceOf(elem.Type), Kind: schema.Array, Elem: elem}
}

func nullable(s *schema.Schema) *schema.Schema {
	s.Nullable = true
	return s
}

func object[T any](fields ...schema.Field) *schema.Schema {
	t := reflect.TypeFor[T]()
	return &schema.Schema{Type: t, Kind: schema.Object, Struct: &schema.Struct{Type: t, Fields: fields}}
}

// takes is an operation with a JSON body.
func takes(s *schema.Schema) *typed {
	return &typed{Body: &operation.Body{Required: true, Content: []operation.Content{{MediaType: "application/json", Schema: s}}}}
}

// answers is an operation that answers 200 with JSON.
func answers(s *schema.Schema) *typed {
	return &typed{Responses: []operation.Response{{Status: 200, Content: []operation.Content{{MediaType: "application/json", Schema: s}}}}}
}

func decimal(t *testing.T, text string) *schema.Decimal {
	t.Helper()
	d, err := schema.ParseDecimal(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var letters = regexp.MustCompile(`^[a-z]+$`)
