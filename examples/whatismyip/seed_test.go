package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// What befalls a function written by hand, after AWS's own whatismyip sample and K. Hakanson, "AWS ALB, Lambda Function
// Targets, and Multi-Value Headers" (2019), step by step: each answer leads to the next attempt. The program of this folder
// is right at once.
func TestSeedStory(t *testing.T) {
	const text, download, page = "text/plain;", "application/octet-stream", "text/html"
	plain := map[string]string{"Content-Type": text}
	tests := []struct {
		name        string
		function    lambda.Handler
		multiValue  bool
		status      int
		contentType string
		body        string // "" for the load balancer's own page
		reason      string
		explained   []string // in the error log
	}{
		{"first attempt", lambda.NewHandler(firstAttempt), false, 200, text, "8.8.8.8", "", nil}, // the forged address
		{"multi-value headers on", lambda.NewHandler(firstAttempt), true, 502, page, "", balancer.LambdaUnhandled, []string{"KeyError: 'headers'"}},
		{"request mended", lambda.NewHandler(requestMended), true, 200, download, "8.8.8.8", "", []string{"multiValueHeaders", download}}, // B11
		{"response mended", lambda.NewHandler(responseMended), true, 200, text, "8.8.8.8", "", nil},
		{"multi-value headers off again", lambda.NewHandler(responseMended), false, 502, page, "", balancer.LambdaUnhandled, []string{"KeyError: 'multiValueHeaders'"}},

		{"Go struct without headers", says(events.ALBTargetGroupResponse{StatusCode: 200, Body: "x"}), false, 502, page, "", balancer.LambdaInvalidResponse, []string{"headers is null"}},                 // B8
		{"Go struct without headers, multi", says(events.ALBTargetGroupResponse{StatusCode: 200, Body: "x"}), true, 502, page, "", balancer.LambdaInvalidResponse, []string{"multiValueHeaders is null"}}, // B10
		{"Go struct with headers", says(events.ALBTargetGroupResponse{StatusCode: 200, Body: "x", Headers: plain}), false, 200, text, "x", "", nil},                                                       // B9

		{"this program", alb.NewHandler(newHandler()), false, 200, "text/plain; charset=utf-8", "203.0.113.9\n", "", nil},
		{"this program, multi", alb.NewHandler(newHandler()), true, 200, "text/plain; charset=utf-8", "203.0.113.9\n", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var exchange balancer.Exchange
			var errorLog bytes.Buffer
			b := balancer.New(tt.function,
				balancer.WithMultiValueHeaders(tt.multiValue),
				balancer.WithErrorLog(log.New(io.MultiWriter(&errorLog, t.Output()), "", 0)),
				balancer.WithObserver(func(x balancer.Exchange) { exchange = x }))
			r := httptest.NewRequest(http.MethodGet, "/whatismyip", nil)
			r.RemoteAddr = "203.0.113.9:54321"
			r.Header.Set("X-Forwarded-For", "8.8.8.8")
			rec := httptest.NewRecorder()
			b.ServeHTTP(rec, r)

			if rec.Code != tt.status || rec.Header().Get("Content-Type") != tt.contentType {
				t.Errorf("%d %v", rec.Code, rec.Header())
			}
			if tt.body != "" && rec.Body.String() != tt.body {
				t.Errorf("body %q", rec.Body)
			}
			if exchange.Reason != tt.reason {
				t.Errorf("reason %q, want %q", exchange.Reason, tt.reason)
			}
			for _, word := range tt.explained {
				if !strings.Contains(errorLog.String(), word) {
					t.Errorf("%q is not in the error log", word)
				}
			}
		})
	}
}

// object is a JSON object as a dynamic language sees it.
type object = map[string]any

// firstAttempt is written for a target group as it comes.
func firstAttempt(_ context.Context, event object) (object, error) {
	headers, ok := event["headers"].(object)
	if !ok {
		return nil, errors.New("KeyError: 'headers'")
	}
	list, _ := headers["x-forwarded-for"].(string)
	address, _, _ := strings.Cut(list, ",")
	return object{"statusCode": 200, "headers": object{"Content-Type": "text/plain;"}, "isBase64Encoded": false, "body": address}, nil
}

// requestMended looks for the headers where they are now, and answers as before.
func requestMended(_ context.Context, event object) (object, error) {
	headers, ok := event["multiValueHeaders"].(object)
	if !ok {
		return nil, errors.New("KeyError: 'multiValueHeaders'")
	}
	lines, ok := headers["x-forwarded-for"].([]any)
	if !ok || len(lines) == 0 {
		return nil, errors.New("KeyError: 'x-forwarded-for'")
	}
	list, _ := lines[0].(string)
	address, _, _ := strings.Cut(list, ",")
	return object{"statusCode": 200, "headers": object{"Content-Type": "text/plain;"}, "isBase64Encoded": false, "body": address}, nil
}

// responseMended answers as it was asked, and is bound to multi-value headers for ever.
func responseMended(ctx context.Context, event object) (object, error) {
	response, err := requestMended(ctx, event)
	if err != nil {
		return nil, err
	}
	delete(response, "headers")
	response["multiValueHeaders"] = object{"Content-Type": []string{"text/plain;"}}
	return response, nil
}

func says(response events.ALBTargetGroupResponse) lambda.Handler {
	return lambda.NewHandler(func() (events.ALBTargetGroupResponse, error) { return response, nil })
}
