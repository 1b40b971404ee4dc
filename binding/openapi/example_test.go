package openapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/openapi"
)

type article struct {
	SKU   string `json:"sku" pattern:"^[A-Z]{3}-[0-9]+$" example:"ABC-7" required:"true"`
	Price int    `json:"price" minimum:"0" doc:"In cents."`
}

func create(context.Context, struct{ Body article }) (struct{}, error) { return struct{}{}, nil }

func read(context.Context, struct {
	SKU string `path:"sku" maxLength:"20"`
}) (article, error) {
	return article{}, nil
}

func ExampleNew() {
	r := chi.NewRouter()
	binding.Handle(r, "POST /articles", create, binding.WithDoc(binding.Doc{Summary: "Create an article", Security: []string{"staff"}}))
	binding.Handle(r, "GET /articles/{sku}", read, binding.WithDoc(binding.Doc{Summary: "Read an article", Tags: []string{"shop"}}))
	doc := openapi.New(r, openapi.Info{Title: "Shop", Version: "1.0.0"},
		openapi.WithServers(openapi.Server{URL: "https://shop.example.com"}),
		openapi.WithTags(openapi.Tag{Name: "shop", Description: "For everybody."}),
		openapi.WithSecurity("staff", openapi.LoadBalancerLogin()),
	)
	r.Handle("GET /openapi.json", doc)

	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	var d struct {
		OpenAPI    string
		Paths      map[string]map[string]struct{ OperationID, Summary string }
		Components struct {
			Schemas map[string]struct{ Properties map[string]json.RawMessage }
		}
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &d); err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.OpenAPI)
	fmt.Println(d.Paths["/articles"]["post"])
	fmt.Println(d.Paths["/articles/{sku}"]["get"])
	fmt.Println(string(d.Components.Schemas["article"].Properties["sku"]))
	// Output:
	// 3.1.0
	// {postArticles Create an article}
	// {getArticlesBySku Read an article}
	// {"type":"string","examples":["ABC-7"],"pattern":"^[A-Z]{3}-[0-9]+$"}
}

// A program writes its document with a flag of its own: go run . -openapi > openapi.json.
func ExampleDocument_WriteTo() {
	doc := openapi.New(chi.NewRouter(), openapi.Info{Title: "Shop", Version: "1.0.0"})
	if _, err := doc.WriteTo(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "openapi": "3.1.0",
	//   "info": {
	//     "title": "Shop",
	//     "version": "1.0.0"
	//   },
	//   "paths": {}
	// }
}

func ExampleUI() {
	r := chi.NewRouter()
	r.Handle("GET /openapi.json", openapi.New(r, openapi.Info{Title: "Shop", Version: "1.0.0"}))
	r.Handle("GET /docs", openapi.UI("/openapi.json"))

	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/docs", nil))
	fmt.Println(rec.Code, rec.Header().Get("Content-Type"))
	// Output:
	// 200 text/html; charset=utf-8
}

// A test of a service: the API has got a new version, which the file under version control does not have yet.
func ExampleCheck() {
	testOpenAPI := func(t openapi.TB) {
		doc := openapi.New(chi.NewRouter(), openapi.Info{Title: "Shop", Version: "1.1.0"})
		openapi.Check(t, doc, "testdata/shop.json")
	}
	testOpenAPI(printing{})
	// Output:
	// openapi: testdata/shop.json is stale from line 5 on.
	// file:         "version": "1.0.0"
	// document:     "version": "1.1.0"
	// Renew it with: OPENAPI_UPDATE=1 go test -run '^TestOpenAPI$' .
}

// printing takes the place of a *testing.T.
type printing struct{}

func (printing) Helper()                           {}
func (printing) Name() string                      { return "TestOpenAPI" }
func (printing) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// Who may call: the load balancer's login for browsers, a token for programs, and one operation that anybody may.
func ExampleWithDefaultSecurity() {
	r := chi.NewRouter()
	binding.Handle(r, "POST /articles", create)
	binding.Handle(r, "GET /articles/{sku}", read, binding.WithDoc(binding.Doc{Security: []string{""}}))
	doc := openapi.New(r, openapi.Info{Title: "Shop", Version: "1.0.0"},
		openapi.WithSecurity("staff", openapi.LoadBalancerLogin()),
		openapi.WithSecurity("program", openapi.Bearer()),
		openapi.WithDefaultSecurity("staff", "program"),
	)

	text, err := doc.MarshalJSON()
	if err != nil {
		fmt.Println(err)
	}
	var d struct {
		Security []map[string][]string
		Paths    map[string]map[string]struct{ Security []map[string][]string }
	}
	if err := json.Unmarshal(text, &d); err != nil {
		fmt.Println(err)
	}
	fmt.Println(d.Security)
	fmt.Println(d.Paths["/articles/{sku}"]["get"].Security)
	// Output:
	// [map[staff:[]] map[program:[]]]
	// [map[]]
}
