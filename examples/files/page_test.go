package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
)

func TestVisits(t *testing.T) {
	before := time.Now().UTC().Format(time.DateOnly)
	for _, tt := range []struct {
		name, cookie, visits string
		since                string // "" is today
	}{
		{"first", "", "1", ""},
		{"second", "visits=1; since=2026-01-02", "2", "2026-01-02"},
		{"nonsense", "visits=many; since=<b>", "1", ""},
		{"negative", "visits=-7", "1", ""},
		{"too many to count", "visits=99999999999999999999", "1", ""},
		{"the most", "visits=9223372036854775807", "1", ""},
	} {
		for _, mode := range modes {
			var header []string
			if tt.cookie != "" {
				header = []string{"Cookie", tt.cookie}
			}
			res, _ := ask(t, mode, "GET", "/", header...)
			got := map[string]string{}
			for _, c := range res.Cookies() {
				got[c.Name] = c.Value
			}
			since, after := got["since"], time.Now().UTC().Format(time.DateOnly)
			if since != tt.since && (tt.since != "" || since != before && since != after) {
				t.Errorf("%s, %s: since %q", tt.name, mode, since)
			}
			if len(res.Header["Set-Cookie"]) != 2 || got["visits"] != tt.visits || res.Header.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("%s, %s: %v", tt.name, mode, res.Header)
			}
		}
	}
	for _, mode := range modes { // an unchanged page is a visit, too
		res, _ := ask(t, mode, "GET", "/", "If-None-Match", "*", "Cookie", "visits=7")
		if res.StatusCode != http.StatusNotModified || !slices.ContainsFunc(res.Cookies(), func(c *http.Cookie) bool { return c.Value == "8" }) {
			t.Errorf("%s: %d %v", mode, res.StatusCode, res.Header)
		}
	}
}

func TestCacheControl(t *testing.T) {
	for target, want := range map[string]string{"/app.js": "public, max-age=300", "/clip.webm": "public, max-age=300", "/no/such": "no-store"} {
		for _, mode := range modes {
			if res, _ := ask(t, mode, "GET", target); res.Header.Get("Cache-Control") != want || res.Header["Set-Cookie"] != nil {
				t.Errorf("%s, %s: %v", target, mode, res.Header)
			}
		}
	}
}

func TestNotFound(t *testing.T) {
	for _, target := range []string{"/no/such", "/site/app.js", "/app.js/", "/../main.go", "/..%2fmain.go", "/.", "//app.js"} {
		for _, mode := range modes {
			res, body := ask(t, mode, "GET", target, "Range", "bytes=0-3")
			if res.StatusCode != http.StatusNotFound || body != content(t, "404.html") || res.Header.Get("Content-Type") != "text/html; charset=utf-8" || res.Header["Etag"] != nil {
				t.Errorf("%s, %s: %d %v %.80s", target, mode, res.StatusCode, res.Header, body)
			}
		}
	}
	for _, mode := range modes {
		if res, _ := ask(t, mode, "GET", "/index.html"); res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "/" {
			t.Errorf("%s: %d %v", mode, res.StatusCode, res.Header)
		}
	}
}

// Every file fits into the 1 MB of JSON that a load balancer takes. What is no text goes as base64, a part of it as well: W10.
func TestWireForm(t *testing.T) {
	for _, mode := range modes {
		err := fs.WalkDir(embedded, "site", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			for _, ranges := range []string{"", "bytes=0-99"} {
				r := httptest.NewRequest(http.MethodGet, strings.TrimSuffix(strings.TrimPrefix(name, "site"), "index.html"), http.NoBody)
				if ranges != "" {
					r.Header.Set("Range", ranges)
				}
				payload, err := alb.NewHandler(handler(t), alb.WithErrorLog(func(context.Context, error) {})).Invoke(t.Context(), albtest.Event(t, r, mode))
				if err != nil {
					return err
				}
				var answer struct {
					StatusCode      int
					IsBase64Encoded bool
				}
				if err := json.Unmarshal(payload, &answer); err != nil {
					return err
				}
				binary := strings.HasSuffix(name, ".webm") || strings.HasSuffix(name, ".woff2")
				if answer.StatusCode >= 400 || answer.IsBase64Encoded != binary || len(payload) > 1<<20 {
					t.Errorf("%s of %s, %s: %d, base64 %v, %d bytes", ranges, name, mode, answer.StatusCode, answer.IsBase64Encoded, len(payload))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
