package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/binding/openapi"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

// service is the whole of the program, with a store of its own.
type service struct {
	*chi.Mux

	mode albtest.Mode
}

// inBothModes runs a test against new services.
func inBothModes(t *testing.T, test func(t *testing.T, s service)) {
	t.Helper()
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) { test(t, newService(mode, false)) })
	}
}

func newService(mode albtest.Mode, readOnly bool) service {
	return service{newRouter(newMemory(), zap.NewNop(), readOnly), mode}
}

// do sends a request through the load balancer. The header's names and values follow each other.
func (s service) do(t *testing.T, method, target, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	res := albtest.Do(t, s, r, s.mode)
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(content)
}

const asJSON = "application/json"

// create takes an order of one item for a customer.
func (s service) create(t *testing.T, customer string) Order {
	t.Helper()
	body, err := json.Marshal(NewOrder{Customer: customer, Items: []Item{{SKU: "AB-1", Quantity: 2, Cents: 995}}})
	if err != nil {
		t.Fatal(err)
	}
	res, answer := s.do(t, "POST", "/orders", string(body), "Content-Type", asJSON)
	wantStatus(t, res, answer, http.StatusCreated)
	return decode[Order](t, answer)
}

func decode[T any](t *testing.T, body string) T {
	t.Helper()
	var v T
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

func wantStatus(t *testing.T, res *http.Response, body string, want int) {
	t.Helper()
	if res.StatusCode != want {
		t.Fatalf("status %d, want %d: %s", res.StatusCode, want, body)
	}
}

// wantProblem wants problem details with that detail, and with those faults: each a pointer or a parameter, a space and what is wrong.
func wantProblem(t *testing.T, res *http.Response, body string, status int, detail string, faults ...string) {
	t.Helper()
	wantStatus(t, res, body, status)
	if got := res.Header.Get("Content-Type"); got != problem.ContentType {
		t.Errorf("Content-Type: %s", got)
	}
	p := decode[problem.Details](t, body)
	if p.Status != status || p.Title != http.StatusText(status) || p.Detail != detail {
		t.Errorf("problem %s", body)
	}
	var got []string
	for _, e := range p.Errors {
		got = append(got, e.Pointer+e.Parameter+" "+e.Detail)
	}
	if strings.Join(got, "\n") != strings.Join(faults, "\n") {
		t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(faults, "\n"))
	}
}

// The committed document is what clients are generated from.
func TestOpenAPI(t *testing.T) {
	openapi.Check(t, document(newRouter(newMemory(), zap.NewNop(), false)), "openapi.json")
}

func TestServedDocument(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		res, body := s.do(t, "GET", "/openapi.json", "")
		wantStatus(t, res, body, http.StatusOK)
		d := decode[struct {
			OpenAPI string
			Paths   map[string]any
		}](t, body)
		if d.OpenAPI != "3.1.0" || len(d.Paths) != 4 || res.Header.Get("Content-Type") != asJSON {
			t.Errorf("OpenAPI %s of %d paths as %s", d.OpenAPI, len(d.Paths), res.Header.Get("Content-Type"))
		}
		res, body = s.do(t, "GET", "/docs", "")
		wantStatus(t, res, body, http.StatusOK)
		if !strings.Contains(body, "/openapi.json") || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%v %s", res.Header, body)
		}
	})
}

func TestNoRoute(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		res, body := s.do(t, "GET", "/customers", "")
		wantProblem(t, res, body, http.StatusNotFound, "There is nothing at this path.")
		res, body = s.do(t, "PATCH", "/orders/1", "")
		wantProblem(t, res, body, http.StatusMethodNotAllowed, "This path does not answer to that method.")
		if got := res.Header.Get("Allow"); got != "DELETE, GET, HEAD, PUT" {
			t.Errorf("Allow: %s", got)
		}
	})
}

func TestMaintenance(t *testing.T) {
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		s := newService(mode, true)
		for _, method := range []string{"GET", "HEAD"} {
			res, body := s.do(t, method, "/orders", "")
			wantStatus(t, res, body, http.StatusOK)
		}
		for _, method := range []string{"POST", "PUT", "DELETE"} {
			res, body := s.do(t, method, "/orders", "")
			wantProblem(t, res, body, http.StatusServiceUnavailable, "The service takes no changes for the moment.")
			if res.Header.Get("Retry-After") != "600" {
				t.Errorf("%v", res.Header)
			}
		}
	}
}
