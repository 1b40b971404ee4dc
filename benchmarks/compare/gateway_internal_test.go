package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"
)

// A recorder is a function that keeps its event and gives a fixed answer.
type recorder struct {
	event  events.APIGatewayProxyRequest
	answer string
}

func (r *recorder) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	return []byte(r.answer), json.Unmarshal(payload, &r.event)
}

func TestGatewayEvent(t *testing.T) {
	r := &recorder{answer: `{"statusCode":201,"headers":{"A":"1","B":"2"},"multiValueHeaders":{"A":["1","3"]},
		"body":"eA==","isBase64Encoded":true}`}
	payload, err := gateway{r}.Invoke(t.Context(), []byte(`{"httpMethod":"GET","path":"/items/a%2Fb",
		"multiValueQueryStringParameters":{"k%20":["1","a+b"],"bad":["100%"]},
		"multiValueHeaders":{"host":["h"],"x-forwarded-for":["203.0.113.9, 127.0.0.1"]},"body":"x","isBase64Encoded":false}`))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]any{
		"resource":   r.event.Resource,
		"path":       r.event.Path,
		"parameters": r.event.PathParameters,
		"query":      r.event.MultiValueQueryStringParameters,
		"last":       r.event.QueryStringParameters,
		"host":       r.event.Headers["Host"],
		"client":     r.event.RequestContext.Identity.SourceIP,
		"routed":     r.event.RequestContext.ResourcePath,
		"method":     r.event.RequestContext.HTTPMethod,
		"body":       r.event.Body,
	}
	want := map[string]any{
		"resource":   "/items/{id}",
		"path":       "/items/a%2Fb",
		"parameters": map[string]string{"id": "a/b"},
		"query":      map[string][]string{"k ": {"1", "a b"}, "bad": {"100%"}},
		"last":       map[string]string{"k ": "a b", "bad": "100%"},
		"host":       "h",
		"client":     "127.0.0.1",
		"routed":     "/items/{id}",
		"method":     "GET",
		"body":       "x",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	var response events.ALBTargetGroupResponse
	if err := json.Unmarshal(payload, &response); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(events.ALBTargetGroupResponse{
		StatusCode: 201, StatusDescription: "201 Created", Headers: map[string]string{},
		MultiValueHeaders: map[string][]string{"A": {"1", "3"}, "B": {"2"}}, Body: "eA==", IsBase64Encoded: true,
	}, response); diff != "" {
		t.Error(diff)
	}
}

func TestGatewayRefuses(t *testing.T) {
	for _, path := range []string{"/nowhere", "/items/", "/items/1/2", "/"} {
		payload, err := gateway{nil}.Invoke(t.Context(), []byte(`{"httpMethod":"GET","path":"`+path+`","multiValueHeaders":{}}`))
		var response events.ALBTargetGroupResponse
		if err != nil || json.Unmarshal(payload, &response) != nil || response.StatusCode != 403 {
			t.Errorf("%s: %s, %v", path, payload, err)
		}
	}
}
