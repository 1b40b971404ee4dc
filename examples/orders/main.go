// Orders is a service of typed handlers: what a request may hold is said once, by the types of their inputs, and the OpenAPI
// document comes from the same types.
//
//	go run ./examples/orders
//	curl localhost:8080/orders --json '{"customer": "c-1", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}]}'
//	curl 'localhost:8080/orders?status=open&size=5'
//	curl localhost:8080/orders --json '{"customer": "", "items": [{"sku": "x", "quantity": 0}]}'
//	go run ./examples/orders -openapi > examples/orders/openapi.json
//
// The document is at /openapi.json, and a page to read it with at /docs. With READ_ONLY=true in the environment nothing can be
// changed.
package main

import (
	"flag"
	"log"
	"net/http"
	"os"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/openapi"
	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
)

func main() {
	writeDocument := flag.Bool("openapi", false, "write the OpenAPI document to standard output and end")
	flag.Parse()
	r := newRouter(newMemory(), middleware.NewLogger(), os.Getenv("READ_ONLY") == "true")
	if *writeDocument {
		if _, err := document(r).WriteTo(os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	router.Start(r)
}

func newRouter(s store, l *zap.Logger, readOnly bool) *chi.Mux {
	r := router.New()
	r.Use(middleware.Defaults(l)...)
	if readOnly {
		r.Use(maintenance)
	}
	r.Use(middleware.ETag)
	r.Method(http.MethodGet, "/openapi.json", document(r))
	r.Method(http.MethodGet, "/docs", openapi.UI("/openapi.json"))

	a := api{s}
	m := binding.With(r, binding.WithStrictJSON(), binding.WithErrorMap(
		binding.ErrorIs(errNoOrder, http.StatusNotFound, "There is no such order."),
		binding.ErrorIs(errNoReceipt, http.StatusNotFound, "The order has no receipt."),
		binding.ErrorIs(errChanged, http.StatusPreconditionFailed, "The order has changed since. Read it again."),
		binding.ErrorIs(errUnconditional, http.StatusPreconditionRequired, "Send the order's ETag as If-Match, so that no one's change is lost."),
	))
	binding.Handle(m, "GET /orders", a.list, doc("listOrders", "List orders, the newest first", 304))
	binding.Handle(m, "POST /orders", a.create, doc("createOrder", "Take an order"), binding.WithStatus(http.StatusCreated))
	binding.Handle(m, "GET /orders.csv", a.export, doc("exportOrders", "Export orders as CSV, the newest first", 304))
	binding.Handle(m, "GET /orders/{id}", a.read, doc("readOrder", "Read an order", 304, 404))
	binding.Handle(m, "PUT /orders/{id}", a.replace, doc("replaceOrder", "Change an order", 404, 412, 428))
	binding.Handle(m, "DELETE /orders/{id}", a.remove, doc("deleteOrder", "Delete an order and its receipt", 404, 412, 428))
	binding.Handle(m, "GET /orders/{id}/receipt", a.getReceipt, doc("readReceipt", "Download an order's receipt", 304, 404))
	binding.Handle(m, "PUT /orders/{id}/receipt", a.putReceipt, doc("putReceipt", "Upload an order's receipt", 404), binding.WithMaxBody(maxReceipt))
	return r
}

// doc describes an operation. The further statuses are those that the handler's types do not tell.
func doc(id, summary string, further ...int) binding.Option {
	responses := map[int]any{}
	for _, status := range further {
		responses[status] = nil // a problem
		if status < http.StatusBadRequest {
			responses[status] = struct{}{} // no body
		}
	}
	return binding.WithDoc(binding.Doc{ID: id, Summary: summary, Tags: []string{"orders"}, Responses: responses})
}

func document(r chi.Routes) *openapi.Document {
	return openapi.New(r, openapi.Info{Title: "Orders", Version: "1.0.0"})
}
