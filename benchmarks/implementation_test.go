package benchmarks_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"unicode/utf8"

	"github.com/akrylysov/algnhsa"
	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/albatross-go/albatross/router/alb"
)

// An implementation puts an http.Handler behind a load balancer.
type implementation struct {
	name string
	new  func(http.Handler) lambda.Handler

	// What it cannot do, and why. Tests expect it to fail there, so that a mended peer is noticed.
	refusesSingle      string // it takes no single-value events
	losesHeadersSingle string // in single-value mode the client gets no response headers
}

var implementations = []implementation{
	{name: "albatross", new: func(h http.Handler) lambda.Handler { return alb.NewHandler(h) }},
	{
		name: "api-proxy",
		// NewHandler is what lambda.Start does with such a function: encoding/json on both sides.
		new:                func(h http.Handler) lambda.Handler { return lambda.NewHandler(httpadapter.NewALB(h).ProxyWithContext) },
		losesHeadersSingle: "it answers every event with multiValueHeaders, which the load balancer ignores in single-value mode",
	},
	{
		name: "algnhsa",
		new: func(h http.Handler) lambda.Handler {
			return algnhsa.New(h, &algnhsa.Options{
				RequestType:        algnhsa.RequestTypeALB, // the default decodes each event up to three times
				BinaryContentTypes: []string{binary, csv},  // without them it corrupts what is not UTF-8
			})
		},
		refusesSingle: "it returns an error for events without multiValueHeaders",
	},
	{name: "stdlib", new: func(h http.Handler) lambda.Handler { return byHand{h} }},
}

// byHand is the adapter that a user writes with the standard library and the types of aws-lambda-go in an afternoon: correct on
// the cases here, with no thought for speed.
type byHand struct{ http.Handler }

func (b byHand) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.ALBTargetGroupRequest
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	multi := event.MultiValueHeaders != nil
	body := []byte(event.Body)
	if event.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
			return nil, err
		}
	}

	r, err := http.NewRequestWithContext(ctx, event.HTTPMethod, event.Path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var query []string
	for key, value := range event.QueryStringParameters {
		query = append(query, key+"="+value)
	}
	for key, values := range event.MultiValueQueryStringParameters {
		for _, value := range values {
			query = append(query, key+"="+value)
		}
	}
	r.URL.RawQuery = strings.Join(query, "&")
	r.RequestURI = r.URL.RequestURI()
	for name, value := range event.Headers {
		r.Header.Add(name, value)
	}
	for name, values := range event.MultiValueHeaders {
		for _, value := range values {
			r.Header.Add(name, value)
		}
	}
	r.Host = r.Header.Get("Host")

	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)

	response := struct {
		StatusCode        int                 `json:"statusCode"`
		StatusDescription string              `json:"statusDescription"`
		Headers           map[string]string   `json:"headers,omitempty"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitempty"`
		Body              string              `json:"body"`
		IsBase64Encoded   bool                `json:"isBase64Encoded"`
	}{
		StatusCode:        w.Code,
		StatusDescription: fmt.Sprintf("%d %s", w.Code, http.StatusText(w.Code)),
	}
	if multi {
		response.MultiValueHeaders = w.Header()
	} else {
		response.Headers = make(map[string]string)
		for name, values := range w.Header() {
			response.Headers[name] = strings.Join(values, ", ")
		}
	}
	if utf8.Valid(w.Body.Bytes()) && w.Header().Get("Content-Encoding") == "" {
		response.Body = w.Body.String()
	} else {
		response.Body = base64.StdEncoding.EncodeToString(w.Body.Bytes())
		response.IsBase64Encoded = true
	}
	return json.Marshal(response)
}
