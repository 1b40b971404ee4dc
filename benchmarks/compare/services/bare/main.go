// Bare is the service on aws-lambda-go and its event structs alone, as one writes it by hand: encoding/json, a switch for a router,
// and what a careful author knows of load balancers.
package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
)

func main() {
	lambda.Start(func(_ context.Context, event events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
		multi := event.MultiValueHeaders != nil
		return route(newRequest(event, multi)).event(multi), nil
	})
}

func route(r request) response {
	id, isItem := strings.CutPrefix(r.path, "/items/")
	switch {
	case r.path == "/items":
		return r.only(http.MethodPost, postItem)
	case isItem && id != "" && !strings.Contains(id, "/"):
		return r.only(http.MethodGet, getItem)
	case strings.HasPrefix(r.path, "/echo/"):
		return echo(r)
	case r.path == "/upload":
		return r.only(http.MethodPost, upload)
	case r.path == "/whatismyip":
		return r.only(http.MethodGet, func(r request) response { return text(r.clientIP()) })
	case r.path == "/binary":
		return r.only(http.MethodGet, binary)
	case r.path == "/large":
		return r.only(http.MethodGet, func(request) response { return text(content.Text(600_000)) })
	case r.path == "/huge":
		return r.only(http.MethodGet, func(request) response { return text(content.Text(2_000_000)) })
	case r.path == "/cookies":
		return r.only(http.MethodGet, cookies)
	case r.path == "/redirect":
		return r.only(http.MethodGet, redirect)
	case r.path == "/panic":
		panic("secret detail 4711")
	case r.path == "/health":
		return r.only(http.MethodGet, func(request) response { return text("ok") })
	}
	return failure(http.StatusNotFound, "not found")
}
