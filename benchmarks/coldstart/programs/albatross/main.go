// Albatross is hello on Albatross.
package main

import (
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router"
)

func main() {
	r := router.New()
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "hello")
	})
	router.Start(r)
}
