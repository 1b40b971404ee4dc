package binding_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

type benchItem struct {
	SKU      string  `json:"sku" required:"true" pattern:"^[A-Z]"`
	Quantity int     `json:"quantity" minimum:"1" maximum:"99"`
	Price    float64 `json:"price" minimum:"0"`
}

type benchOrder struct {
	Customer string      `json:"customer" required:"true" minLength:"1" maxLength:"80"`
	Street   string      `json:"street" maxLength:"80"`
	City     string      `json:"city" maxLength:"80"`
	Note     string      `json:"note" maxLength:"400"`
	Express  bool        `json:"express"`
	Items    []benchItem `json:"items" minItems:"1" maxItems:"50"`
}

type benchPost struct {
	ID     int    `path:"id" minimum:"1"`
	DryRun bool   `query:"dryRun"`
	Page   int    `query:"page" minimum:"1" default:"1"`
	Tenant string `header:"X-Tenant" required:"true" maxLength:"40"`
	Body   benchOrder
}

type benchGet struct {
	ID    int    `path:"id" minimum:"1"`
	Page  int    `query:"page" minimum:"1" default:"1"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Sort  string `query:"sort" enum:"name,age" default:"name"`
}

type benchResult struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Total int    `json:"total"`
}

const benchBody = `{"customer":"Ada Lovelace","street":"12 St James's Square","city":"London","note":"Leave it with the porter if nobody opens the door, ` +
	`but not before noon, and ring twice.","express":true,"items":[{"sku":"AB-1001","quantity":2,"price":12.5},{"sku":"AB-1002","quantity":1,"price":99.95},` +
	`{"sku":"CD-2001","quantity":12,"price":0.99},{"sku":"CD-2002","quantity":3,"price":7.25},{"sku":"EF-3001","quantity":1,"price":1299},{"sku":"EF-3002","quantity":4,"price":15}]}`

// sink is a response that keeps nothing.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(status int)      { s.status = status }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }

var benchSKU = regexp.MustCompile("^[A-Z]")

// The same endpoints by hand, as one writes them without a framework.
func handPost(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	query := r.URL.Query()
	dryRun, page := query.Get("dryRun") == "true", 1
	if text := query.Get("page"); text != "" && err == nil {
		page, err = strconv.Atoi(text)
	}
	tenant := r.Header.Get("X-Tenant")
	if err != nil || id < 1 || page < 1 || tenant == "" || utf8.RuneCountInString(tenant) > 40 {
		problem.Write(w, r, problem.UnprocessableEntity("A parameter is wrong."))
		return
	}
	var o benchOrder
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&o); err != nil {
		problem.Write(w, r, problem.BadRequest("The body is wrong."))
		return
	}
	err = nil
	if o.Customer == "" || utf8.RuneCountInString(o.Customer) > 80 || utf8.RuneCountInString(o.Street) > 80 || utf8.RuneCountInString(o.City) > 80 ||
		utf8.RuneCountInString(o.Note) > 400 || len(o.Items) == 0 || len(o.Items) > 50 {
		err = errors.New("order")
	}
	for _, i := range o.Items {
		if i.SKU == "" || !benchSKU.MatchString(i.SKU) || i.Quantity < 1 || i.Quantity > 99 || i.Price < 0 {
			err = errors.New("item")
		}
	}
	if err != nil {
		problem.Write(w, r, problem.UnprocessableEntity("The body is wrong."))
		return
	}
	_ = dryRun
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(benchResult{id, o.Customer, len(o.Items)})
}

func handGet(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	query := r.URL.Query()
	page, limit, sort := 1, 20, "name"
	if text := query.Get("page"); text != "" && err == nil {
		page, err = strconv.Atoi(text)
	}
	if text := query.Get("limit"); text != "" && err == nil {
		limit, err = strconv.Atoi(text)
	}
	if text := query.Get("sort"); text != "" {
		sort = text
	}
	if err != nil || id < 1 || page < 1 || limit < 1 || limit > 100 || sort != "name" && sort != "age" {
		problem.Write(w, r, problem.UnprocessableEntity("A parameter is wrong."))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(benchResult{id, sort, page * limit})
}

func BenchmarkPost(b *testing.B) {
	typed := binding.NewHandler(func(_ context.Context, in benchPost) (benchResult, error) {
		return benchResult{in.ID, in.Body.Customer, len(in.Body.Items)}, nil
	}, binding.WithStatus(http.StatusCreated), binding.WithStrictJSON())
	b.Run("hand-written", func(b *testing.B) {
		benchmark(b, http.HandlerFunc(handPost), http.MethodPost, "dryRun=true&page=3", benchBody)
	})
	b.Run("typed", func(b *testing.B) { benchmark(b, typed, http.MethodPost, "dryRun=true&page=3", benchBody) })
}

func BenchmarkGet(b *testing.B) {
	typed := binding.NewHandler(func(_ context.Context, in benchGet) (benchResult, error) {
		return benchResult{in.ID, in.Sort, in.Page * in.Limit}, nil
	})
	b.Run("hand-written", func(b *testing.B) {
		benchmark(b, http.HandlerFunc(handGet), http.MethodGet, "page=3&limit=50&sort=age", "")
	})
	b.Run("typed", func(b *testing.B) { benchmark(b, typed, http.MethodGet, "page=3&limit=50&sort=age", "") })
}

func benchmark(b *testing.B, h http.Handler, method, query, body string) {
	b.Helper()
	r := &http.Request{
		Method: method, URL: &url.URL{Path: "/orders/7", RawQuery: query}, ContentLength: int64(len(body)),
		Header: http.Header{"X-Tenant": {"blue"}, "Content-Type": {"application/json"}},
	}
	r.SetPathValue("id", "7")
	reader := strings.NewReader(body)
	r.Body = io.NopCloser(reader)
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		reader.Reset(body)
		w.status = 200
		h.ServeHTTP(w, r)
		if w.status >= 300 {
			b.Fatal(w.status)
		}
	}
}

// BenchmarkRegister is one more route of an input type that is known already; its plan is shared.
func BenchmarkRegister(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		binding.NewHandler(func(context.Context, benchGet) (benchResult, error) { return benchResult{}, nil })
	}
}
