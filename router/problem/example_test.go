package problem_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"

	"github.com/albatross-go/albatross/router/problem"
)

func Example() {
	errNoRows := errors.New("sql: no rows in result set")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			problem.Write(w, r, problem.BadRequest("An order has a number."))
			return
		}
		if id != 7 {
			problem.Write(w, r, problem.Wrap(errNoRows, http.StatusNotFound, "There is no such order.")) // the cause is not sent
			return
		}
		fmt.Fprint(w, "coffee")
	})

	for _, path := range []string{"/orders/7", "/orders/8", "/orders/last"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		fmt.Println(w.Body)
	}
	// Output:
	// coffee
	// {"title":"Not Found","status":404,"detail":"There is no such order."}
	// {"title":"Bad Request","status":400,"detail":"An order has a number."}
}

// Middleware that logs reads the causes.
func ExampleWithObserver() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, errors.New("dial tcp 10.0.0.7:5432: connection refused"))
	})
	logged := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := problem.WithObserver(r.Context(), func(err error) { fmt.Println("log:   ", err) })
		h.ServeHTTP(w, r.WithContext(ctx))
	})

	w := httptest.NewRecorder()
	logged.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	fmt.Println("client:", w.Body)
	// Output:
	// log:    dial tcp 10.0.0.7:5432: connection refused
	// client: {"title":"Internal Server Error","status":500}
}

// A row that cannot be read after the response has begun is too late to be answered, and still should be known.
func ExampleObserve() {
	ctx := problem.WithObserver(context.Background(), func(err error) { fmt.Println("log:", err) })
	problem.Observe(ctx, errors.New("row 4711: unexpected EOF"))
	// Output: log: 500 Internal Server Error: row 4711: unexpected EOF
}

func ExampleFrom() {
	for _, err := range []error{
		fmt.Errorf("load order: %w", problem.NotFound("There is no order 7.")),
		fmt.Errorf("load order: %w", context.DeadlineExceeded),
		errors.New("load order: disk on fire"),
	} {
		d := problem.From(err)
		fmt.Println(d.Status, d.Detail)
	}
	// Output:
	// 404 There is no order 7.
	// 504 The request took too long.
	// 500
}

func ExampleTooManyRequests() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := problem.TooManyRequests("Ten orders a minute are enough.")
		d.Header = http.Header{"Retry-After": {strconv.Itoa(int((30 * time.Second).Seconds()))}}
		problem.Write(w, r, d)
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/orders", http.NoBody))
	fmt.Println(w.Code, w.Header().Get("Retry-After"))
	// Output: 429 30
}

func ExampleUnauthorized() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := problem.Unauthorized("Log in first.")
		d.Header = http.Header{"WWW-Authenticate": {`Bearer realm="orders"`}}
		problem.Write(w, r, d)
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/orders", http.NoBody))
	fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"))
	// Output: 401 Bearer realm="orders"
}

func ExampleUnprocessableEntity() {
	d := problem.UnprocessableEntity("The order has 2 faults.")
	d.Errors = []problem.FieldError{
		{Detail: "must be at least 1", Pointer: "/items/0/quantity"},
		{Detail: "is required", Parameter: "X-Tenant"},
	}
	text, _ := d.MarshalJSON()
	fmt.Println(string(text))
	// Output: {"title":"Unprocessable Entity","status":422,"detail":"The order has 2 faults.","errors":[{"detail":"must be at least 1","pointer":"/items/0/quantity"},{"detail":"is required","parameter":"X-Tenant"}]}
}
