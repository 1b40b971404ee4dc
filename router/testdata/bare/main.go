// Bare is what a function behind a load balancer links at least: aws-lambda-go, chi, encoding/json.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-chi/chi/v5"
)

type writer struct {
	bytes.Buffer
	header http.Header
}

func (w *writer) Header() http.Header { return w.header }
func (w *writer) WriteHeader(int)     {}

type function struct{ http.Handler }

func (f function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event struct{ HTTPMethod, Path string }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, event.HTTPMethod, event.Path, http.NoBody)
	if err != nil {
		return nil, err
	}
	w := &writer{header: http.Header{}}
	f.ServeHTTP(w, r)
	return json.Marshal(map[string]any{"statusCode": http.StatusOK, "body": w.String()})
}

func main() {
	r := chi.NewRouter()
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	lambda.Start(function{r})
}
