package openapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding/internal/operation"
)

// openAPI is an OpenAPI Object, OpenAPI 3.1 section 4.8.1. Maps are written with their keys sorted.
type openAPI struct {
	OpenAPI    string              `json:"openapi"`
	Info       Info                `json:"info"`
	Servers    []Server            `json:"servers,omitempty"`
	Security   []requirement       `json:"security,omitempty"`
	Tags       []Tag               `json:"tags,omitempty"`
	Paths      map[string]pathItem `json:"paths"`
	Components componentsObject    `json:"components,omitzero"`
}

// pathItem has the operations of a path by method, in lower case.
type pathItem map[string]*operationObject

type componentsObject struct {
	Schemas         map[string]*schemaObject   `json:"schemas,omitempty"`
	Responses       map[string]*responseObject `json:"responses,omitempty"`
	SecuritySchemes map[string]SecurityScheme  `json:"securitySchemes,omitempty"`
}

// builder makes one document.
type builder struct {
	config
	at        string // the route being written, for errors: "GET /orders/{id}"
	paths     map[string]pathItem
	shapes    map[string]template // by shape, the first template that has it
	ids       map[string]string   // by operation ID, the route that it was given to
	unnamed   []unnamed
	schemas   components
	responses map[string]*responseObject
	errs      []error
}

func build(routes chi.Routes, c config) ([]byte, error) {
	b := builder{
		config: c,
		paths:  map[string]pathItem{},
		shapes: map[string]template{},
		ids:    map[string]string{},
	}
	b.schemas.fault, b.schemas.bodies = b.fault, strictness{}
	for _, r := range routesOf(routes) {
		b.add(r)
	}
	b.nameOperations()
	b.schemas.bodies.apply()
	doc := openAPI{
		OpenAPI:  "3.1.0",
		Info:     c.info,
		Servers:  c.servers,
		Security: requirements(c.security),
		Tags:     c.tags,
		Paths:    b.paths,
		Components: componentsObject{
			Schemas:         b.schemas.named(),
			Responses:       b.responses,
			SecuritySchemes: c.schemes,
		},
	}
	if err := errors.Join(b.errs...); err != nil {
		return nil, err
	}
	return marshal(doc)
}

// fault notes a mistake of the route being written. All of them are told at once.
func (b *builder) fault(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("openapi: %s: %w", b.at, fmt.Errorf(format, args...)))
}

func (b *builder) add(r route) {
	b.at = r.method + " " + r.pattern
	var op *operation.Operation
	switch h := r.handler.(type) {
	case *Document, *page:
		return
	case operation.Described:
		var err error
		if op, err = describe(h); err != nil {
			b.fault("%w", err)
			return
		}
		if op.Doc.Hidden || r.every && op.Body != nil && !takesBody(r.method) {
			return
		}
	default:
		if !b.plainRoutes {
			return
		}
	}

	// Templates that differ in the names of their parameters are one path in OpenAPI; the names of the first are everyone's.
	t := parse(r.pattern)
	first, ok := b.shapes[t.shape()]
	if !ok {
		b.shapes[t.shape()], first = t, t
	}
	for i := range t.params {
		t.params[i].name = first.params[i].name
	}
	item := b.paths[t.path()]
	if item == nil {
		item = pathItem{}
		b.paths[t.path()] = item
	}
	method := strings.ToLower(r.method)
	if item[method] != nil {
		b.fault("OpenAPI has but one operation for %s %s, and another route has it; hide one of the two with binding.Doc's Hidden", r.method, t.path())
		return
	}
	if op == nil {
		item[method] = b.plainOperation(t)
	} else {
		item[method] = b.operation(op, t)
	}
	b.identify(item[method], r, op, t)
}

// describe asks a handler for its operation, which panics if its types make none. That is a mistake to tell here, not to panic with
// while the document is served.
func describe(h operation.Described) (op *operation.Operation, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%v", v)
		}
	}()
	return h.Operation(), nil
}

// takesBody tells the methods whose bodies have a meaning, RFC 9110 section 9.3.
func takesBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}
