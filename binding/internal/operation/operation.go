// Package operation is what a typed handler says about itself, for package openapi to write down.
package operation

import (
	"reflect"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// Described is implemented by the handlers of package binding.
type Described interface {
	// Operation is computed when it is asked for; nothing of it is kept.
	Operation() *Operation
}

// Operation is one typed handler. Its route is known by the router alone.
type Operation struct {
	Doc        Doc
	Parameters []Parameter
	Body       *Body      // nil: takes none
	Responses  []Response // those of success; problems are answered besides
	Problems   []int      // the statuses of problems that the binding itself answers: 400, 406, 413, 415, 422, as far as they can occur
}

// Doc is what binding.Doc has.
type Doc struct {
	ID, Summary, Description string
	Tags                     []string
	Deprecated, Hidden       bool
	Security                 []string             // names of schemes, any one of which is enough; one empty name: none is needed
	Responses                map[int]reflect.Type // further answers by status; a nil type is a problem
}

// Parameter is one input besides the body, or a header of a response.
type Parameter struct {
	In       string // "path", "query", "header", "cookie"
	Name     string // "*" in a query: every key that no other parameter has
	Required bool
	Schema   *schema.Schema
	Tag      reflect.StructTag // doc, example, deprecated, default
	Default  reflect.Value
}

// Body is the request's body.
type Body struct {
	Required bool
	Strict   bool // members of a JSON object that no field has are refused
	Content  []Content
}

// Response is one answer.
type Response struct {
	Status  int
	Headers []Parameter // a Set-Cookie has no schema of its own
	Content []Content   // none: no body
}

// Content is one representation. Without a schema it is bytes.
type Content struct {
	MediaType string
	Schema    *schema.Schema
}
