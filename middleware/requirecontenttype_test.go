package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware"
)

func TestRequireContentType(t *testing.T) {
	tests := []struct {
		name  string
		types []string
		sent  string // "" is none
		ok    bool
	}{
		{"the type", []string{"application/json"}, "application/json", true},
		{"the second type", []string{"text/csv", "application/json"}, "application/json", true},
		{"parameters", []string{"application/json"}, "application/json ;charset=utf-8", true},
		{"the request's case", []string{"application/json"}, "Application/JSON", true},
		{"the list's case", []string{"Application/JSON"}, "application/json", true},
		{"any subtype", []string{"image/*"}, "image/png", true},
		{"suffix", []string{"application/*+json"}, "application/vnd.api+json", true},
		{"suffix in capitals", []string{"application/*+json"}, "application/problem+JSON", true},

		{"another type", []string{"application/json"}, "text/plain", false},
		{"none", []string{"application/json"}, "", false},
		{"part of the type", []string{"application/json"}, "application/jso", false},
		{"more than the type", []string{"application/json"}, "application/jsonp", false},
		{"as a parameter", []string{"application/json"}, "text/plain; a=application/json", false},
		{"two in a line", []string{"application/json"}, "application/json, text/plain", false},
		{"two in a line, any subtype", []string{"text/*"}, "text/plain, text/html", false},
		{"letters that fold to ASCII", []string{"application/json"}, "application/j\u017fon", false},
		{"any subtype of another", []string{"image/*"}, "imagex/png", false},
		{"any subtype, none there", []string{"image/*"}, "image/", false},
		{"a wildcard sent", []string{"image/*"}, "image/*", false},
		{"suffix without a name", []string{"application/*+json"}, "application/+json", false},
		{"suffix alone", []string{"application/*+json"}, "application/json", false},
		{"suffix of another type", []string{"application/*+json"}, "text/x+json", false},
		{"not a media type", []string{"application/json"}, "json", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onEverySide(t, middleware.RequireContentType(tt.types...)(echo),
				func() *http.Request {
					r := httptest.NewRequest("PUT", "/", strings.NewReader("body"))
					if tt.sent != "" {
						r.Header.Set("Content-Type", tt.sent)
					}
					return r
				},
				func(t *testing.T, res *http.Response, body string) {
					if tt.ok && (res.StatusCode != 200 || body != "body") || !tt.ok && res.StatusCode != 415 {
						t.Errorf("got %d %s", res.StatusCode, body)
					}
				})
		})
	}
}

func TestRequireContentTypeNeedsABody(t *testing.T) {
	h := middleware.RequireContentType("application/json")(echo)
	for _, method := range []string{"GET", "POST", "DELETE"} {
		onEverySide(t, h,
			func() *http.Request { return httptest.NewRequest(method, "/", nil) },
			func(t *testing.T, res *http.Response, body string) {
				if res.StatusCode != 200 {
					t.Errorf("%s: got %d %s", method, res.StatusCode, body)
				}
			})
	}
	onEverySide(t, h, // a body of unknown length
		func() *http.Request { return httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("x"))) },
		func(t *testing.T, res *http.Response, body string) {
			if res.StatusCode != 415 {
				t.Errorf("got %d %s", res.StatusCode, body)
			}
		})
}

func TestRequireContentTypeRefusesSeveral(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("{}"))
	r.Header["Content-Type"] = []string{"application/json", "text/plain"}
	if res := overHTTP(t, middleware.RequireContentType("application/json")(echo), r); res.StatusCode != 415 {
		t.Errorf("got %d, want 415", res.StatusCode)
	}
}

func TestRequireContentTypeSaysWhatItTakes(t *testing.T) {
	const types = "application/json, text/*"
	h := middleware.RequireContentType("application/json", "text/*")(echo)
	for method, want := range map[string]http.Header{
		"POST":  {"Accept": {types}, "Accept-Post": {types}},
		"PATCH": {"Accept": {types}, "Accept-Patch": {types}},
		"PUT":   {"Accept": {types}},
	} {
		t.Run(method, func(t *testing.T) {
			onEverySide(t, h,
				func() *http.Request { return httptest.NewRequest(method, "/", strings.NewReader("x")) },
				func(t *testing.T, res *http.Response, body string) {
					got := make(http.Header)
					for name, values := range res.Header {
						if strings.HasPrefix(name, "Accept") {
							got[name] = values
						}
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Error(diff)
					}
					const problem = `{"title":"Unsupported Media Type","status":415,` +
						`"detail":"The request body is of a media type that is not read here; see Accept."}`
					if res.StatusCode != 415 || body != problem {
						t.Errorf("got %d %s", res.StatusCode, body)
					}
				})
		})
	}
}

func TestRequireContentTypePanics(t *testing.T) {
	mustPanic(t, "middleware: RequireContentType was given no media type and would refuse every body; name those that the handler reads",
		func() { middleware.RequireContentType() })
	for _, s := range []string{"", "json", "application/json; charset=utf-8", "*/*", "*/json", "application/*json", "application/*+", "application/*+*", "a/b/c", "a /b", "a/b\n"} {
		mustPanic(t, fmt.Sprintf("middleware: RequireContentType was given %q; give a media type without parameters, "+
			"such as application/json, image/* or application/*+json", s), func() { middleware.RequireContentType("text/plain", s) })
	}
}

func BenchmarkRequireContentType(b *testing.B) {
	h := middleware.RequireContentType("application/json", "application/*+json")(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := discard{}, httptest.NewRequest("POST", "/", strings.NewReader("{}"))
	r.Header.Set("Content-Type", "application/vnd.api+json; charset=utf-8")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}

func ExampleRequireContentType() {
	h := middleware.RequireContentType("application/json", "application/*+json")(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "read")
	}))
	for _, contentType := range []string{"application/json; charset=utf-8", "text/plain"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
		r.Header.Set("Content-Type", contentType)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		fmt.Printf("%d %q\n", rec.Code, rec.Header().Get("Accept-Post"))
	}
	// Output:
	// 200 ""
	// 415 "application/json, application/*+json"
}
