// Package openapi describes a router in OpenAPI 3.1, from the typed handlers that its routes hold.
//
//	package main
//
//	import (
//		"context"
//
//		"github.com/albatross-go/albatross/binding"
//		"github.com/albatross-go/albatross/binding/openapi"
//		"github.com/albatross-go/albatross/router"
//	)
//
//	type input struct {
//		ID int `path:"id" minimum:"1" doc:"The number on the invoice."`
//	}
//
//	type order struct {
//		ID    int    `json:"id" example:"7"`
//		State string `json:"state" enum:"open,paid,sent"`
//	}
//
//	func read(ctx context.Context, in input) (order, error) {
//		return order{ID: in.ID, State: "open"}, nil
//	}
//
//	func main() {
//		r := router.New()
//		binding.Handle(r, "GET /orders/{id}", read, binding.WithDoc(binding.Doc{Summary: "Read an order"}))
//		r.Handle("GET /openapi.json", openapi.New(r, openapi.Info{Title: "Orders", Version: "1.0.0"}))
//		r.Handle("GET /docs", openapi.UI("/openapi.json"))
//		router.Start(r)
//	}
//
// What the document says is what the handlers check: both have it from the same types and tags. Besides the constraint tags of
// package binding, these are for readers alone:
//
//	doc:"…"            description
//	example:"…"        an example: text, a number, a comma list, or JSON for an object
//	deprecated:"true"  to be avoided
//
// What a whole operation says of itself is in binding.Doc. Of a response with a header field Content-Type, the enum tag of that
// field has the media types:
//
//	ContentType string `header:"Content-Type" enum:"image/png,image/jpeg"`
//
// # Routes
//
// Mounted routers, groups and middleware make no difference. A handler of all methods is documented under GET, POST, PUT, PATCH and
// DELETE, and under POST, PUT and PATCH if it takes a body; an operation ID that it was given has the method put before it. HEAD,
// OPTIONS and TRACE appear where they were registered. Handlers that are not typed are left out, see [WithPlainRoutes]; so are
// those within a middleware that was applied by hand, which hides them: use Router.With.
//
// Patterns keep their paths: /orders/{id:[0-9]+} becomes /orders/{id}, with the expression as pattern of a parameter that is a
// string. The wildcard becomes a parameter called path. Slashes at the end stay, but for the root of a router that is mounted at
// /orders: chi serves it as /orders and as /orders/, and the document has it as /orders.
//
// # Schemas
//
// Named struct types become components under their names, others are written where they occur. Types with an UnmarshalJSON of their
// own may be anything. Objects in bodies that are read with binding.WithStrictJSON have additionalProperties: false, unless another
// operation takes the same type without that option. Patterns are Go's; one that JSON Schema's dialect of regular expressions
// cannot say is left out.
//
// # A document under version control
//
// [Document.WriteTo] writes it for a file, and [Check] fails a test when that file is stale.
//
// # When not to use it
//
// For a service that is built from a document instead of the other way round. Where importing it would cost a function that never
// shows its document: build the document in the tests, with [Check], and do not link this package at all.
package openapi
