package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

// service is the whole of the program, on a database of its own.
type service struct {
	http.Handler

	store *store
	mode  albtest.Mode
}

// inEachDatabase runs a test against new services, on SQLite and PostgreSQL, in both header modes.
func inEachDatabase(t *testing.T, test func(t *testing.T, s service)) {
	t.Helper()
	databases := []struct {
		name string
		open func(t *testing.T) *store
	}{
		{"sqlite", func(t *testing.T) *store { return newSQLite(t, filepath.Join(t.TempDir(), "o?r%d#.db")) }},
		{"postgres", func(t *testing.T) *store { return newPostgres(t, schema(t)) }},
	}
	for _, database := range databases {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(database.name+"/"+mode.String(), func(t *testing.T) { test(t, newService(database.open(t), mode)) })
		}
	}
}

func newService(s *store, mode albtest.Mode) service {
	return service{newRouter(s, zap.NewNop()), s, mode}
}

// do sends a request through the load balancer. The header's names and values follow each other.
func (s service) do(t *testing.T, method, target, body string, header ...string) (*http.Response, string) {
	t.Helper()
	return received(t, albtest.Do(t, s, request(method, target, body, header...), s.mode))
}

// doWithin is do for a function with a timeout, after which the load balancer answers 502.
func (s service) doWithin(t *testing.T, timeout time.Duration, method, target, body string, header ...string) (*http.Response, string) {
	t.Helper()
	srv := albtest.NewServer(s, balancer.WithFunctionTimeout(timeout), balancer.WithMultiValueHeaders(s.mode == albtest.MultiValue))
	defer srv.Close()
	res, err := srv.Client().Transport.RoundTrip(request(method, srv.URL+target, body, header...))
	if err != nil {
		t.Fatal(err)
	}
	return received(t, res)
}

func request(method, target, body string, header ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return r
}

func received(t *testing.T, res *http.Response) (*http.Response, string) {
	t.Helper()
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(content)
}

// create takes an order of one item for a customer.
func (s service) create(t *testing.T, customer string) Order {
	t.Helper()
	body, err := json.Marshal(NewOrder{Customer: customer, Items: []Item{{SKU: "AB-1", Quantity: 2, Cents: 995}}})
	if err != nil {
		t.Fatal(err)
	}
	res, answer := s.do(t, "POST", "/orders", string(body))
	wantStatus(t, res, answer, http.StatusCreated)
	return decode[Order](t, answer)
}

const paid = `{"status": "paid", "items": [{"sku": "CD-2", "quantity": 3, "cents": 100}], "note": "Thanks."}`

func at(o Order) string { return "/orders/" + o.ID.String() }

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

// wantProblem wants problem details with that detail and nothing else: none of the database's words.
func wantProblem(t *testing.T, res *http.Response, body string, status int, detail string) {
	t.Helper()
	wantStatus(t, res, body, status)
	want, err := json.Marshal(problem.New(status, detail))
	if err != nil {
		t.Fatal(err)
	}
	if strings.TrimSpace(body) != string(want) || res.Header.Get("Content-Type") != problem.ContentType {
		t.Errorf("%s %s\nwant %s", res.Header.Get("Content-Type"), body, want)
	}
}
