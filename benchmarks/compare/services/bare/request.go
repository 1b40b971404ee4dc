package main

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// A request is an event of either header mode, decoded.
type request struct {
	method string
	path   string // as in the event, with its escapes
	query  url.Values
	header http.Header
	body   []byte
}

func newRequest(event events.ALBTargetGroupRequest, multi bool) request {
	r := request{
		method: event.HTTPMethod,
		path:   event.Path,
		query:  url.Values{},
		header: http.Header{},
		body:   []byte(event.Body),
	}
	if event.IsBase64Encoded {
		r.body, _ = base64.StdEncoding.DecodeString(event.Body) // a load balancer's is never corrupt
	}
	headers, query := event.MultiValueHeaders, event.MultiValueQueryStringParameters
	if !multi {
		headers, query = lists(event.Headers), lists(event.QueryStringParameters)
	}
	for name, values := range headers {
		r.header[http.CanonicalHeaderKey(name)] = values
	}
	for key, values := range query {
		for _, value := range values {
			r.query.Add(unescape(key), unescape(value))
		}
	}
	return r
}

func lists(values map[string]string) map[string][]string {
	m := make(map[string][]string, len(values))
	for key, value := range values {
		m[key] = []string{value}
	}
	return m
}

// unescape decodes what the load balancer passes on as the client sent it. A bad escape is kept.
func unescape(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

// clientIP is the address that the load balancer appended to X-Forwarded-For; what stands left of it is the client's word.
func (r request) clientIP() string {
	lines := r.header.Values("X-Forwarded-For")
	if len(lines) == 0 {
		return ""
	}
	line := lines[len(lines)-1]
	return strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])
}

// only answers a request of the method, or 405. HEAD is GET to all but the load balancer, which leaves the body out.
func (r request) only(method string, handle func(request) response) response {
	if r.method == method || r.method == http.MethodHead && method == http.MethodGet {
		return handle(r)
	}
	refusal := failure(http.StatusMethodNotAllowed, "method not allowed")
	refusal.header.Set("Allow", method)
	return refusal
}
