package alb_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router/alb"
)

const exampleEvent = `{
	"requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/hello/50dc6c495c0c9188"}},
	"httpMethod": "GET",
	"path": "/hello/J%C3%BCrgen",
	"multiValueQueryStringParameters": {"greeting": ["good+morning"]},
	"multiValueHeaders": {"host": ["example.com"], "x-forwarded-for": ["203.0.113.9"]},
	"body": "",
	"isBase64Encoded": false
}`

func ExampleNewHandler() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s, %s", r.FormValue("greeting"), r.PathValue("name"))
	})
	h := alb.NewHandler(mux) // lambda.Start(h) on Lambda

	response, err := h.Invoke(context.Background(), []byte(exampleEvent))
	fmt.Println(string(response), err)
	// Output:
	// {"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Content-Type":["text/plain; charset=utf-8"]},"body":"good morning, Jürgen","isBase64Encoded":false} <nil>
}

func ExampleHandler_Invoke() {
	h := alb.NewHandler(http.NotFoundHandler())
	_, err := h.Invoke(context.Background(), []byte(`{"Records": [{"eventSource": "aws:sqs", "body": "hello"}]}`))
	fmt.Println(err)
	// Output:
	// alb: no event of an Application Load Balancer, it has no requestContext.elb, but of SQS; give it a function of its own, or look at the payload before it reaches alb.Handler
}

func ExampleFromContext() {
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ev, ok := alb.FromContext(r.Context())
		fmt.Println(ok, ev.MultiValueHeaders, ev.TargetGroupARN)
	}))
	_, _ = h.Invoke(context.Background(), []byte(exampleEvent))
	// Output:
	// true true arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/hello/50dc6c495c0c9188
}

func ExampleIsHealthCheck() {
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(alb.IsHealthCheck(r))
	}))
	_, _ = h.Invoke(context.Background(), []byte(`{
		"requestContext": {"elb": {"targetGroupArn": "arn"}},
		"httpMethod": "GET", "path": "/", "queryStringParameters": {},
		"headers": {"user-agent": "ELB-HealthChecker/2.0"},
		"body": "", "isBase64Encoded": false
	}`))
	// Output:
	// true
}

func ExampleWithErrorLog() {
	h := alb.NewHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("out of cheese") }),
		alb.WithErrorLog(func(_ context.Context, err error) { fmt.Println(err) }))
	response, _ := h.Invoke(context.Background(), []byte(exampleEvent))
	fmt.Println(string(response))
	// Output:
	// alb: "GET /hello/Jürgen": panic: out of cheese
	// {"statusCode":500,"statusDescription":"500 Internal Server Error","multiValueHeaders":{"Content-Type":["application/problem+json"],"X-Content-Type-Options":["nosniff"]},"body":"{\"title\":\"Internal Server Error\",\"status\":500}","isBase64Encoded":false}
}

func ExampleWithMaxResponseBytes() {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, 2000)) }),
		alb.WithMaxResponseBytes(1000),
		alb.WithErrorLog(func(_ context.Context, err error) { fmt.Println(err) }))
	_, _ = h.Invoke(context.Background(), []byte(exampleEvent))
	// Output:
	// alb: "GET /hello/Jürgen": response of 12147 bytes as JSON is over the limit of 1000; compress it, page it, or answer with a link to where it is stored
}

func ExampleWithSetCookieVariants() {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
	}), alb.WithErrorLog(func(context.Context, error) {}))
	response, _ := h.Invoke(context.Background(), []byte(`{"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/", "headers": {}}`))
	fmt.Println(string(response))
	// Output:
	// {"statusCode":200,"statusDescription":"200 OK","headers":{"Set-Cookie":"a=1","set-Cookie":"b=2"},"body":"","isBase64Encoded":false}
}

func ExampleEvent_JSON() {
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ev, _ := alb.FromContext(r.Context())
		var event struct{ Path string } // what no http.Request shows: the path before it was decoded
		if err := json.Unmarshal(ev.JSON(), &event); err != nil {
			fmt.Println(err)
		}
		fmt.Println(event.Path, "is", r.URL.Path)
	}))
	_, _ = h.Invoke(context.Background(), []byte(exampleEvent))
	// Output:
	// /hello/J%C3%BCrgen is /hello/Jürgen
}

func ExamplePanicError() {
	h := alb.NewHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(io.ErrUnexpectedEOF) }),
		alb.WithErrorLog(func(_ context.Context, err error) {
			if p, ok := errors.AsType[*alb.PanicError](err); ok {
				fmt.Println(p.Value, errors.Is(err, io.ErrUnexpectedEOF), len(p.Stack) > 0)
			}
		}))
	_, _ = h.Invoke(context.Background(), []byte(exampleEvent))
	// Output:
	// unexpected EOF true true
}
