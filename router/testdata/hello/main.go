// Hello is the smallest program on Albatross. The size of its bootstrap is held against bare's.
package main

import (
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router"
)

func main() {
	r := router.New()
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	router.Start(r)
}
