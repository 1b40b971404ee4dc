//go:build lambda.norpc

package main

import (
	"net/http"

	"github.com/albatross-go/albatross/router"
)

// startLocally lets router.Start say that this binary serves nothing outside Lambda.
func startLocally() {
	router.Start(http.NotFoundHandler())
}
