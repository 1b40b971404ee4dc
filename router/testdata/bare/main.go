// Bare is hello without Albatross: aws-lambda-go, chi, and the conversion as one writes it by hand with the events package and a
// response recorder.
package main

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/go-chi/chi/v5"
)

func main() {
	r := chi.NewRouter()
	r.Get("/hello", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "hello")
	})
	lambda.Start(func(ctx context.Context, event events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
		query := url.Values{}
		for key, value := range event.QueryStringParameters {
			query.Set(key, value)
		}
		body := event.Body
		if event.IsBase64Encoded {
			decoded, err := base64.StdEncoding.DecodeString(event.Body)
			if err != nil {
				return events.ALBTargetGroupResponse{}, err
			}
			body = string(decoded)
		}
		req, err := http.NewRequestWithContext(ctx, event.HTTPMethod, event.Path+"?"+query.Encode(), strings.NewReader(body))
		if err != nil {
			return events.ALBTargetGroupResponse{}, err
		}
		for name, value := range event.Headers {
			req.Header.Set(name, value)
		}
		recorder := httptest.NewRecorder()
		r.ServeHTTP(recorder, req)
		header := map[string]string{}
		for name, values := range recorder.Header() {
			header[name] = strings.Join(values, ", ")
		}
		return events.ALBTargetGroupResponse{StatusCode: recorder.Code, Headers: header, Body: recorder.Body.String()}, nil
	})
}
