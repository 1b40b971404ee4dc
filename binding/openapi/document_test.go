package openapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/openapi"
	"github.com/albatross-go/albatross/router/problem"
)

func TestWhole(t *testing.T) {
	d := document(func(r chi.Router) {
		r.Method("GET", "/orders/{id}", &typed{
			Doc:        operation.Doc{ID: "readOrder", Summary: "Read", Description: "One <b>order</b>.", Tags: []string{"orders"}, Deprecated: true},
			Parameters: []operation.Parameter{{In: "path", Name: "id", Required: true, Schema: integer[int64](), Tag: `doc:"The number."`}},
			Responses:  []operation.Response{{Status: 204}},
			Problems:   []int{422},
		})
	},
		openapi.WithServers(openapi.Server{URL: "https://api.example.com", Description: "production"}),
		openapi.WithTags(openapi.Tag{Name: "orders", Description: "What people buy."}),
		openapi.WithSecurity("token", openapi.Bearer()),
		openapi.WithDefaultSecurity("token"),
	)
	want := `{
  "openapi": "3.1.0",
  "info": {
    "title": "Orders",
    "version": "1.2.3"
  },
  "servers": [
    {
      "url": "https://api.example.com",
      "description": "production"
    }
  ],
  "security": [
    {
      "token": []
    }
  ],
  "tags": [
    {
      "name": "orders",
      "description": "What people buy."
    }
  ],
  "paths": {
    "/orders/{id}": {
      "get": {
        "tags": [
          "orders"
        ],
        "summary": "Read",
        "description": "One <b>order</b>.",
        "operationId": "readOrder",
        "deprecated": true,
        "parameters": [
          {
            "name": "id",
            "in": "path",
            "description": "The number.",
            "required": true,
            "schema": {
              "type": "integer"
            }
          }
        ],
        "responses": {
          "204": {
            "description": "No Content"
          },
          "422": {
            "$ref": "#/components/responses/UnprocessableEntity"
          },
          "default": {
            "$ref": "#/components/responses/Problem"
          }
        }
      }
    }
  },
  "components": {
    "schemas": {
      "Problem": {
        "type": "object",
        "description": "Problem details, RFC 9457.",
        "properties": {
          "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "The kind of problem; about:blank if absent."
          },
          "title": {
            "type": "string",
            "description": "The kind of problem, in words."
          },
          "status": {
            "type": "integer",
            "description": "The HTTP status.",
            "minimum": 400,
            "maximum": 599
          },
          "detail": {
            "type": "string",
            "description": "What went wrong this time."
          },
          "instance": {
            "type": "string",
            "format": "uri-reference",
            "description": "This occurrence."
          },
          "errors": {
            "type": "array",
            "description": "One entry for each fault of the request.",
            "items": {
              "type": "object",
              "properties": {
                "detail": {
                  "type": "string",
                  "description": "What is wrong, in words."
                },
                "pointer": {
                  "type": "string",
                  "format": "json-pointer",
                  "description": "Where in the body, RFC 6901."
                },
                "parameter": {
                  "type": "string",
                  "description": "The name of the parameter."
                }
              },
              "required": [
                "detail"
              ]
            }
          }
        },
        "required": [
          "title",
          "status"
        ]
      }
    },
    "responses": {
      "Problem": {
        "description": "A problem.",
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      },
      "UnprocessableEntity": {
        "description": "Unprocessable Entity",
        "content": {
          "application/problem+json": {
            "schema": {
              "$ref": "#/components/schemas/Problem"
            }
          }
        }
      }
    },
    "securitySchemes": {
      "token": {
        "type": "http",
        "scheme": "bearer"
      }
    }
  }
}
`
	var got bytes.Buffer
	n, err := d.WriteTo(&got)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(len(want)) {
		t.Errorf("WriteTo returned %d, want %d", n, len(want))
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}

	// The other forms of it are the same JSON.
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(want)); err != nil {
		t.Fatal(err)
	}
	marshaled, err := d.MarshalJSON()
	if diff := cmp.Diff(compact.String(), string(marshaled)); diff != "" || err != nil {
		t.Error(err, diff)
	}
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	if diff := cmp.Diff(compact.String(), rec.Body.String()); diff != "" || rec.Code != 200 {
		t.Error(rec.Code, diff)
	}
}

// A document of nothing has what OpenAPI requires and nothing besides.
func TestEmpty(t *testing.T) {
	wantPart(t, document(func(chi.Router) {}), `{"openapi": "3.1.0", "info": {"title": "Orders", "version": "1.2.3"}, "paths": {}}`)
}

func TestInfo(t *testing.T) {
	d := openapi.New(chi.NewRouter(), openapi.Info{
		Title: "Orders", Version: "1", Summary: "S", Description: "D", TermsOfService: "https://example.com/terms",
		Contact: &openapi.Contact{Name: "Ops", URL: "https://example.com", Email: "ops@example.com"},
		License: &openapi.License{Name: "MIT", Identifier: "MIT"},
	})
	wantPart(t, d, `{"title": "Orders", "version": "1", "summary": "S", "description": "D", "termsOfService": "https://example.com/terms",
		"contact": {"name": "Ops", "url": "https://example.com", "email": "ops@example.com"}, "license": {"name": "MIT", "identifier": "MIT"}}`, "info")
}

// Go's maps have no order, and chi keeps routes in maps: the document must not show it.
func TestStable(t *testing.T) {
	describe := func() string {
		d := document(func(r chi.Router) {
			for _, path := range []string{"/c", "/a", "/b/{x}", "/b"} {
				r.Method("GET", path, answers(object[order]()))
				r.Method("POST", path, takes(object[order]()))
			}
			r.Handle("/every", &typed{})
		})
		content, err := d.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	want := describe()
	for range 20 {
		if diff := cmp.Diff(want, describe()); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestServe(t *testing.T) {
	d := one(&typed{})
	serve := func(method string, header http.Header) *http.Response {
		r := httptest.NewRequest(method, "/openapi.json", nil)
		r.Header = header
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, r)
		return rec.Result()
	}
	got := serve("GET", nil)
	tag := got.Header.Get("ETag")
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/json" || len(tag) < 10 || tag[0] != '"' {
		t.Errorf("GET: %d %v", got.StatusCode, got.Header)
	}
	tests := []struct {
		name   string
		method string
		header http.Header
		status int
	}{
		{"HEAD", "HEAD", nil, 200},
		{"the client has it", "GET", http.Header{"If-None-Match": {tag}}, 304},
		{"the client has another", "GET", http.Header{"If-None-Match": {`"x"`}}, 200},
		{"POST", "POST", nil, 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := serve(tt.method, tt.header)
			if got.StatusCode != tt.status {
				t.Errorf("status %d, want %d", got.StatusCode, tt.status)
			}
			if allow := got.Header.Get("Allow"); tt.status == 405 && allow != "GET, HEAD" {
				t.Errorf("Allow: %q", allow)
			}
		})
	}
}

// The document is mounted before the routes that it is to have, on the router that it describes, and asked for last.
func TestLazy(t *testing.T) {
	r := chi.NewRouter()
	d := openapi.New(r, info)
	r.Method("GET", "/openapi.json", d)
	r.Method("GET", "/orders", &typed{Doc: operation.Doc{ID: "listOrders"}})

	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequest("GET", "/openapi.json", nil))
	var got struct{ Paths map[string]any }
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Paths) != 1 || got.Paths["/orders"] == nil {
		t.Errorf("paths %v, want /orders alone", got.Paths)
	}
}

// broken is a handler whose types turn out to be wrong when it is asked for them.
type broken struct{}

func (broken) ServeHTTP(http.ResponseWriter, *http.Request) {}

func (broken) Operation() *operation.Operation {
	panic("binding: Order.Total: no such format; remove it")
}

// A document that cannot be made is told to the log, not to the client; all its mistakes are told.
func TestMistakes(t *testing.T) {
	tests := []struct {
		name     string
		register func(r chi.Router)
		want     string
	}{
		{
			"two of one ID", func(r chi.Router) {
				r.Method("GET", "/a", &typed{Doc: operation.Doc{ID: "read"}})
				r.Method("GET", "/b", &typed{Doc: operation.Doc{ID: "read"}})
			}, `openapi: GET /b: operation ID "read" is also that of GET /a; give each its own in binding.Doc`,
		},
		{
			"two routes that are one path", func(r chi.Router) {
				r.Method("GET", "/{id:[0-9]+}", &typed{})
				r.Method("GET", "/{name:[a-z]+}", &typed{})
			}, `openapi: GET /{name:[a-z]+}: OpenAPI has but one operation for GET /{id}, and another route has it; hide one of the two with binding.Doc's Hidden`,
		},
		{
			"undeclared security", func(r chi.Router) {
				r.Method("GET", "/", &typed{Doc: operation.Doc{Security: []string{"token"}}})
			}, `openapi: GET /: there is no security scheme "token"; declare it with openapi.WithSecurity`,
		},
		{
			"a path parameter that is in no route", func(r chi.Router) {
				r.Method("GET", "/orders", &typed{Parameters: []operation.Parameter{{In: "path", Name: "id", Schema: text()}}})
			}, `openapi: GET /orders: a field takes the path parameter "id", which the route does not have; add it to the pattern`,
		},
		{
			"example of a parameter", func(r chi.Router) {
				r.Method("GET", "/", &typed{Parameters: []operation.Parameter{{In: "query", Name: "n", Schema: integer[int](), Tag: `example:"many"`}}})
			}, `openapi: GET /: parameter n: example:"many" is no number: write it as in JSON`,
		},
		{
			"example of a member", func(r chi.Router) {
				field := member("n", integer[int]())
				field.Tag = `example:"many"`
				r.Method("POST", "/", takes(object[order](field)))
			}, `openapi: POST /: openapi_test.order.n: example:"many" is no number: write it as in JSON`,
		},
		{
			"a handler that cannot say what it does", func(r chi.Router) { r.Method("GET", "/", broken{}) },
			`openapi: GET /: binding: Order.Total: no such format; remove it`,
		},
		{
			"several", func(r chi.Router) {
				r.Method("GET", "/a", &typed{Doc: operation.Doc{Security: []string{"x"}}})
				r.Method("GET", "/b", &typed{Doc: operation.Doc{Security: []string{"y"}}})
			}, "openapi: GET /a: there is no security scheme \"x\"; declare it with openapi.WithSecurity\n" +
				"openapi: GET /b: there is no security scheme \"y\"; declare it with openapi.WithSecurity",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := document(tt.register)
			if _, err := d.MarshalJSON(); err == nil || err.Error() != tt.want {
				t.Errorf("MarshalJSON: %v\nwant %s", err, tt.want)
			}
			if n, err := d.WriteTo(&bytes.Buffer{}); n != 0 || err == nil {
				t.Errorf("WriteTo: %d, %v", n, err)
			}
			var seen error
			r := httptest.NewRequest("GET", "/", nil)
			rec := httptest.NewRecorder()
			d.ServeHTTP(rec, r.WithContext(problem.WithObserver(r.Context(), func(err error) { seen = errors.Join(seen, err) })))
			if seen == nil || !strings.Contains(seen.Error(), tt.want) {
				t.Errorf("observed %v", seen)
			}
			if want := `{"title":"Internal Server Error","status":500}`; rec.Code != 500 || rec.Body.String() != want {
				t.Errorf("answered %d %s", rec.Code, rec.Body)
			}
		})
	}
}

func TestPanics(t *testing.T) {
	r := chi.NewRouter()
	tests := []struct {
		name string
		f    func()
		want string
	}{
		{"no routes", func() { openapi.New(nil, info) }, "openapi: New: routes is nil; give it the router, for example router.New()"},
		{"no title", func() { openapi.New(r, openapi.Info{Version: "1"}) }, "openapi: Info: Title or Version is empty; OpenAPI requires both"},
		{"no version", func() { openapi.New(r, openapi.Info{Title: "T"}) }, "openapi: Info: Title or Version is empty; OpenAPI requires both"},
		{
			"no URL", func() { openapi.New(r, info, openapi.WithServers(openapi.Server{})) },
			`openapi: WithServers: server 0 has no URL; write "/" for where the document is`,
		},
		{
			"a scheme declared twice", func() {
				openapi.New(r, info, openapi.WithSecurity("a", openapi.Bearer()), openapi.WithSecurity("a", openapi.Bearer()))
			}, `openapi: WithSecurity: the name "a" is empty or taken; name every scheme once`,
		},
		{
			"a default that is not declared", func() { openapi.New(r, info, openapi.WithDefaultSecurity("a")) },
			`openapi: WithDefaultSecurity: there is no scheme "a"; declare it with WithSecurity`,
		},
		{"no document for the UI", func() { openapi.UI("") }, `openapi: UI: "" is no URL of a document; give it a path or an http or https URL`},
		{"script", func() { openapi.UI("javascript:alert(1)") }, `openapi: UI: "javascript:alert(1)" is no URL of a document; give it a path or an http or https URL`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("panic %v\nwant %s", got, tt.want)
				}
			}()
			tt.f()
		})
	}
}
