// Files serves a static site out of the binary: a page, a script, a font and a video, with ranges, ETags and compression, and two
// cookies that count the visits.
//
//	go run ./examples/files
//	curl -i -H 'Range: bytes=0-3' localhost:8080/clip.webm
//	curl -i --compressed localhost:8080/app.js
//
// Open http://localhost:8080/ in a browser: the page checks itself, and says whether each of these works.
//
// A load balancer takes 1 MB of a function, and a binary file travels as base64: each file may have about 780 KB. Larger ones
// belong into S3, behind CloudFront or a presigned URL.
package main

import (
	"embed"
	"log"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

//go:embed site
var embedded embed.FS

func main() {
	s, err := newSite(embedded, "site")
	if err != nil {
		log.Fatal(err)
	}
	router.Start(newHandler(s, middleware.NewLogger()))
}
