// Algnhsa is the service on algnhsa and chi.
package main

import (
	"net/http"

	"github.com/akrylysov/algnhsa"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/site"
)

func main() {
	// The adapter fills RemoteAddr with the address alone.
	clientIP := func(r *http.Request) string { return r.RemoteAddr }
	algnhsa.ListenAndServe(site.New(clientIP), &algnhsa.Options{
		RequestType:        algnhsa.RequestTypeALB,
		BinaryContentTypes: []string{"image/png"},
	})
}
