package binding_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

type pathInput struct {
	ID   string `path:"id"`
	Rest string `path:"rest"`
}

func echoPath(_ context.Context, in pathInput) (pathInput, error) { return in, nil }

type chiInput struct {
	ID   string `path:"id"`
	Rest string `path:"*"`
}

// TestPathValues sends paths through a load balancer, in both header modes, to both routers: values are decoded exactly once.
func TestPathValues(t *testing.T) {
	serveMux := http.NewServeMux()
	binding.Handle(serveMux, "GET /a/{id}/{rest...}", echoPath)
	chiMux := chi.NewMux()
	echoChi := func(_ context.Context, in chiInput) (pathInput, error) { return pathInput(in), nil }
	chiMux.Route("/a/{id}", func(r chi.Router) { binding.Handle(r, "GET /*", echoChi) })
	mounted := chi.NewMux()
	mounted.Mount("/", serveMux) // chi has no {id} of its own here
	outer := http.NewServeMux()
	outer.Handle("/", chiMux)

	tests := []struct {
		name, path string
		want       pathInput
	}{
		{"plain", "/a/b/c/d", pathInput{"b", "c/d"}},
		{"empty rest", "/a/b/", pathInput{"b", ""}},
		{"escaped slash", "/a/b%2Fc/d%2Fe/f", pathInput{"b/c", "d/e/f"}},
		{"escaped percent", "/a/b%25c/d", pathInput{"b%c", "d"}},
		{"percent that looks escaped", "/a/b%252Fc/%2541", pathInput{"b%2Fc", "%41"}},
		{"percent beside a slash", "/a/b%2Fc%2541/x", pathInput{"b/c%41", "x"}},
		{"blank", "/a/b%20c/d", pathInput{"b c", "d"}},
		{"plus is plus", "/a/b+c/d", pathInput{"b+c", "d"}},
		{"not ASCII", "/a/%C3%BC/d", pathInput{"ü", "d"}},
	}
	routers := []struct {
		name string
		h    http.Handler
	}{{"ServeMux", serveMux}, {"chi", chiMux}, {"ServeMux in chi", mounted}, {"chi in ServeMux", outer}}
	for _, router := range routers {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			for _, tt := range tests {
				t.Run(router.name+"/"+mode.String()+"/"+tt.name, func(t *testing.T) {
					res := albtest.Do(t, router.h, httptest.NewRequest(http.MethodGet, tt.path, nil), mode)
					body, _ := io.ReadAll(res.Body)
					var got pathInput
					if err := json.Unmarshal(body, &got); err != nil || res.StatusCode != 200 || got != tt.want {
						t.Errorf("got %d %s, want %+v", res.StatusCode, body, tt.want)
					}
				})
			}
		}
	}
}

// A route that lacks the value is the program's mistake: the log names the field, the client learns nothing.
func TestPathValueMissing(t *testing.T) {
	for _, pattern := range []string{"/{other}", "/x"} {
		mux := http.NewServeMux()
		mux.Handle(pattern, binding.NewHandler(echoPath))
		var seen error
		r := httptest.NewRequest(http.MethodGet, "/x", nil)
		r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = err }))
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, r)
		if want := `{"title":"Internal Server Error","status":500}`; rec.Code != 500 || rec.Body.String() != want {
			t.Errorf("%s: got %d %s", pattern, rec.Code, rec.Body)
		}
		if seen == nil || !strings.Contains(seen.Error(), "binding_test.pathInput.ID") || !strings.Contains(seen.Error(), "{id}") {
			t.Errorf("%s: the log has %v", pattern, seen)
		}
	}
}

func TestPathFault(t *testing.T) {
	type input struct {
		ID int `path:"id" minimum:"1"`
	}
	r := chi.NewMux()
	binding.Handle(r, "GET /{id}", func(context.Context, input) (struct{}, error) { return struct{}{}, errors.New("called") })
	for path, want := range map[string]string{
		"/x": `{"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.","errors":[{"detail":"must be an integer","parameter":"id"}]}`,
		"/0": `{"title":"Unprocessable Entity","status":422,"detail":"The request has one fault.","errors":[{"detail":"must be at least 1","parameter":"id"}]}`,
	} {
		rec := httptest.NewRecorder()
		r.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != 422 || rec.Body.String() != want {
			t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
		}
	}
}
