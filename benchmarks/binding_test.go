package benchmarks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

// The two endpoints: an order with its lines, and a page of a list. The tags are read by Albatross and by huma alike.
type (
	saleLine struct {
		SKU      string  `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]{1,8}$"`
		Quantity int     `json:"quantity" required:"true" minimum:"1" maximum:"1000"`
		Price    float64 `json:"price" required:"true" exclusiveMinimum:"0"`
	}
	sale struct {
		Customer string     `json:"customer" required:"true" minLength:"1" maxLength:"80"`
		Status   string     `json:"status" required:"true" enum:"open,paid"`
		Due      time.Time  `json:"due" required:"true"`
		Note     string     `json:"note,omitempty" maxLength:"400"`
		Lines    []saleLine `json:"lines" required:"true" minItems:"1" maxItems:"50"`
	}
	salePost struct {
		ID     int    `path:"id" minimum:"1"`
		DryRun bool   `query:"dryRun"`
		Tenant string `header:"X-Tenant" required:"true" maxLength:"40"`
		Body   sale
	}
	saleGet struct {
		ID    int    `path:"id" minimum:"1"`
		Page  int    `query:"page" minimum:"1" default:"1"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
		Sort  string `query:"sort" enum:"name,age" default:"name"`
	}
	saleResult struct {
		ID     int    `json:"id"`
		Name   string `json:"name"`
		Total  int    `json:"total"`
		DryRun bool   `json:"dryRun"`
	}
)

func (in *salePost) result() saleResult {
	return saleResult{in.ID, in.Body.Customer, len(in.Body.Lines), in.DryRun}
}

func (in *saleGet) result() saleResult {
	return saleResult{in.ID, in.Sort, (in.Page - 1) * in.Limit, false}
}

// binders put the same two endpoints on a router.
var binders = []struct {
	name     string
	register func(r chi.Router, prefix string)
}{
	{"albatross", albatrossBinding},
	{"handwritten", handwrittenBinding},
	{"huma", func(r chi.Router, prefix string) { humaBinding(newHuma(r), prefix) }},
}

func albatrossBinding(r chi.Router, prefix string) {
	binding.Handle(r, "POST "+prefix+"/sales/{id}",
		func(_ context.Context, in salePost) (saleResult, error) { return in.result(), nil },
		binding.WithStatus(http.StatusCreated), binding.WithStrictJSON()) // huma refuses unknown members unless told otherwise
	binding.Handle(r, "GET "+prefix+"/sales/{id}",
		func(_ context.Context, in saleGet) (saleResult, error) { return in.result(), nil })
}

// newHuma is huma as its documentation recommends it, but for the hook that adds a $schema member and a Link field to each
// response: the others answer without them, and they cost huma time.
func newHuma(r chi.Router) huma.API {
	config := huma.DefaultConfig("Sales", "1.0.0")
	config.CreateHooks = nil
	return humachi.New(r, config)
}

type humaOutput struct{ Body saleResult }

func humaBinding(api huma.API, prefix string) {
	post := huma.Operation{OperationID: prefix + "post", Method: http.MethodPost, Path: prefix + "/sales/{id}", DefaultStatus: http.StatusCreated}
	huma.Register(api, post, func(_ context.Context, in *salePost) (*humaOutput, error) { return &humaOutput{in.result()}, nil })
	get := huma.Operation{OperationID: prefix + "get", Method: http.MethodGet, Path: prefix + "/sales/{id}"}
	huma.Register(api, get, func(_ context.Context, in *saleGet) (*humaOutput, error) { return &humaOutput{in.result()}, nil })
}

// handwrittenBinding is what a careful person writes: every check that the tags ask for, all faults in one answer.
func handwrittenBinding(r chi.Router, prefix string) {
	r.Post(prefix+"/sales/{id}", handwrittenPost)
	r.Get(prefix+"/sales/{id}", handwrittenGet)
}

type handwrittenFaults []problem.FieldError

func (f *handwrittenFaults) parameter(ok bool, name, detail string) {
	if !ok {
		*f = append(*f, problem.FieldError{Detail: detail, Parameter: name})
	}
}

func (f *handwrittenFaults) member(ok bool, pointer, detail string) {
	if !ok {
		*f = append(*f, problem.FieldError{Detail: detail, Pointer: pointer})
	}
}

func (f *handwrittenFaults) integer(text, name string, value, least, most int) int {
	if text != "" {
		var err error
		value, err = strconv.Atoi(text)
		f.parameter(err == nil, name, "must be an integer")
	}
	f.parameter(value >= least && value <= most, name, "is out of its range")
	return value
}

func (f *handwrittenFaults) write(w http.ResponseWriter, r *http.Request) {
	p := problem.UnprocessableEntity("The request has faults.")
	p.Errors = *f
	problem.Write(w, r, p)
}

var handwrittenSKU = regexp.MustCompile("^[A-Z]{2}-[0-9]{1,8}$")

func handwrittenPost(w http.ResponseWriter, r *http.Request) {
	var faults handwrittenFaults
	var in salePost
	in.ID = faults.integer(chi.URLParam(r, "id"), "id", 0, 1, 1<<53)
	if text := r.URL.Query().Get("dryRun"); text != "" {
		var err error
		in.DryRun, err = strconv.ParseBool(text)
		faults.parameter(err == nil, "dryRun", "must be true or false")
	}
	in.Tenant = r.Header.Get("X-Tenant")
	faults.parameter(in.Tenant != "" && utf8.RuneCountInString(in.Tenant) <= 40, "X-Tenant", "must have 1 to 40 characters")

	if mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); mediaType != "application/json" {
		problem.Write(w, r, problem.New(http.StatusUnsupportedMediaType, "Send JSON."))
		return
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(&in.Body); err != nil {
		problem.Write(w, r, problem.BadRequest("The body cannot be read."))
		return
	}
	if _, err := d.Token(); err != io.EOF {
		problem.Write(w, r, problem.BadRequest("There is something after the body."))
		return
	}
	o := &in.Body
	n := utf8.RuneCountInString(o.Customer)
	faults.member(n >= 1 && n <= 80, "/customer", "must have 1 to 80 characters")
	faults.member(o.Status == "open" || o.Status == "paid", "/status", "must be open or paid")
	faults.member(!o.Due.IsZero(), "/due", "is required")
	faults.member(utf8.RuneCountInString(o.Note) <= 400, "/note", "must have at most 400 characters")
	faults.member(len(o.Lines) >= 1 && len(o.Lines) <= 50, "/lines", "must have 1 to 50 items")
	for i := range o.Lines {
		line := &o.Lines[i]
		if !handwrittenSKU.MatchString(line.SKU) {
			faults.member(false, fmt.Sprintf("/lines/%d/sku", i), "must be two letters, a dash and a number")
		}
		if line.Quantity < 1 || line.Quantity > 1000 {
			faults.member(false, fmt.Sprintf("/lines/%d/quantity", i), "must be 1 to 1000")
		}
		if line.Price <= 0 {
			faults.member(false, fmt.Sprintf("/lines/%d/price", i), "must be more than 0")
		}
	}
	if faults != nil {
		faults.write(w, r)
		return
	}
	handwrittenAnswer(w, http.StatusCreated, in.result())
}

func handwrittenGet(w http.ResponseWriter, r *http.Request) {
	var faults handwrittenFaults
	query := r.URL.Query()
	in := saleGet{
		ID:    faults.integer(chi.URLParam(r, "id"), "id", 0, 1, 1<<53),
		Page:  faults.integer(query.Get("page"), "page", 1, 1, 1<<53),
		Limit: faults.integer(query.Get("limit"), "limit", 20, 1, 100),
		Sort:  query.Get("sort"),
	}
	if in.Sort == "" {
		in.Sort = "name"
	}
	faults.parameter(in.Sort == "name" || in.Sort == "age", "sort", "must be name or age")
	if faults != nil {
		faults.write(w, r)
		return
	}
	handwrittenAnswer(w, http.StatusOK, in.result())
}

func handwrittenAnswer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // the client is gone
}

const saleBody = `{"customer":"Ada Lovelace","status":"open","due":"2026-07-01T12:00:00Z",` +
	`"note":"Leave it with the porter if nobody opens the door, but not before noon, and ring twice, for the bell is old and the house is large.","lines":[` +
	`{"sku":"AB-1001","quantity":2,"price":12.5},{"sku":"AB-1002","quantity":1,"price":99.95},{"sku":"CD-2001","quantity":12,"price":0.99},` +
	`{"sku":"CD-2002","quantity":3,"price":7.25},{"sku":"EF-3001","quantity":1,"price":1299},{"sku":"EF-3002","quantity":40,"price":15}]}`

const (
	salePath = "/sales/7?dryRun=true"
	pagePath = "/sales/7?page=3&limit=50&sort=age"
)

func newSale(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Tenant", "blue")
	return r
}

// TestBinding sees to it that nobody is fast by being wrong: one answer to each valid request, and no invalid one taken.
func TestBinding(t *testing.T) {
	change := func(from, to string) string { return strings.Replace(saleBody, from, to, 1) }
	tests := []struct {
		name, method, target, body string
		status                     int
		want                       string // of a success
	}{
		{"post", http.MethodPost, salePath, saleBody, 201, `{"id":7,"name":"Ada Lovelace","total":6,"dryRun":true}`},
		{"get", http.MethodGet, pagePath, "", 200, `{"id":7,"name":"age","total":100,"dryRun":false}`},
		{"defaults", http.MethodGet, "/sales/7", "", 200, `{"id":7,"name":"name","total":0,"dryRun":false}`},
		{"no HTML escapes", http.MethodPost, salePath, change("Ada", "A&O"), 201, `{"id":7,"name":"A&O Lovelace","total":6,"dryRun":true}`},
		{"path", http.MethodGet, "/sales/0", "", 422, ""},
		{"query", http.MethodGet, "/sales/7?limit=101", "", 422, ""},
		{"query enum", http.MethodGet, "/sales/7?sort=size", "", 422, ""},
		{"length", http.MethodPost, salePath, change("Ada Lovelace", ""), 422, ""},
		{"enum", http.MethodPost, salePath, change("open", "sent"), 422, ""},
		{"pattern", http.MethodPost, salePath, change("AB-1001", "ab-1001"), 422, ""},
		{"minimum", http.MethodPost, salePath, change(`"quantity":2`, `"quantity":0`), 422, ""},
		{"exclusive minimum", http.MethodPost, salePath, change("12.5", "0"), 422, ""},
		{"required", http.MethodPost, salePath, change(`"sku":"AB-1001",`, ""), 422, ""},
		{"items", http.MethodPost, salePath, saleBody[:strings.Index(saleBody, "[")] + "[]}", 422, ""},
	}
	for _, tt := range tests {
		for _, each := range binders {
			t.Run(tt.name+"/"+each.name, func(t *testing.T) {
				r := chi.NewMux()
				each.register(r, "")
				w := httptest.NewRecorder()
				r.ServeHTTP(w, newSale(tt.method, tt.target, tt.body))
				wantType := "application/json"
				if tt.status == 422 {
					wantType = "application/problem+json"
				}
				if w.Code != tt.status || w.Header().Get("Content-Type") != wantType {
					t.Errorf("%d %s, want %d %s", w.Code, w.Header().Get("Content-Type"), tt.status, wantType)
				}
				if body := strings.TrimSuffix(w.Body.String(), "\n"); tt.want != "" && body != tt.want {
					t.Errorf("%s\nwant %s", body, tt.want)
				}
			})
		}
	}
	if n := len(saleBody); n < 450 || n > 550 {
		t.Errorf("the body has %d bytes, want about 500", n)
	}
}

// saleWriter keeps nothing but the status: a recorder would cost more than what is measured.
type saleWriter struct {
	header http.Header
	status int
}

func (w *saleWriter) Header() http.Header         { return w.header }
func (w *saleWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *saleWriter) WriteHeader(status int)      { w.status = status }

// BenchmarkBinding is Binding/<endpoint>/<implementation>: from the router to the last byte of the response.
func BenchmarkBinding(b *testing.B) {
	endpoints := []struct {
		name, method, target, body string
		status                     int
	}{
		{"post", http.MethodPost, salePath, saleBody, 201},
		{"get", http.MethodGet, pagePath, "", 200},
	}
	for _, e := range endpoints {
		for _, each := range binders {
			b.Run(e.name+"/"+each.name, func(b *testing.B) {
				mux := chi.NewMux()
				each.register(mux, "")
				r := newSale(e.method, e.target, e.body)
				body := strings.NewReader("")
				r.Body = io.NopCloser(body)
				w := &saleWriter{header: http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					body.Reset(e.body)
					clear(w.header)
					w.status = http.StatusOK
					mux.ServeHTTP(w, r)
					if w.status != e.status {
						b.Fatal(w.status)
					}
				}
			})
		}
	}
}

// BenchmarkRegistration registers the two endpoints 50 times on a new router, as a service of 100 routes does at its start. The
// types are compiled once: huma does so for each API, Albatross once in a process.
func BenchmarkRegistration(b *testing.B) {
	var prefixes []string
	for i := range 50 {
		prefixes = append(prefixes, "/"+strconv.Itoa(i))
	}
	b.Run("albatross", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r := chi.NewMux()
			for _, prefix := range prefixes {
				albatrossBinding(r, prefix)
			}
		}
	})
	b.Run("huma", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			api := newHuma(chi.NewMux())
			for _, prefix := range prefixes {
				humaBinding(api, prefix)
			}
		}
	})
}
