// Imported is hello that imports package binding and does not use it. The size of its bootstrap is held against hello's.
package main

import (
	"io"
	"net/http"

	_ "github.com/albatross-go/albatross/binding" // what it costs
	"github.com/albatross-go/albatross/router"
)

func main() {
	r := router.New()
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	router.Start(r)
}
