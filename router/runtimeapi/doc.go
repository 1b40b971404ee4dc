// Package runtimeapi runs a Lambda function's own binary on this machine, by being the other end of the AWS Lambda
// Runtime API. The binary cannot tell: it is started with Lambda's environment, polls for invocations, and is killed
// when it overruns, as in an execution environment of the real service.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/albatross-go/albatross/router/runtimeapi"
//	)
//
//	func main() {
//		fn := runtimeapi.New([]string{"./bootstrap"})
//		defer fn.Close()
//
//		answer, err := fn.Invoke(context.Background(), []byte(`{"name":"world"}`))
//		if err != nil {
//			log.Fatal(err)
//		}
//		fmt.Printf("%s\n", answer)
//	}
//
// A [Runtime] is a lambda.Handler of github.com/aws/aws-lambda-go, so whatever drives a function in this process can
// drive one in another, in any language. It is also an http.Handler that answers the Invoke call of the Lambda
// service, and [Runtime.Start] listens for it, here with WithAddr("127.0.0.1:9001"):
//
//	aws lambda invoke --endpoint-url http://127.0.0.1:9001 --function-name function out.json
//
// With no command, New attaches to a process that somebody else starts, such as one under a debugger:
// [Runtime.Environ] lists the variables that process needs.
//
// # What it copies from Lambda
//
//   - One execution environment, which takes one invocation at a time; [WithConcurrency] raises that. Others wait.
//   - The life cycle: an init phase with a limit, a deadline for each invocation, a fresh process after a crash or a
//     timeout. What Lambda would report as a function error is a [*FunctionError] with Lambda's type and text.
//   - Sizes: 6 MB for a response and, through the Invoke call of the service, for a request.
//   - Shutdown: SIGKILL at once, or SIGTERM 500 ms earlier if the process has registered an extension, which is what
//     lambda.WithEnableSIGTERM does.
//
// # When not to use it
//
// To test a Go handler, call it: a process per test buys nothing. The package does not limit memory or CPU, does not
// freeze the process between invocations, starts no external extensions, sends extensions no events, and does not
// retry asynchronous invocations. It asks nobody for credentials: listen on loopback only.
package runtimeapi
