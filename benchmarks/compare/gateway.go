package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// A gateway stands between the load balancer and a function that knows API Gateway's REST APIs alone: it makes their proxy events,
// format version 1.0, of the load balancer's, and turns the answers around. It takes events with multi-value headers.
type gateway struct{ function lambda.Handler }

// resources are the API's, by which a gateway routes before the function is asked.
var resources = [...]string{
	"/whatismyip", "/echo/{path}", "/items/{id}", "/items", "/upload", "/binary", "/large", "/huge", "/cookies", "/redirect", "/panic",
	"/health",
}

// gatewayStage is the stage that Chalice and the console name their first deployments by.
const gatewayStage = "api"

func (g gateway) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event events.ALBTargetGroupRequest
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	request, ok := gatewayRequest(event)
	if !ok {
		return json.Marshal(gatewayRefusal())
	}
	translated, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	payload, err = g.function.Invoke(ctx, translated)
	if err != nil {
		return nil, err
	}
	var response events.APIGatewayProxyResponse
	if err := json.Unmarshal(payload, &response); err != nil {
		return nil, fmt.Errorf("a malformed proxy response: %w", err)
	}
	return json.Marshal(albResponse(response))
}

// gatewayRequest is the event of API Gateway, which decodes the query and the path's parameters. It is false if no resource has the
// path.
func gatewayRequest(event events.ALBTargetGroupRequest) (events.APIGatewayProxyRequest, bool) {
	resource, parameters, ok := findResource(event.Path)
	if !ok {
		return events.APIGatewayProxyRequest{}, false
	}
	header, query := map[string][]string{}, map[string][]string{}
	for name, values := range event.MultiValueHeaders {
		header[http.CanonicalHeaderKey(name)] = values
	}
	for key, values := range event.MultiValueQueryStringParameters {
		for _, value := range values {
			query[unescape(key)] = append(query[unescape(key)], unescape(value))
		}
	}
	return events.APIGatewayProxyRequest{
		Resource:                        resource,
		Path:                            event.Path,
		HTTPMethod:                      event.HTTPMethod,
		Headers:                         lastOf(header),
		MultiValueHeaders:               header,
		QueryStringParameters:           lastOf(query),
		MultiValueQueryStringParameters: query,
		PathParameters:                  parameters,
		RequestContext: events.APIGatewayProxyRequestContext{
			AccountID:    "123456789012",
			APIID:        "0123456789",
			Stage:        gatewayStage,
			RequestID:    "00000000-0000-4000-8000-000000000000",
			ResourceID:   "0123ab",
			ResourcePath: resource,
			Path:         "/" + gatewayStage + event.Path,
			Protocol:     "HTTP/1.1",
			HTTPMethod:   event.HTTPMethod,
			DomainName:   first(header["Host"]),
			Identity: events.APIGatewayRequestIdentity{
				SourceIP:  peerOf(header["X-Forwarded-For"]),
				UserAgent: first(header["User-Agent"]),
			},
		},
		Body:            event.Body,
		IsBase64Encoded: event.IsBase64Encoded,
	}, true
}

// albResponse is the answer for the load balancer. API Gateway merges the two families of headers and sends a pair of both once.
func albResponse(r events.APIGatewayProxyResponse) events.ALBTargetGroupResponse {
	header := map[string][]string{}
	maps.Copy(header, r.MultiValueHeaders)
	for name, value := range r.Headers {
		if !slices.Contains(header[name], value) {
			header[name] = append(slices.Clip(header[name]), value)
		}
	}
	return events.ALBTargetGroupResponse{
		StatusCode:        r.StatusCode,
		StatusDescription: strings.TrimSpace(fmt.Sprintf("%d %s", r.StatusCode, http.StatusText(r.StatusCode))),
		Headers:           map[string]string{},
		MultiValueHeaders: header,
		Body:              r.Body,
		IsBase64Encoded:   r.IsBase64Encoded,
	}
}

// gatewayRefusal is what API Gateway says of a path that has no resource.
func gatewayRefusal() events.ALBTargetGroupResponse {
	return albResponse(events.APIGatewayProxyResponse{
		StatusCode: http.StatusForbidden,
		Headers:    map[string]string{"Content-Type": "application/json"},
		Body:       `{"message":"Missing Authentication Token"}`,
	})
}

func findResource(path string) (resource string, parameters map[string]string, ok bool) {
	segments := strings.Split(path, "/")
	for _, resource := range resources {
		parts := strings.Split(resource, "/")
		if len(parts) != len(segments) {
			continue
		}
		parameters := map[string]string{}
		matches := true
		for i, part := range parts {
			if name, ok := strings.CutPrefix(part, "{"); ok && segments[i] != "" {
				parameters[strings.TrimSuffix(name, "}")] = unescapePath(segments[i])
			} else if part != segments[i] {
				matches = false
			}
		}
		if matches {
			return resource, parameters, true
		}
	}
	return "", nil, false
}

// peerOf is the address that the load balancer appended.
func peerOf(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	line := lines[len(lines)-1]
	return strings.TrimSpace(line[strings.LastIndexByte(line, ',')+1:])
}

func lastOf(values map[string][]string) map[string]string {
	last := make(map[string]string, len(values))
	for key, list := range values {
		if len(list) > 0 {
			last[key] = list[len(list)-1]
		}
	}
	return last
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func unescape(text string) string {
	if decoded, err := url.QueryUnescape(text); err == nil {
		return decoded
	}
	return text
}

func unescapePath(text string) string {
	if decoded, err := url.PathUnescape(text); err == nil {
		return decoded
	}
	return text
}
