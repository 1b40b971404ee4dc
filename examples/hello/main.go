// Hello greets whoever the path names. It is the smallest program worth having.
//
//	go run ./examples/hello
//	curl localhost:8080/hello/Ada
package main

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router"
)

func main() {
	router.Start(newHandler())
}

func newHandler() http.Handler {
	r := router.New()
	r.Get("/hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello, %s\n", chi.URLParam(r, "name"))
	})
	return r
}
