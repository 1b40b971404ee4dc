package runtimeapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

// The command of these examples is a function that answers {"Do":"echo"} and fails on {"Do":"error"}.
var (
	command = []string{os.Args[0]}
	asked   = runtimeapi.WithEnv(bootstrapVariable + "=function")
)

func Example() {
	fn := runtimeapi.New(command, asked)
	defer fn.Close()

	answer, err := fn.Invoke(context.Background(), []byte(`{"Do":"echo","Text":"hello"}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(answer, []byte("hello")))
	// Output: true
}

func ExampleRuntime_Start() {
	fn := runtimeapi.New(command, asked, runtimeapi.WithInitTimeout(time.Minute))
	defer fn.Close()

	if err := fn.Start(context.Background()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(fn.Pid() > 0, fn.InitDuration() > 0, strings.HasPrefix(fn.Addr(), "127.0.0.1:"))
	// Output: true true true
}

func ExampleFunctionError() {
	fn := runtimeapi.New(command, asked, runtimeapi.WithStderr(io.Discard))
	defer fn.Close()

	_, err := fn.Invoke(context.Background(), []byte(`{"Do":"error","Text":"no such order"}`))
	if fe, ok := errors.AsType[*runtimeapi.FunctionError](err); ok {
		fmt.Println(fe.Message)
		fmt.Println(string(fe.Payload))
	}
	// Output:
	// no such order
	// {"errorMessage":"no such order","errorType":"errorString"}
}

func ExampleRuntime_ServeHTTP() {
	fn := runtimeapi.New(command, asked, runtimeapi.WithFunctionName("orders"), runtimeapi.WithStderr(io.Discard))
	defer fn.Close()
	service := httptest.NewServer(fn)
	defer service.Close()

	res, err := http.Post(service.URL+"/2015-03-31/functions/orders/invocations", "application/json",
		strings.NewReader(`{"Do":"error","Text":"no such order"}`))
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	fmt.Println(res.StatusCode, res.Header.Get("X-Amz-Function-Error"))
	// Output: 200 Unhandled
}

func ExampleRuntime_Environ() {
	fn := runtimeapi.New(nil, runtimeapi.WithFunctionName("orders"), runtimeapi.WithAddr("127.0.0.1:0"))
	defer fn.Close()
	if err := fn.Start(context.Background()); err != nil {
		log.Fatal(err)
	}

	// Hand these to the debugger, and invoke when it has begun.
	for _, kv := range fn.Environ() {
		if strings.HasPrefix(kv, "AWS_LAMBDA_FUNCTION_") {
			fmt.Println(kv)
		}
	}
	// Output:
	// AWS_LAMBDA_FUNCTION_NAME=orders
	// AWS_LAMBDA_FUNCTION_VERSION=$LATEST
	// AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128
}

// A function that overruns is ended, as on Lambda, and the next invocation has a new process.
func ExampleWithTimeout() {
	fn := runtimeapi.New(command, asked, runtimeapi.WithTimeout(2*time.Second),
		runtimeapi.WithStdout(io.Discard), runtimeapi.WithStderr(io.Discard))
	defer fn.Close()

	_, err := fn.Invoke(context.Background(), []byte(`{"Do":"hang"}`))
	if fe, ok := errors.AsType[*runtimeapi.FunctionError](err); ok {
		fmt.Println(fe.Type)
	}
	_, err = fn.Invoke(context.Background(), []byte(`{"Do":"echo"}`))
	fmt.Println(err)
	// Output:
	// Sandbox.Timedout
	// <nil>
}
