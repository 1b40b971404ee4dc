// Chi is hello on aws-lambda-go and chi, with as little between them as will do: what every router on Lambda links at least.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-chi/chi/v5"
)

type writer struct {
	bytes.Buffer
	header http.Header
	status int
}

func (w *writer) Header() http.Header    { return w.header }
func (w *writer) WriteHeader(status int) { w.status = status }

func main() {
	r := chi.NewRouter()
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "hello")
	})
	lambda.Start(func(ctx context.Context, event events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
		req, err := http.NewRequestWithContext(ctx, event.HTTPMethod, event.Path, http.NoBody)
		if err != nil {
			return events.ALBTargetGroupResponse{}, err
		}
		w := &writer{header: make(http.Header), status: http.StatusOK}
		r.ServeHTTP(w, req)
		return events.ALBTargetGroupResponse{
			StatusCode:        w.status,
			StatusDescription: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
			MultiValueHeaders: w.header,
			Body:              w.String(),
		}, nil
	})
}
