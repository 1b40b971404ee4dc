// Package site is the service on chi, for the adapters that bring any http.Handler to Lambda.
package site

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
)

// New returns the router. The adapters differ in how they tell the client's address, so clientIP is the adapter's own way.
func New(clientIP func(*http.Request) string, middlewares ...func(http.Handler) http.Handler) http.Handler {
	r := chi.NewRouter()
	r.Use(middlewares...)
	r.Use(middleware.Logger, middleware.Recoverer, middleware.GetHead)

	r.Get("/whatismyip", func(w http.ResponseWriter, r *http.Request) { writeText(w, clientIP(r)) })
	r.Handle("/echo/*", http.HandlerFunc(echo))
	r.Get("/items/{id}", getItem)
	r.Post("/items", postItem)
	r.Post("/upload", upload)
	r.Get("/binary", binary)
	r.Get("/large", func(w http.ResponseWriter, _ *http.Request) { writeText(w, content.Text(600_000)) })
	r.Get("/huge", func(w http.ResponseWriter, _ *http.Request) { writeText(w, content.Text(2_000_000)) })
	r.Get("/cookies", cookies)
	r.Get("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/whatismyip", http.StatusFound) })
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("secret detail 4711") })
	r.Get("/health", func(w http.ResponseWriter, _ *http.Request) { writeText(w, "ok") })
	return r
}

func echo(w http.ResponseWriter, r *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
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

func getItem(w http.ResponseWriter, r *http.Request) {
	id, err := url.PathUnescape(chi.URLParam(r, "id")) // chi routes by the escaped path if it has escapes that matter
	if err != nil {
		writeError(w, http.StatusBadRequest, "bad escape in the path")
		return
	}
	writeJSON(w, http.StatusOK, item{ID: id, Name: "item " + id})
}

func postItem(w http.ResponseWriter, r *http.Request) {
	var in item
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		writeError(w, http.StatusBadRequest, "the body is not the JSON of an item")
		return
	}
	if n := utf8.RuneCountInString(in.Name); n < 1 || n > 50 || in.Quantity < 1 || in.Quantity > 100 {
		writeError(w, http.StatusUnprocessableEntity, "name has 1 to 50 characters, quantity is 1 to 100")
		return
	}
	in.ID = "1"
	writeJSON(w, http.StatusCreated, in)
}

func upload(w http.ResponseWriter, r *http.Request) {
	hash := sha256.New()
	if _, err := io.Copy(hash, r.Body); err != nil {
		writeError(w, http.StatusBadRequest, "the body cannot be read")
		return
	}
	writeText(w, hex.EncodeToString(hash.Sum(nil)))
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

func writeError(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, map[string]string{"error": detail})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value) //nolint:errcheck,errchkjson // the values marshal, and a client that is gone cannot be told
}
