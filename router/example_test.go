package router_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

func ExampleNew() {
	r := router.New()
	r.Get("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "order %s", chi.URLParam(r, "id"))
	})

	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		rec := httptest.NewRecorder()
		r.ServeHTTP(rec, httptest.NewRequest(method, "/orders/7", nil))
		fmt.Println(rec.Code, rec.Header().Get("Allow"), rec.Body)
	}
	// Output:
	// 200  order 7
	// 405 GET, HEAD {"title":"Method Not Allowed","status":405,"detail":"This path does not answer to that method."}
}

func ExampleFunc() {
	r := router.New()
	r.Get("/orders/{id}", router.Func(func(_ http.ResponseWriter, r *http.Request) error {
		return problem.NotFound("There is no order " + chi.URLParam(r, "id") + ".")
	}))

	rec := httptest.NewRecorder()
	r.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/orders/7", nil))
	fmt.Println(rec.Code, rec.Body)
	// Output:
	// 404 {"title":"Not Found","status":404,"detail":"There is no order 7."}
}

// It has no output: Start serves until the process is told to end, on Lambda or, on a laptop, through a local load balancer on :8080.
func ExampleStart() {
	r := router.New()
	r.Get("/whatismyip", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, r.RemoteAddr)
	})
	router.Start(r)
}

// It has no output: it serves. Errors that clients must not see go to a log of your own.
func ExampleWithHandlerOptions() {
	logger := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	router.Start(router.New(), router.WithHandlerOptions(
		alb.WithErrorLog(func(ctx context.Context, err error) { logger.ErrorContext(ctx, err.Error()) }),
	))
}

// It has no output: it serves. The local target group has multi-value headers on, whatever the environment says, and every
// invocation ends after three seconds, as the function's timeout will have it.
func ExampleWithBalancerOptions() {
	router.Start(router.New(), router.WithBalancerOptions(
		balancer.WithMultiValueHeaders(true),
		balancer.WithFunctionTimeout(3*time.Second),
	))
}

// It has no output: it serves. Lambda tells the function when its execution environment ends, and waits half a second.
func ExampleWithLambdaOptions() {
	router.Start(router.New(), router.WithLambdaOptions(lambda.WithEnableSIGTERM(func() { log.Print("shutting down") })))
}

// It has no output: it serves. Off Lambda the address wins over PORT.
func ExampleWithAddr() {
	router.Start(router.New(), router.WithAddr("localhost:3000"))
}
