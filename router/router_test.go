package router_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

func say(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, s)
	}
}

func newTestRouter() *chi.Mux {
	r := router.New()
	r.Get("/a", say("get a"))
	r.Post("/a", say("post a"))
	r.Get("/own", say("get own"))
	r.Head("/own", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Own", "1") })
	r.Delete("/items/{id}", say("delete item"))
	r.Route("/sub", func(r chi.Router) {
		r.Get("/{x}", say("get sub"))
		r.Group(func(r chi.Router) { r.Put("/{x}", say("put sub")) })
	})
	r.Mount("/mounted", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Method) }))
	nested := router.New()
	nested.Get("/deep", say("deep"))
	nested.Patch("/deep", say("patched"))
	r.Mount("/nested", nested)
	return r
}

func TestNew(t *testing.T) {
	tests := []struct {
		name, method, path string
		status             int
		allow, body        string // body "" means problem details
	}{
		{"route", "GET", "/a", 200, "", "get a"},
		{"not found", "GET", "/none", 404, "", ""},
		{"not found below a sub-router", "GET", "/sub/x/y", 404, "", ""},
		{"not found below a mount", "GET", "/nested/none", 404, "", ""},
		{"method not allowed", "DELETE", "/a", 405, "GET, HEAD, POST", ""},
		{"one method", "GET", "/items/7", 405, "DELETE", ""},
		{"HEAD without a GET route", "HEAD", "/items/7", 405, "DELETE", ""},
		{"in a sub-router", "DELETE", "/sub/x", 405, "GET, HEAD, PUT", ""},
		{"in a nested router", "DELETE", "/nested/deep", 405, "GET, HEAD, PATCH", ""},
		{"escaped slash", "DELETE", "/sub/a%2Fb", 405, "GET, HEAD, PUT", ""},
		{"method that chi does not know", "BREW", "/a", 405, "GET, HEAD, POST", ""},
		{"method that chi does not know, path neither", "BREW", "/none", 404, "", ""},
		{"OPTIONS is not made up", "OPTIONS", "/a", 405, "GET, HEAD, POST", ""},
		{"OPTIONS *", "OPTIONS", "*", 404, "", ""},
		{"any method of a mount", "PURGE", "/mounted", 405, "CONNECT, DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT, TRACE", ""}, // chi must be told of PURGE
		{"mount", "DELETE", "/mounted/x", 200, "", "DELETE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/", nil)
			r.RequestURI = tt.path
			for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
				res := albtest.Do(t, newTestRouter(), r.Clone(t.Context()), mode)
				body, err := io.ReadAll(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				if res.StatusCode != tt.status || res.Header.Get("Allow") != tt.allow {
					t.Errorf("%s: %d Allow %q %s", mode, res.StatusCode, res.Header.Get("Allow"), body)
				}
				if tt.body != "" {
					if string(body) != tt.body {
						t.Errorf("%s: %s", mode, body)
					}
					continue
				}
				var p problem.Details
				if res.Header.Get("Content-Type") != problem.ContentType {
					t.Errorf("%s: Content-Type %q", mode, res.Header.Get("Content-Type"))
				}
				if tt.method != http.MethodHead && (json.Unmarshal(body, &p) != nil || p.Status != tt.status || p.Detail == "") {
					t.Errorf("%s: %s", mode, body)
				}
			}
		})
	}
}

func TestHead(t *testing.T) {
	// Both without a load balancer, where net/http leaves the body out, and with one.
	plain := httptest.NewServer(newTestRouter())
	defer plain.Close()
	local := albtest.NewServer(newTestRouter())
	defer local.Close()
	for name, base := range map[string]string{"net/http": plain.URL, "load balancer": local.URL} {
		for _, tt := range []struct {
			path   string
			status int
			own    string
		}{
			{"/a", 200, ""},
			{"/own", 200, "1"},
			{"/sub/x", 200, ""},
			{"/nested/deep", 200, ""},
			{"/mounted/x", 200, ""},
			{"/none", 404, ""},
		} {
			res, err := http.Head(base + tt.path)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(res.Body)
			res.Body.Close()
			if res.StatusCode != tt.status || len(body) != 0 || res.Header.Get("X-Own") != tt.own || tt.own == "" && res.Header.Get("Content-Type") == "" {
				t.Errorf("%s: HEAD %s: %d %q %v", name, tt.path, res.StatusCode, body, res.Header)
			}
		}
	}
}

// A router without routes is one that finds nothing.
func TestNoRoutes(t *testing.T) {
	res := albtest.Do(t, router.New(), httptest.NewRequest(http.MethodGet, "/", nil), albtest.SingleValue)
	if res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != problem.ContentType {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}

func TestFunc(t *testing.T) {
	secret := errors.New("secret")
	tests := []struct {
		name   string
		f      func(http.ResponseWriter, *http.Request) error
		status int
		body   string
	}{
		{"no error", func(w http.ResponseWriter, _ *http.Request) error {
			_, err := io.WriteString(w, "ok")
			return err
		}, 200, "ok"},
		{"nothing", func(http.ResponseWriter, *http.Request) error { return nil }, 200, ""},
		{"problem", func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("x: %w", problem.Conflict("Taken.")) }, 409, `{"title":"Conflict","status":409,"detail":"Taken."}`},
		{"any error", func(http.ResponseWriter, *http.Request) error { return secret }, 500, `{"title":"Internal Server Error","status":500}`},
		{"headers before the error", func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Set("Content-Type", "image/png")
			return secret
		}, 500, `{"title":"Internal Server Error","status":500}`},
		{"early hints are no response", func(w http.ResponseWriter, _ *http.Request) error {
			w.WriteHeader(http.StatusEarlyHints)
			return problem.BadRequest("")
		}, 400, `{"title":"Bad Request","status":400}`},
		{"after WriteHeader", func(w http.ResponseWriter, _ *http.Request) error { w.WriteHeader(201); return secret }, 500, `{"title":"Internal Server Error","status":500}`},
		{"after Write", func(w http.ResponseWriter, _ *http.Request) error { w.Write([]byte("half")); return secret }, 500, `{"title":"Internal Server Error","status":500}`},
		{"after WriteString", func(w http.ResponseWriter, _ *http.Request) error {
			io.WriteString(w, "half")
			return secret
		}, 500, `{"title":"Internal Server Error","status":500}`},
		{"after ReadFrom", func(w http.ResponseWriter, _ *http.Request) error {
			io.Copy(w, struct{ io.Reader }{strings.NewReader("half")})
			return secret
		}, 500, `{"title":"Internal Server Error","status":500}`},
		{"after Flush", func(w http.ResponseWriter, _ *http.Request) error {
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			w.(http.Flusher).Flush()
			return secret
		}, 500, `{"title":"Internal Server Error","status":500}`},
		{"the writer below is reached", func(w http.ResponseWriter, _ *http.Request) error {
			if _, _, err := http.NewResponseController(w).Hijack(); !errors.Is(err, http.ErrNotSupported) {
				t.Error(err)
			}
			return nil
		}, 200, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var seen []error
			observed := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx := problem.WithObserver(r.Context(), func(err error) { seen = append(seen, err) })
				router.Func(tt.f).ServeHTTP(w, r.WithContext(ctx))
			})
			res := albtest.Do(t, observed, httptest.NewRequest(http.MethodGet, "/", nil), albtest.MultiValue)
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status || string(body) != tt.body {
				t.Errorf("%d %s, want %d %s", res.StatusCode, body, tt.status, tt.body)
			}
			if failed := tt.status >= 400; len(seen) != 0 != failed {
				t.Errorf("the observer saw %v", seen)
			}
			if tt.status == 500 && !errors.Is(seen[0], secret) {
				t.Errorf("the observer saw %v", seen)
			}
		})
	}
}
