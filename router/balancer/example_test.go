package balancer_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/balancer"
)

// terminal is an error log for examples.
func terminal() balancer.Option { return balancer.WithErrorLog(log.New(os.Stdout, "", 0)) }

// fetch asks a balancer on a loopback port.
func fetch(b *balancer.Balancer, target string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Handler: b}
	go server.Serve(l)
	defer server.Close()
	res, err := http.Get("http://" + l.Addr().String() + target)
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, res.Header.Get("Content-Type"), strings.SplitN(string(body), "\r\n", 2)[0])
}

func ExampleNew() {
	hello := func(_ context.Context, e events.ALBTargetGroupRequest) (map[string]any, error) {
		return map[string]any{
			"statusCode": 200,
			"headers":    map[string]string{"Content-Type": "text/plain"},
			"body":       "hello from " + e.Path,
		}, nil
	}
	fetch(balancer.New(lambda.NewHandler(hello), terminal()), "/world")
	// Output: 200 text/plain hello from /world
}

// The client gets a page that says nothing, the developer a line that says all.
func ExampleBalancer_ServeHTTP() {
	f := function(func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"statusCode":"200","body":"hello"}`), nil
	})
	fetch(balancer.New(f, terminal()), "/")
	// Output:
	// balancer: GET /: 502 LambdaInvalidResponse: statusCode is a string; send a JSON number from 200 to 599: "statusCode": 200
	// 502 text/html <html>
}

func ExampleBalancer_Event() {
	b := balancer.New(nil, balancer.WithMultiValueHeaders(true), balancer.WithTargetGroupARN("arn:example"))
	r, _ := http.NewRequest("GET", "http://example.com/a%20b?k=1&k=2", nil)
	r.RemoteAddr = "203.0.113.9:54321"
	event, err := b.Event(r)
	fresh := regexp.MustCompile("1-[0-9a-f]{8}-[0-9a-f]{24}")
	fmt.Println(fresh.ReplaceAllString(string(event), "1-…"), err)

	r.Header.Set("Upgrade", "websocket")
	_, err = b.Event(r)
	fmt.Println(err)
	// Output:
	// {"requestContext":{"elb":{"targetGroupArn":"arn:example"}},"httpMethod":"GET","path":"/a%20b","multiValueQueryStringParameters":{"k":["1","2"]},"multiValueHeaders":{"host":["example.com"],"x-forwarded-for":["203.0.113.9"],"x-forwarded-proto":["http"],"x-forwarded-port":["80"],"x-amzn-trace-id":["Root=1-…"]},"body":"","isBase64Encoded":false} <nil>
	// balancer: 400 LambdaWebsocketNotSupported: a Lambda target cannot serve a WebSocket; use an API Gateway WebSocket API, or poll
}

func ExampleExplain() {
	for _, f := range balancer.Explain([]byte(`{"statusCode":302,"multiValueHeaders":{"Location":["/x"]},"body":null}`), false) {
		fmt.Println(f)
	}
	// Output:
	// LambdaInvalidResponse: body is null; send "" or omit the key
	// multiValueHeaders is ignored, its headers are lost; answer with headers, or set the target group's attribute lambda.multi_value_headers.enabled to true
}

func ExampleBalancer_CheckHealth() {
	b := balancer.New(function(func(context.Context, []byte) ([]byte, error) {
		return []byte(`{"statusCode":404}`), nil
	}), balancer.WithHealthCheck("/healthz", 0))
	fmt.Println(b.CheckHealth(context.Background()))
	// Output: balancer: health check of /healthz: status 404; answer 200
}

func ExampleBalancer_RunHealthChecks() {
	ctx, cancel := context.WithCancel(context.Background())
	b := balancer.New(function(func(context.Context, []byte) ([]byte, error) {
		defer cancel() // an example has to end
		return nil, errors.New("no database")
	}), terminal(), balancer.WithHealthCheck("/healthz", time.Second))
	fmt.Println(b.RunHealthChecks(ctx))
	// Output: context canceled
}

func ExampleInvokeError() {
	throttled := function(func(context.Context, []byte) ([]byte, error) {
		return nil, &balancer.InvokeError{Reason: balancer.LambdaThrottling, Err: errors.New("rate exceeded")}
	})
	fetch(balancer.New(throttled, balancer.WithErrorLog(log.New(io.Discard, "", 0)), balancer.WithObserver(func(x balancer.Exchange) {
		fmt.Println(x.Method, x.Target, x.Reason)
	})), "/")
	// Output:
	// GET / LambdaThrottling
	// 502 text/html <html>
}
