// Defaults is hello with the recommended middleware.
package main

import (
	"io"
	"net/http"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	r := router.New()
	r.Use(middleware.Defaults(middleware.NewLogger())...)
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	router.Start(r)
}
