package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
)

type item struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Quantity int    `json:"quantity,omitempty"`
}

func getItem(r request) response {
	id, err := url.PathUnescape(strings.TrimPrefix(r.path, "/items/"))
	if err != nil {
		return failure(http.StatusBadRequest, "bad escape in the path")
	}
	return document(http.StatusOK, item{ID: id, Name: "item " + id})
}

func postItem(r request) response {
	var in item
	if err := json.Unmarshal(r.body, &in); err != nil {
		return failure(http.StatusBadRequest, "the body is not the JSON of an item")
	}
	if n := utf8.RuneCountInString(in.Name); n < 1 || n > 50 || in.Quantity < 1 || in.Quantity > 100 {
		return failure(http.StatusUnprocessableEntity, "name has 1 to 50 characters, quantity is 1 to 100")
	}
	in.ID = "1"
	return document(http.StatusCreated, in)
}

func echo(r request) response {
	path, err := url.PathUnescape(r.path)
	if err != nil {
		return failure(http.StatusBadRequest, "bad escape in the path")
	}
	return document(http.StatusOK, map[string]any{
		"method": r.method,
		"path":   path,
		"query":  r.query,
		"host":   r.header.Get("Host"),
		"test":   r.header.Values("X-Test"),
	})
}

func upload(r request) response {
	return text(fmt.Sprintf("%x", sha256.Sum256(r.body)))
}

func binary(request) response {
	return newResponse(http.StatusOK, "image/png", content.Image())
}

func cookies(request) response {
	r := text("ok")
	r.header["Set-Cookie"] = []string{"a=1; Path=/", "b=2; Path=/; HttpOnly"}
	return r
}

func redirect(request) response {
	return response{status: http.StatusFound, header: http.Header{"Location": {"/whatismyip"}}}
}
