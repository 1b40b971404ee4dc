// Package balancer is the load balancer's side of an AWS Lambda function behind an Application Load
// Balancer (ALB): an [http.Handler] in front of a function, with one listener and one Lambda target
// group. It turns an HTTP request into the event that an ALB would send, invokes the function, holds
// the answer against an ALB's rules and writes the HTTP response, including the blank "502 Bad Gateway".
// What the client is not told, the developer is: one line in the error log says what was wrong and how
// to mend it.
//
//	package main
//
//	import (
//		"context"
//		"log"
//		"net/http"
//		"os"
//
//		"github.com/albatross-go/albatross/router/balancer"
//		"github.com/aws/aws-lambda-go/events"
//		"github.com/aws/aws-lambda-go/lambda"
//	)
//
//	func hello(ctx context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
//		return map[string]any{
//			"statusCode": 200,
//			"headers":    map[string]string{"Content-Type": "text/plain"},
//			"body":       "hello from " + e.Path,
//		}, nil
//	}
//
//	func main() {
//		alb := balancer.New(lambda.NewHandler(hello), balancer.WithAccessLog(os.Stdout))
//		server := &http.Server{Addr: "localhost:8080", Handler: alb, DisableGeneralOptionsHandler: true}
//		log.Fatal(server.ListenAndServe())
//	}
//
// The target group is in single-value header mode, as a new one is on AWS; [WithMultiValueHeaders]
// changes that. [WithOIDC] and [WithClientCertificate] say who calls. [Balancer.Event] makes the event alone and [Explain] judges a response alone, whatever
// language the function is written in.
//
// # Where AWS is silent
//
// The behaviour follows the Elastic Load Balancing user guide ("ELB guide" in comments) and published
// captures of events. Where neither says what an ALB does, the choice here is the one that makes a
// function written against it safe:
//
//   - "?a" reads as "?a=", "?=v" has the key "", nothing in a path or query is decoded or cleaned;
//   - the path of "OPTIONS *" is "*"; an absolute target without a path has the path "/";
//   - the method's case is kept;
//   - query keys come in the order of arrival, header names sorted: a real ALB promises no order at all,
//     and none of multi-value response headers, which it may reverse and which here keep theirs;
//   - the event shows content-length when the client sent it, never transfer-encoding or trailers;
//     other connection headers are passed on;
//   - text bodies are told by their exact media type, so application/json-patch+json is base64;
//   - several X-Forwarded-For lines are joined in the line that the load balancer adds, and an IPv6
//     address is put in brackets when it is appended to others;
//   - of several X-Amzn-Trace-Id lines the last counts; a Self field without a Root is dropped;
//   - lines that a client sends under X-Amzn-Oidc and X-Amzn-Mtls names are passed on, in front of those
//     that the load balancer adds, if it adds any;
//   - 1 MB is 1 048 576 bytes, that many are accepted; a response is measured as the whole JSON text;
//   - a response's status must be an integer from 200 to 599, header names must be tokens and values
//     free of control characters, nulls are fatal except in the header family of the other mode, base64
//     must be canonical, and the last of duplicate keys wins;
//   - HEAD, 204, 205 and 304 have no body, Server and Date are the load balancer's own;
//   - a body without a content type is application/octet-stream, an empty one has none.
//
// # What net/http decides first
//
// The server that a Balancer runs in answers some requests by itself, with a page of its own and without
// a line in any log: a malformed request line, a raw space in it, a bad escape in the path, a control
// character in a header and a missing or second Host with 400, an unknown Transfer-Encoding with 501, an
// unknown Expect with 417, a header over [http.Server.MaxHeaderBytes] with 431, an unknown version of HTTP
// with 505, and "OPTIONS *" with 200 unless http.Server.DisableGeneralOptionsHandler is set. An ALB lets
// some of these pass, bad escapes among them: [Balancer.Event] makes their events. The server also joins cookies that an HTTP/2 client sent in
// several fields, writes header names in canonical form, and picks the reason phrase by the status
// code, so a statusDescription is checked but not shown. Slow clients are the business of its timeouts.
//
// A Balancer is for development and tests: nothing in it limits load. It is no gateway for production.
package balancer
