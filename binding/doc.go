// Package binding makes HTTP handlers of functions that take values and return values.
//
//	package main
//
//	import (
//		"context"
//
//		"github.com/albatross-go/albatross/binding"
//		"github.com/albatross-go/albatross/router"
//		"github.com/albatross-go/albatross/router/problem"
//	)
//
//	type GetOrder struct {
//		ID     int    `path:"id" minimum:"1"`
//		Fields string `query:"fields" enum:"short,long" default:"short"`
//	}
//
//	type Order struct {
//		ID   int    `json:"id"`
//		Item string `json:"item"`
//	}
//
//	func getOrder(ctx context.Context, in GetOrder) (Order, error) {
//		if in.ID != 7 {
//			return Order{}, problem.NotFound("There is no such order.")
//		}
//		return Order{ID: in.ID, Item: "teapot"}, nil
//	}
//
//	func main() {
//		r := router.New()
//		binding.Handle(r, "GET /orders/{id}", getOrder)
//		router.Start(r)
//	}
//
// [Handle] registers such a function at a router, [NewHandler] makes a handler of it, [Decode] reads the input alone for a handler
// that answers by itself, and [With] gives [Option] values to all that is registered through it. Types are compiled when they are
// registered. A mistake in a tag panics then, and says how to mend it; a request has no way to cause one.
//
// # Input
//
// Every exported field of the input says by one tag where its value comes from:
//
//	path:"id"          the value of {id} in the pattern, decoded exactly once; path:"*" is chi's wildcard
//	query:"page"       a key of the query; query:"*" on a map[string]string or map[string][]string is every key no other field has
//	header:"X-Tenant"  a header field, in any case; a slice takes several lines and the lists in them
//	cookie:"session"   a cookie
//	form:"name"        a value of a form, urlencoded or multipart, never of the query; or a file, see [File]
//	binding:"-"        nothing: the field is left alone
//
// A field named Body takes the body: JSON if it is any type but these; a form if it is a struct of form fields; the bytes as they
// are if it is a []byte or an [io.Reader], of the media types in its tag accept:"image/png,application/pdf". Embedded structs
// belong to the outer one.
//
// Fields are strings, bools ("true" and "false"), numbers, [time.Time] (RFC 3339), [time.Duration] ("1m30s"), addresses and
// prefixes of [net/netip], [net/url.URL], or any [encoding.TextUnmarshaler]; pointers to these, which are nil where there is no
// value; and slices of them, for keys that repeat. A key that repeats for any other field is a fault. What is present but empty is
// present.
//
//	required:"true"    the value must be there; so must path values always, and a JSON body that is no pointer
//	required:"false"   on a JSON body: it may be absent
//	default:"20"       the value where there is none; for a slice a list with commas
//
// # Constraints
//
// Constraints are tags with the names and meaning of JSON Schema 2020-12, on fields of the input and of all structs in a JSON body:
//
//	minLength maxLength pattern format          of texts; the length is in code points, the pattern in Go's syntax
//	minimum maximum multipleOf                  of numbers, compared as exact decimals
//	exclusiveMinimum exclusiveMaximum
//	enum                                        a list with commas
//	minItems maxItems uniqueItems               of slices; the other tags are then about the items, or about a map's values
//
// For all that tags cannot say there is [Validator], on any type in the input.
//
// Whatever is wrong with a request is told in one answer, a problem of RFC 9457: 422 with one entry for each fault, at a
// parameter's name or a JSON Pointer into the body; 400 for a body that cannot be read, 413 for one too large, 415 for one of the
// wrong media type. It says what the tags say. It never repeats the value, nor the words of a decoder.
//
// JSON is read more strictly than by [encoding/json]: there is nothing after the value, names are spelled as they are in the type,
// no member occurs twice, and null is taken by pointers, slices, maps and interfaces only.
//
// # Output
//
// What the function returns is answered by its type:
//
//	struct{}           204, without a body
//	Responder          as it likes, see [Responder]
//	[]byte, io.Reader  the bytes; a reader is closed if it can be
//	fs.File            the file, with ranges and Last-Modified if it can seek; closed
//	anything else      JSON, or as [WithEncoder] says
//
// A struct in which a field has the tag header or cookie is taken apart: those fields (a cookie is an [http.Cookie], a pointer to
// one, or a slice) are sent in the header unless they are zero, and the field Body is answered by its type as above. [WithStatus]
// sets the status.
//
// An error is answered as the [problem.Details] that it wraps, that its Problem() *problem.Details method returns, or that a rule
// of [WithErrorMap] makes of it. Any other is a 500 that tells the client nothing, and goes to the problem observer with its text.
//
// # When not to use it
//
// A handler that streams, upgrades the connection or proxies is simpler as an [http.HandlerFunc]; [Decode] still reads its
// parameters. The first typed handler makes a bootstrap some 450 KB larger, while the import alone costs nothing: a function of one
// small route may not want that. Where the body's schema is not that of a Go type (a JSON merge patch, a union that a member
// decides), take json.RawMessage or a type with its own UnmarshalJSON.
package binding
