// Typed is hello with typed handlers: a path, a query, a header and a JSON body with constraints, and an answer. The size of its bootstrap
// is held against hello's.
package main

import (
	"context"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router"
)

type input struct {
	ID     string `path:"id" maxLength:"20"`
	Limit  int    `query:"limit" default:"10" minimum:"1" maximum:"100"`
	Tenant string `header:"X-Tenant" required:"true"`
	Body   struct {
		Name string   `json:"name" required:"true" minLength:"1" pattern:"^[a-z]+$"`
		Tags []string `json:"tags" maxItems:"5" enum:"a,b"`
	}
}

type output struct {
	Name  string `json:"name"`
	Limit int    `json:"limit"`
}

func main() {
	r := router.New()
	binding.Handle(r, "PUT /hello/{id}", func(_ context.Context, in input) (output, error) {
		return output{in.Body.Name, in.Limit}, nil
	})
	router.Start(r)
}
