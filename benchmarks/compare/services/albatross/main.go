// Albatross is the service on Albatross.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/problem"
)

func main() {
	r := router.New()
	r.Use(middleware.Defaults(middleware.NewLogger())...)

	r.Get("/whatismyip", whatIsMyIP)
	r.Handle("/echo/*", router.Func(echo))
	binding.Handle(r, "GET /items/{id}", getItem)
	binding.Handle(r, "POST /items", postItem, binding.WithStatus(http.StatusCreated))
	r.Post("/upload", router.Func(upload))
	r.Get("/binary", binary)
	r.Get("/large", func(w http.ResponseWriter, _ *http.Request) { writeText(w, content.Text(600_000)) })
	r.Get("/huge", func(w http.ResponseWriter, _ *http.Request) { writeText(w, content.Text(2_000_000)) })
	r.Get("/cookies", cookies)
	r.Get("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/whatismyip", http.StatusFound) })
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("secret detail 4711") })
	r.Get("/health", func(w http.ResponseWriter, _ *http.Request) { writeText(w, "ok") })

	router.Start(r)
}

func whatIsMyIP(w http.ResponseWriter, r *http.Request) {
	writeText(w, middleware.ClientIPFromContext(r.Context()).String())
}

func echo(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(map[string]any{
		"method": r.Method,
		"path":   r.URL.Path,
		"query":  r.URL.Query(),
		"host":   r.Host,
		"test":   r.Header.Values("X-Test"),
	})
}

type item struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Quantity int    `json:"quantity,omitempty"`
}

type itemKey struct {
	ID string `path:"id"`
}

func getItem(_ context.Context, in itemKey) (item, error) {
	return item{ID: in.ID, Name: "item " + in.ID}, nil
}

type newItem struct {
	Body struct {
		Name     string `json:"name" required:"true" minLength:"1" maxLength:"50"`
		Quantity int    `json:"quantity" required:"true" minimum:"1" maximum:"100"`
	}
}

func postItem(_ context.Context, in newItem) (item, error) {
	return item{ID: "1", Name: in.Body.Name, Quantity: in.Body.Quantity}, nil
}

func upload(w http.ResponseWriter, r *http.Request) error {
	hash := sha256.New()
	if _, err := io.Copy(hash, r.Body); err != nil {
		return problem.Wrap(err, http.StatusBadRequest, "The body cannot be read.")
	}
	writeText(w, hex.EncodeToString(hash.Sum(nil)))
	return nil
}

func binary(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	w.Write(content.Image())
}

func cookies(w http.ResponseWriter, _ *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", Path: "/"})                 //nolint:gosec // what the comparison asks for
	http.SetCookie(w, &http.Cookie{Name: "b", Value: "2", Path: "/", HttpOnly: true}) //nolint:gosec // as above
	writeText(w, "ok")
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, text)
}
