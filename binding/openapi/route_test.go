package openapi_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/internal/schema"
	"github.com/albatross-go/albatross/binding/openapi"
)

// operations lists a document's as "GET /path operationId".
func operations(t *testing.T, d *openapi.Document) []string {
	t.Helper()
	var all []string
	paths, _ := part(t, d, "paths").(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item, _ := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			op, _ := item[method].(map[string]any)
			id, _ := op["operationId"].(string)
			all = append(all, strings.ToUpper(method)+" "+path+" "+id)
		}
	}
	return all
}

func TestRoutes(t *testing.T) {
	through := func(next http.Handler) http.Handler { return next }
	id := &typed{Parameters: []operation.Parameter{{In: "path", Name: "id", Required: true, Schema: text()}}}
	tests := []struct {
		name     string
		register func(r chi.Router)
		want     []string
	}{
		{"a method prefix", func(r chi.Router) { r.Handle("GET /orders", &typed{}) }, []string{"GET /orders getOrders"}},
		{"the root", func(r chi.Router) { r.Handle("GET /", &typed{}) }, []string{"GET / get"}},
		{"a slash at the end", func(r chi.Router) {
			r.Handle("GET /orders", &typed{})
			r.Handle("GET /orders/", &typed{})
		}, []string{"GET /orders getOrders", "GET /orders/ getOrders2"}},
		{"with middleware", func(r chi.Router) { r.With(through).With(through).Handle("GET /orders", &typed{}) }, []string{"GET /orders getOrders"}},
		{"a chain by hand", func(r chi.Router) {
			r.With(through).Handle("GET /orders", chi.Chain(through).Handler(&typed{}))
		}, []string{"GET /orders getOrders"}},
		{"a group", func(r chi.Router) {
			r.Group(func(r chi.Router) {
				r.Use(through)
				r.Handle("GET /orders/{id}", id)
			})
		}, []string{"GET /orders/{id} getOrdersById"}},
		{"a route in a route", func(r chi.Router) {
			r.Route("/shops/{shop}", func(r chi.Router) {
				r.Route("/orders", func(r chi.Router) {
					r.Handle("GET /", &typed{})
					r.Handle("POST /", &typed{})
					r.Handle("GET /{id}/items", id)
				})
			})
		}, []string{
			"GET /shops/{shop}/orders getShopsByShopOrders", "POST /shops/{shop}/orders postShopsByShopOrders",
			"GET /shops/{shop}/orders/{id}/items getShopsByShopOrdersByIdItems",
		}},
		{"mounted with a slash", func(r chi.Router) {
			sub := chi.NewRouter()
			sub.Handle("GET /", &typed{})
			r.Mount("/orders/", sub)
		}, []string{"GET /orders/ getOrders"}},
		{"mounted at the root, twice deep", func(r chi.Router) {
			inner, outer := chi.NewRouter(), chi.NewRouter()
			inner.Handle("GET /", &typed{})
			inner.Handle("GET /orders", &typed{})
			outer.Mount("/", inner)
			r.Mount("/", outer)
		}, []string{"GET / get", "GET /orders getOrders"}},
		{"all methods", func(r chi.Router) { r.Handle("/orders", &typed{}) }, []string{
			"DELETE /orders deleteOrders", "GET /orders getOrders", "PATCH /orders patchOrders", "POST /orders postOrders", "PUT /orders putOrders",
		}},
		{"all methods, with a body", func(r chi.Router) {
			op := takes(text())
			op.Doc.ID = "save"
			r.Handle("/orders", op)
		}, []string{"PATCH /orders patchSave", "POST /orders postSave", "PUT /orders putSave"}},
		{"all methods, and one of its own", func(r chi.Router) {
			r.Handle("/orders", http.HandlerFunc(plain))
			r.Handle("GET /orders", &typed{Doc: operation.Doc{ID: "list"}})
		}, []string{"GET /orders list"}},
		{"methods besides", func(r chi.Router) {
			for _, method := range []string{"HEAD", "OPTIONS", "TRACE", "CONNECT", "QUERY"} {
				r.Method(method, "/orders", &typed{})
			}
		}, []string{"HEAD /orders headOrders", "OPTIONS /orders optionsOrders", "TRACE /orders traceOrders"}},
		{"hidden", func(r chi.Router) { r.Handle("GET /orders", &typed{Doc: operation.Doc{Hidden: true}}) }, nil},
		{"plain", func(r chi.Router) { r.Get("/orders", plain) }, nil},
		{"other names for the same path", func(r chi.Router) {
			r.Handle("GET /orders/{id}", id)
			r.Handle("DELETE /orders/{order}", &typed{})
		}, []string{"DELETE /orders/{id} deleteOrdersById", "GET /orders/{id} getOrdersById"}},
		{"IDs that are taken", func(r chi.Router) {
			r.Handle("GET /a/b", &typed{})
			r.Handle("GET /a-b", &typed{})
			r.Handle("GET /z", &typed{Doc: operation.Doc{ID: "getAB"}})
		}, []string{"GET /a-b getAB2", "GET /a/b getAB3", "GET /z getAB"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := operations(t, document(tt.register))
			slices.Sort(got)
			slices.Sort(tt.want)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is in the document is served under the path that it has there.
func TestMountedRootIsServed(t *testing.T) {
	for _, at := range []string{"/orders", "/orders/", "/shops/{shop}", "/"} {
		r := chi.NewRouter()
		sub := chi.NewRouter()
		sub.Handle("GET /", &typed{})
		r.Mount(at, sub)
		for _, op := range operations(t, openapi.New(r, info)) {
			path := strings.Fields(op)[1]
			if !r.Match(chi.NewRouteContext(), "GET", path) {
				t.Errorf("mounted at %s: %s is not served", at, path)
			}
		}
	}
}

func TestPathParameters(t *testing.T) {
	bound := func(name string, pattern *regexp.Regexp) *typed {
		s := ruled(text(), schema.Rules{Pattern: pattern})
		return &typed{Parameters: []operation.Parameter{{In: "path", Name: name, Required: true, Schema: s}}}
	}
	tests := []struct {
		name    string
		pattern string
		op      *typed
		path    string
		want    string
	}{
		{"bound", "/{id}", bound("id", nil), "/{id}", `[{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]`},
		{"not bound", "/{id}", &typed{}, "/{id}", `[{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}]`},
		{
			"an expression", `/{id:[a-z]{2,3}}.json`, bound("id", nil), "/{id}.json",
			`[{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[a-z]{2,3}$"}}]`,
		},
		{
			"an expression beside a pattern", `/{id:.+}`, bound("id", letters), "/{id}",
			`[{"name": "id", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[a-z]+$"}}]`,
		},
		{
			"an expression for a number", `/{id:[0-9]+}`,
			&typed{Parameters: []operation.Parameter{{In: "path", Name: "id", Required: true, Schema: integer[int]()}}}, "/{id}",
			`[{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]`,
		},
		{
			"an expression without a name", `/{:[0-9]+}`, &typed{}, "/{segment}",
			`[{"name": "segment", "in": "path", "required": true, "schema": {"type": "string", "pattern": "^[0-9]+$"}}]`,
		},
		{
			"the rest", "/files/{path}/*", bound("*", nil), "/files/{path}/{path_}",
			`[{"name": "path", "in": "path", "required": true, "schema": {"type": "string"}},
			  {"name": "path_", "in": "path", "description": "The rest of the path. It may have slashes.", "required": true, "schema": {"type": "string"}}]`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := document(func(r chi.Router) { r.Method("GET", tt.pattern, tt.op) })
			wantPart(t, d, tt.want, "paths", tt.path, "get", "parameters")
		})
	}
}

// Of two parameters of one name, in an outer and an inner router, chi gives the handler the inner one.
func TestPathParametersOfOneName(t *testing.T) {
	d := document(func(r chi.Router) {
		r.Route("/{id}", func(r chi.Router) {
			r.Method("GET", "/items/{id}", &typed{Parameters: []operation.Parameter{{In: "path", Name: "id", Required: true, Schema: integer[int]()}}})
		})
	})
	wantPart(t, d, `[{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
		{"name": "id_", "in": "path", "required": true, "schema": {"type": "integer"}}]`, "paths", "/{id}/items/{id_}", "get", "parameters")
}

func TestWithPlainRoutes(t *testing.T) {
	d := document(func(r chi.Router) {
		r.Get("/files/*", plain)
		r.Handle("GET /docs", openapi.UI("/openapi.json"))
		r.Handle("GET /openapi.json", openapi.New(r, info))
	}, openapi.WithPlainRoutes())
	wantPart(t, d, `{"/files/{path}": {"get": {
		"operationId": "getFilesByPath",
		"parameters": [{"name": "path", "in": "path", "description": "The rest of the path. It may have slashes.", "required": true, "schema": {"type": "string"}}],
		"responses": {"default": {"description": "Not described."}}
	}}}`, "paths")
}
