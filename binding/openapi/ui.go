package openapi

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// Swagger UI, as the npm package swagger-ui-dist has it. The hashes are of those two files, so that the browser runs nothing else;
// a new version needs new ones: openssl dgst -sha384 -binary FILE | base64.
const (
	viewer       = "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5.35.0/"
	scriptURL    = viewer + "swagger-ui-bundle.js"
	scriptDigest = "sha384-gjRm0bEPMeTmMh5jT2cHccIwCUZSTd8YC+j0d0sXw0MdGEfScduGpSyF3ZSSLkX9"
	styleURL     = viewer + "swagger-ui.css"
	styleDigest  = "sha384-WlYgdmXYOOBWL5apwjDEZwN+U3HmXSSu5R6V5aGxEcf7z+KuRNwBhoxKVN1i3D5I"
)

// startScript shows the document. The validator that it turns off would tell a server of others about every visitor.
const startScript = `SwaggerUIBundle({url: document.getElementById("ui").dataset.document, dom_id: "#ui", deepLinking: true, validatorUrl: null});`

// UI returns a page that shows the document at specURL to people, with a form to try each operation. It panics if specURL is no
// http or https URL; it may be relative to the page.
//
// The viewer is Swagger UI, which the browser loads from a public CDN, pinned to a version and checked by its hash. Safe only when
// it is fine that the CDN sees visitors' addresses. The page's Content-Security-Policy lets nothing else run, and connects to its
// own origin and specURL's alone: operations on other servers can be read, but not tried.
//
// Nothing is mounted by itself:
//
//	r.Handle("GET /openapi.json", doc)
//	r.Handle("GET /docs", openapi.UI("/openapi.json"))
func UI(specURL string) http.Handler {
	u, err := url.Parse(specURL)
	if err != nil || specURL == "" || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" || (u.Scheme == "") != (u.Host == "") {
		panic(fmt.Sprintf("openapi: UI: %q is no URL of a document; give it a path or an http or https URL", specURL))
	}
	connect := "'self'"
	if u.Host != "" {
		connect += " " + u.Scheme + "://" + u.Host
	}
	start := sha256.Sum256([]byte(startScript))
	return &page{
		policy: "default-src 'none'; script-src " + scriptURL + " 'sha256-" + base64.StdEncoding.EncodeToString(start[:]) + "'; " +
			"style-src " + styleURL + "; img-src 'self' data:; connect-src " + connect + "; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
		html: strings.Join([]string{
			`<!doctype html>`,
			`<html lang="en">`,
			`<head>`,
			`<meta charset="utf-8">`,
			`<meta name="viewport" content="width=device-width, initial-scale=1">`,
			`<title>API</title>`,
			`<link rel="stylesheet" href="` + styleURL + `" integrity="` + styleDigest + `" crossorigin="anonymous">`,
			`</head>`,
			`<body>`,
			`<div id="ui" data-document="` + html.EscapeString(specURL) + `"></div>`,
			`<noscript>The API is described in <a href="` + html.EscapeString(specURL) + `">this document</a>.</noscript>`,
			`<script src="` + scriptURL + `" integrity="` + scriptDigest + `" crossorigin="anonymous"></script>`,
			`<script>` + startScript + `</script>`,
			`</body>`,
			`</html>`,
			``,
		}, "\n"),
	}
}

// page is the handler of [UI]. A document does not list it.
type page struct{ policy, html string }

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		notAllowed(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", p.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if r.Method == http.MethodGet {
		_, _ = io.WriteString(w, p.html) // a client that went away is the server's concern
	}
}

// notAllowed answers a method other than GET and HEAD.
func notAllowed(w http.ResponseWriter, r *http.Request) {
	d := problem.New(http.StatusMethodNotAllowed, "")
	d.Header = http.Header{"Allow": {"GET, HEAD"}}
	problem.Write(w, r, d)
}
