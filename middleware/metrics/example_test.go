package metrics_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/middleware/metrics"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
)

func Example() {
	var out bytes.Buffer
	r := router.New()
	r.Use(metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(&out))) // without WithOutput: standard output
	r.Get("/orders/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "coffee") })

	for _, path := range []string{"/orders/7", "/orders/8", "/teapot"} {
		r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, http.NoBody))
	}
	for line := range strings.Lines(out.String()) {
		_, line, _ = strings.Cut(line, `"service":`)
		dimensions, _, _ := strings.Cut(line, `,"Latency":`)
		fmt.Println(dimensions)
	}
	// Output:
	// "service_undefined","route":"/orders/{id}","method":"GET","status":200
	// "service_undefined","route":"/orders/{id}","method":"GET","status":200
	// "service_undefined","route":"unmatched","method":"GET","status":404
}

func ExampleNew() {
	var out bytes.Buffer // standard output, without the option
	r := chi.NewRouter()
	r.Use(metrics.New(metrics.WithNamespace("Shop"), metrics.WithService("orders"), metrics.WithOutput(&out)))
	r.Get("/orders/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "{}") })

	t := new(testing.T) // your test's own
	albtest.Do(t, r, httptest.NewRequest(http.MethodGet, "/orders/7", nil), albtest.SingleValue)

	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		fmt.Println(err)
	}
	fmt.Println(line["service"], line["route"], line["method"], line["Count"], line["4XXError"], line["5XXError"])
	// Output: orders /orders/{id} GET 1 0 0
}

func ExampleWithHealthChecks() {
	var out bytes.Buffer
	h := metrics.New(metrics.WithNamespace("Shop"), metrics.WithHealthChecks(true), metrics.WithOutput(&out))(http.NotFoundHandler())
	check := httptest.NewRequest(http.MethodGet, "/", nil) // as a target group sends it
	check.Host = ""
	check.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	h.ServeHTTP(httptest.NewRecorder(), check)
	fmt.Println(out.Len() > 0)
	// Output: true
}

func BenchmarkNew(b *testing.B) {
	r := chi.NewRouter()
	r.Use(metrics.New(metrics.WithNamespace("Shop"), metrics.WithOutput(io.Discard)))
	r.Get("/orders/{id}", func(http.ResponseWriter, *http.Request) {})
	plain := chi.NewRouter()
	plain.Get("/orders/{id}", func(http.ResponseWriter, *http.Request) {})
	for name, h := range map[string]http.Handler{"with": r, "without": plain} {
		b.Run(name, func(b *testing.B) {
			request := httptest.NewRequest(http.MethodGet, "/orders/7", nil)
			w := httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, request)
			}
		})
	}
}
