// Defaults is hello on Albatross with the recommended middleware.
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
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "hello")
	})
	router.Start(r)
}
