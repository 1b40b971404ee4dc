// Algnhsa is hello on algnhsa and chi.
package main

import (
	"io"
	"net/http"

	"github.com/akrylysov/algnhsa"
	"github.com/go-chi/chi/v5"
)

func main() {
	r := chi.NewRouter()
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "hello")
	})
	algnhsa.ListenAndServe(r, &algnhsa.Options{RequestType: algnhsa.RequestTypeALB})
}
