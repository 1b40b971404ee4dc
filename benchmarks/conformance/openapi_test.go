package conformance_test

import (
	"context"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi-validator/schema_validation"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/openapi"
)

// The types of a document with all that package openapi can say.
type (
	everyParameter struct {
		ID       int64             `path:"id" minimum:"1" doc:"The number." example:"7"`
		Page     int               `query:"page" minimum:"1" default:"1"`
		States   []string          `query:"state" enum:"open,paid" uniqueItems:"true" default:"open" deprecated:"true"`
		Since    *time.Time        `query:"since"`
		Wait     time.Duration     `query:"wait" default:"1m30s"`
		Networks []netip.Prefix    `header:"X-Networks"`
		Back     url.URL           `query:"back"`
		Free     map[string]string `query:"*" maxLength:"9"`
		Tenant   string            `header:"X-Tenant" required:"true" pattern:"^[a-z]+$"`
		Type     string            `header:"Content-Type"`
		Session  string            `cookie:"session" minLength:"2"`
	}
	everyHeader struct {
		Location string        `header:"Location" doc:"Where it is."`
		Modified time.Time     `header:"Last-Modified"`
		Counts   []int         `header:"X-Count"`
		Cookies  []http.Cookie `cookie:"session"`
		Body     pageOf[provedTexts]
	}
	pageOf[T any] struct {
		Items []T    `json:"items" doc:"The items."`
		Next  string `json:"next,omitempty" format:"uri-reference" example:"/?page=2"`
	}
	everyForm struct {
		Title  string         `form:"title" maxLength:"80" required:"true"`
		Ages   []uint8        `form:"age"`
		Photo  binding.File   `form:"photo" accept:"image/png,image/jpeg" required:"true"`
		Others []binding.File `form:"other"`
	}
	everyFormBody struct {
		Body struct {
			Name  string    `form:"name" default:"x"`
			Until time.Time `form:"until"`
		}
	}
	everyRaw struct {
		Rest string `path:"*"`
		Body []byte `accept:"image/png,application/*"`
	}
	everyReader struct {
		Code string `path:"code"`
		Body io.Reader
	}
	everyOptional struct {
		Body *struct {
			Order    provedOrder    `json:"order"`
			Tree     provedTree     `json:"tree"`
			Formats  provedFormats  `json:"formats"`
			Integers provedIntegers `json:"integers"`
			Defaults provedDefaults `json:"defaults"`
			Old      string         `json:"old" deprecated:"true" enum:"a,b"`
		}
	}
	everyResponder struct{}
)

func (everyResponder) Respond(http.ResponseWriter, *http.Request) error { return nil }

func nothing[In, Out any](context.Context, In) (out Out, err error) { return out, err }

func everyFeature() *openapi.Document {
	r := chi.NewMux()
	r.Get("/plain/{name}", func(http.ResponseWriter, *http.Request) {})
	m := binding.With(r, binding.WithDoc(binding.Doc{Tags: []string{"all"}}))
	binding.Handle(m, "GET /things/{id:[0-9]+}/", nothing[everyParameter, everyHeader], binding.WithDoc(binding.Doc{
		ID: "list", Summary: "List", Description: "All of *them*.", Deprecated: true, Security: []string{"", "token"},
		Responses: map[int]any{404: nil, 206: provedLine{}},
	}))
	binding.Handle(m, "HEAD /things", nothing[struct{}, struct{}])
	binding.Handle(m, "POST /things", nothing[everyForm, struct{}], binding.WithStatus(http.StatusAccepted))
	binding.Handle(m, "PUT /things", nothing[everyFormBody, []byte])
	binding.Handle(m, "PUT /files/*", nothing[everyRaw, fs.File])
	binding.Handle(m, "/any/{code}", nothing[everyReader, io.Reader])
	binding.Handle(m, "GET /responder", nothing[struct{}, everyResponder], binding.WithDoc(binding.Doc{Security: []string{"certificate"}}))
	r.Route("/v2/{org}", func(r chi.Router) {
		r.Group(func(r chi.Router) {
			r.Use(func(next http.Handler) http.Handler { return next })
			binding.Handle(r, "PATCH /", nothing[everyOptional, map[string]any], binding.WithStrictJSON(), binding.WithMaxBody(9))
		})
		binding.Handle(r, "GET /{id}", nothing[struct {
			ID string `path:"id"`
		}, []provedLine], binding.WithEncoder("text/csv", func(io.Writer, any) error { return nil }))
		binding.Handle(r, "GET /hidden", nothing[struct{}, string], binding.WithDoc(binding.Doc{Hidden: true}))
	})
	return openapi.New(r, openapi.Info{
		Title: "Everything", Version: "1.0.0", Summary: "All of it.", Description: "With *all* features.", TermsOfService: "https://example.com/terms",
		Contact: &openapi.Contact{Name: "Ann", Email: "ann@example.com"}, License: &openapi.License{Name: "MIT"},
	},
		openapi.WithServers(openapi.Server{URL: "https://example.com", Description: "The one."}),
		openapi.WithTags(openapi.Tag{Name: "all", Description: "All."}),
		openapi.WithSecurity("token", openapi.Bearer()),
		openapi.WithSecurity("login", openapi.LoadBalancerLogin()),
		openapi.WithSecurity("oidc", openapi.OpenIDConnect("https://idp.example.com/.well-known/openid-configuration")),
		openapi.WithSecurity("certificate", openapi.MutualTLS()),
		openapi.WithSecurity("key", openapi.APIKey("header", "X-Key")),
		openapi.WithDefaultSecurity("login", "token"),
		openapi.WithPlainRoutes(),
	)
}

// validateOpenAPI holds a document against the schema that the OpenAPI Initiative publishes for its version.
func validateOpenAPI(t *testing.T, text []byte) (faults []string) {
	t.Helper()
	d, err := libopenapi.NewDocument(text)
	if err != nil {
		return []string{err.Error()}
	}
	_, found := schema_validation.ValidateOpenAPIDocument(d)
	for _, f := range found {
		faults = append(faults, f.Error())
		for _, inner := range f.SchemaValidationErrors {
			faults = append(faults, inner.Error())
		}
	}
	if _, err := d.BuildV3Model(); err != nil { // follows the references
		faults = append(faults, err.Error())
	}
	return faults
}

func TestOpenAPI(t *testing.T) {
	text, err := everyFeature().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	documents := map[string][]byte{"every feature": text}
	for _, pattern := range []string{"../../examples/*/openapi.json", "../../binding/openapi/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if documents[file], err = os.ReadFile(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range documents {
		t.Run(name, func(t *testing.T) {
			if faults := validateOpenAPI(t, text); faults != nil {
				t.Errorf("not OpenAPI 3.1:\n%s", strings.Join(faults, "\n"))
			}
		})
	}
}

// TestOpenAPIFaults breaks the document in order to see that this is noticed.
func TestOpenAPIFaults(t *testing.T) {
	text, err := everyFeature().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to string }{
		{"version", `"openapi":"3.1.0"`, `"openapi":"3.1"`},
		{"no title", `"title":"Everything",`, ``},
		{"path parameter not required", `"in":"path","required":true`, `"in":"path"`},
		{"place of a parameter", `"in":"cookie"`, `"in":"body"`},
		{"no description of a response", `"description":"Accepted"`, `"summary":"Accepted"`},
		{"reference to nothing", `"$ref":"#/components/schemas/provedLine"`, `"$ref":"#/components/schemas/line"`},
		{"scheme", `"type":"mutualTLS"`, `"type":"tls"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			broken := strings.Replace(string(text), tt.from, tt.to, 1)
			if broken == string(text) {
				t.Fatalf("no %s in\n%s", tt.from, text)
			}
			if validateOpenAPI(t, []byte(broken)) == nil {
				t.Error("was taken for OpenAPI 3.1")
			}
		})
	}
}
