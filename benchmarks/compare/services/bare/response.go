package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// A response is what a handler answers, in no header mode yet.
type response struct {
	status int
	header http.Header
	body   []byte
}

func newResponse(status int, contentType string, body []byte) response {
	return response{status, http.Header{"Content-Type": {contentType}}, body}
}

func text(body string) response {
	return newResponse(http.StatusOK, "text/plain; charset=utf-8", []byte(body))
}

func document(status int, value any) response {
	body, err := json.Marshal(value)
	if err != nil {
		return failure(http.StatusInternalServerError, "internal error")
	}
	return newResponse(status, "application/json", body)
}

func failure(status int, detail string) response {
	return document(status, map[string]string{"error": detail})
}

// event is the response in the header mode of its request. The struct of aws-lambda-go marshals a nil map as null, so each mode
// fills its own and leaves the other empty.
func (r response) event(multi bool) events.ALBTargetGroupResponse {
	e := events.ALBTargetGroupResponse{
		StatusCode:        r.status,
		StatusDescription: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)),
		Headers:           map[string]string{},
		MultiValueHeaders: map[string][]string{},
		Body:              string(r.body),
	}
	if multi {
		e.MultiValueHeaders = r.header
	} else {
		for name, values := range r.header {
			e.Headers[name] = values[len(values)-1]
		}
	}
	if !utf8.Valid(r.body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(r.body), true
	}
	return e
}
