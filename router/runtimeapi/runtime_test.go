package runtimeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

var _ lambda.Handler = (*runtimeapi.Runtime)(nil)

func TestInvokeTellsTheFunction(t *testing.T) {
	rt := newRuntime(t, "function",
		runtimeapi.WithFunctionName("orders"), runtimeapi.WithRegion("eu-west-1"), runtimeapi.WithTimeout(20*time.Second))
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	before := time.Now().Truncate(time.Millisecond)
	got, err := invoke(t, rt, request{Do: "echo", Text: "hi"})
	after := time.Now()
	if err != nil {
		t.Fatal(err)
	}

	if got.Text != "hi" || got.PID != rt.Pid() {
		t.Errorf("text %q from process %d, want %q from %d", got.Text, got.PID, "hi", rt.Pid())
	}
	if want := "arn:aws:lambda:eu-west-1:123456789012:function:orders"; got.ARN != want {
		t.Errorf("ARN %q, want %q", got.ARN, want)
	}
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(got.RequestID) {
		t.Errorf("request ID %q is not a UUID", got.RequestID)
	}
	if !regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`).MatchString(got.TraceID) {
		t.Errorf("trace ID %q", got.TraceID)
	}
	if d := got.Deadline; d.Before(before.Add(20*time.Second)) || d.After(after.Add(20*time.Second)) {
		t.Errorf("deadline %v is not 20 s after the invocation, between %v and %v", d, before, after)
	}
}

func TestInvokeContinuesTheTrace(t *testing.T) {
	rt := newRuntime(t, "function")
	//nolint:staticcheck // aws-lambda-go's key
	ctx := context.WithValue(t.Context(), "x-amzn-trace-id", "Self=1-2-3;Root=1-a-b;Sampled=1")
	got, err := invokeContext(ctx, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^Root=1-a-b;Parent=[0-9a-f]{16};Sampled=1$`).MatchString(got.TraceID) {
		t.Errorf("trace ID %q", got.TraceID)
	}
}

func TestProcessEnvironment(t *testing.T) {
	t.Setenv("AWS_LAMBDA_FUNCTION_NAME", "outer")
	t.Setenv("AWS_EXECUTION_ENV", "AWS_Lambda_outer")
	t.Setenv("INHERITED", "yes")
	dir := t.TempDir()
	rt := newRuntime(t, "function",
		runtimeapi.WithFunctionName("orders"), runtimeapi.WithRegion("eu-west-1"), runtimeapi.WithMemorySize(512),
		runtimeapi.WithConcurrency(2), runtimeapi.WithDir(dir), runtimeapi.WithEnv("_HANDLER=app.handler", "MINE=1"))
	got, err := invoke(t, rt, request{Do: "env"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        "orders",
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "lambda-managed-instances",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/orders",
		"AWS_LAMBDA_MAX_CONCURRENCY":      "2",
		"AWS_REGION":                      "eu-west-1",
		"AWS_DEFAULT_REGION":              "eu-west-1",
		"LAMBDA_TASK_ROOT":                dir,
		"_HANDLER":                        "app.handler",
		"TZ":                              ":UTC",
		"INHERITED":                       "yes",
		"MINE":                            "1",
	}
	for key, value := range want {
		if got.Env[key] != value {
			t.Errorf("%s=%q, want %q", key, got.Env[key], value)
		}
	}
	if v, ok := got.Env["AWS_EXECUTION_ENV"]; ok {
		t.Errorf("AWS_EXECUTION_ENV=%q, want none", v)
	}
	if _, _, err := net.SplitHostPort(got.Env["AWS_LAMBDA_RUNTIME_API"]); err != nil {
		t.Errorf("AWS_LAMBDA_RUNTIME_API: %v", err)
	}
	if v := got.Env["AWS_LAMBDA_LOG_STREAM_NAME"]; !regexp.MustCompile(`^\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}$`).MatchString(v) {
		t.Errorf("AWS_LAMBDA_LOG_STREAM_NAME=%q", v)
	}
}

// A failed invocation is reported as Lambda does, and the next one works, in a fresh process if the old one is lost.
func TestFunctionErrors(t *testing.T) {
	tests := []struct {
		name        string
		req         request
		wantType    string
		wantMessage string // a regular expression
		wantFresh   bool
	}{
		{"error", request{Do: "error", Text: "no such order"}, "errorString", `^no such order$`, false},
		{"panic", request{Do: "panic", Text: "nil map"}, "string", `^nil map$`, true},
		{"exit", request{Do: "exit"}, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$`, true},
		{"exit 0", request{Do: "exit-0"}, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$`, true},
		{"stream breaks", request{Do: "stream-error"}, "streamError", `^source dried up$`, false},
		// aws-lambda-go ends the process when its response is refused
		{"too big", request{Do: "big"}, "Function.ResponseSizeTooLarge", `^Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.$`, true},
	}
	rt := newRuntime(t, "function")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first, err := invoke(t, rt, request{Do: "echo"})
			if err != nil {
				t.Fatal(err)
			}

			_, err = invoke(t, rt, tt.req)
			fe, ok := errors.AsType[*runtimeapi.FunctionError](err)
			if !ok {
				t.Fatalf("error %v, want a *FunctionError", err)
			}
			if fe.Type != tt.wantType {
				t.Errorf("type %q, want %q", fe.Type, tt.wantType)
			}
			if !regexp.MustCompile(tt.wantMessage).MatchString(fe.Message) {
				t.Errorf("message %q, want %s", fe.Message, tt.wantMessage)
			}
			var payload struct{ ErrorType, ErrorMessage string }
			if err := json.Unmarshal(fe.Payload, &payload); err != nil {
				t.Errorf("payload %q: %v", fe.Payload, err)
			}
			if payload.ErrorType != fe.Type || payload.ErrorMessage != fe.Message {
				t.Errorf("payload %s does not say the same as %v", fe.Payload, fe)
			}
			if gotTrace := strings.Contains(strings.Join(fe.StackTrace, "\n"), "function"); gotTrace != (tt.name == "panic") {
				t.Errorf("stack trace %q", fe.StackTrace)
			}

			second, err := invoke(t, rt, request{Do: "echo", Text: "again"})
			if err != nil {
				t.Fatal(err)
			}
			if second.Text != "again" {
				t.Errorf("afterwards, text %q", second.Text)
			}
			if fresh := second.PID != first.PID; fresh != tt.wantFresh {
				t.Errorf("fresh process: %v, want %v", fresh, tt.wantFresh)
			}
		})
	}
}

func TestStreamedResponse(t *testing.T) {
	rt := newRuntime(t, "function")
	got, err := invoke(t, rt, request{Do: "stream"})
	if err != nil || got.Text != "streamed" {
		t.Errorf("got %q, %v; want the whole stream", got.Text, err)
	}
}

func TestTimeout(t *testing.T) {
	rt := newRuntime(t, "function", runtimeapi.WithTimeout(time.Second))
	first, err := invoke(t, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = invoke(t, rt, request{Do: "hang"})
	fe, ok := errors.AsType[*runtimeapi.FunctionError](err)
	if !ok || fe.Type != "Sandbox.Timedout" ||
		!regexp.MustCompile(`^RequestId: [0-9a-f-]{36} Error: Task timed out after 1.00 seconds$`).MatchString(fe.Message) {
		t.Fatalf("error %v, want Lambda's timeout", err)
	}
	second, err := invoke(t, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if second.PID == first.PID {
		t.Error("the process that overran still serves")
	}
}

func TestCallerDeadline(t *testing.T) {
	rt := newRuntime(t, "function")
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	want, _ := ctx.Deadline()
	got, err := invokeContext(ctx, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Deadline.Equal(want.Truncate(time.Millisecond)) {
		t.Errorf("the function's deadline is %v, the caller's %v", got.Deadline, want)
	}

	ctx, cancel = context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, err := invokeContext(ctx, rt, request{Do: "hang"}); err != context.DeadlineExceeded {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
	if _, err := invoke(t, rt, request{Do: "echo"}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestCallerLeaves(t *testing.T) {
	var out lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStdout(&out))
	first, err := invoke(t, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := invokeContext(ctx, rt, request{Do: "sleep"})
		left <- err
	}()
	eventually(t, "the function begins", func() bool { return strings.Contains(out.String(), "sleeping") })
	cancel()
	if err := <-left; err != context.Canceled {
		t.Errorf("error %v, want context.Canceled", err)
	}
	second, err := invoke(t, rt, request{Do: "echo", Text: "mine"})
	if err != nil {
		t.Fatal(err)
	}
	if second.Text != "mine" || second.PID != first.PID {
		t.Errorf("got %q from process %d, want %q from %d", second.Text, second.PID, "mine", first.PID)
	}

	if _, err := invokeContext(ctx, rt, request{Do: "exit"}); err != context.Canceled {
		t.Errorf("error %v, want context.Canceled and no invocation", err)
	}
}

func TestInitFailures(t *testing.T) {
	tests := []struct {
		name        string
		mode        string
		wantType    string
		limit       time.Duration
		wantMessage string // a regular expression, where %s stands for the request ID if there is one
	}{
		{"exits", "init-exit", "Runtime.ExitError", time.Minute, `^%sError: Runtime exited with error: exit status 1$`},
		{"reports", "init-error", "Config.Missing", time.Minute, `^no table$`},
		{"hangs", "init-hang", "Sandbox.Timedout", 250 * time.Millisecond, `^%sError: Init timed out after 0.25 seconds$`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rt := newRuntime(t, tt.mode, runtimeapi.WithInitTimeout(tt.limit))
			check := func(err error, prefix string) {
				t.Helper()
				fe, ok := errors.AsType[*runtimeapi.FunctionError](err)
				if !ok || fe.Type != tt.wantType {
					t.Fatalf("error %v, want type %s", err, tt.wantType)
				}
				if want := strings.ReplaceAll(tt.wantMessage, "%s", prefix); !regexp.MustCompile(want).MatchString(fe.Message) {
					t.Errorf("message %q, want %s", fe.Message, want)
				}
				if tt.mode == "init-error" {
					if diff := cmp.Diff([]string{"main", "init"}, fe.StackTrace); diff != "" {
						t.Errorf("stack trace (-want +got):\n%s", diff)
					}
				}
			}
			check(rt.Start(t.Context()), "")
			_, err := invoke(t, rt, request{Do: "echo"})
			check(err, `RequestId: [0-9a-f-]{36} `)
			if d := rt.InitDuration(); d != 0 {
				t.Errorf("init duration %v of a process that never polled", d)
			}
		})
	}
}

func TestNoSuchCommand(t *testing.T) {
	rt := runtimeapi.New([]string{filepath.Join(t.TempDir(), "bootstrap")})
	defer rt.Close()
	_, err := invoke(t, rt, request{Do: "echo"})
	fe, ok := errors.AsType[*runtimeapi.FunctionError](err)
	if !ok || fe.Type != "Runtime.InvalidEntrypoint" || !strings.HasPrefix(fe.Message, "RequestId: ") {
		t.Fatalf("error %v, want Runtime.InvalidEntrypoint", err)
	}
	if want := "runtimeapi: function failed: Runtime.InvalidEntrypoint: " + fe.Message; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	if pid := rt.Pid(); pid != 0 {
		t.Errorf("process %d", pid)
	}
}

func TestInitIsTriedAgain(t *testing.T) {
	rt := newRuntime(t, "init-exit-once", runtimeapi.WithEnv("MARKER="+filepath.Join(t.TempDir(), "marker")))
	if err := rt.Start(t.Context()); err == nil {
		t.Fatal("the first init phase succeeded")
	}
	if _, err := invoke(t, rt, request{Do: "echo"}); err != nil {
		t.Errorf("the second init phase: %v", err)
	}
}

func TestStart(t *testing.T) {
	rt := newRuntime(t, "function")
	if rt.Pid() != 0 || rt.Addr() != "" || rt.InitDuration() != 0 {
		t.Errorf("before: process %d, address %q, init duration %v", rt.Pid(), rt.Addr(), rt.InitDuration())
	}
	begin := time.Now()
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d := rt.InitDuration(); d <= 0 || d > time.Since(begin) {
		t.Errorf("init duration %v, want one within %v", d, time.Since(begin))
	}
	pid, addr := rt.Pid(), rt.Addr()
	if host, _, err := net.SplitHostPort(addr); err != nil || host != "127.0.0.1" {
		t.Errorf("address %q, want one of 127.0.0.1", addr)
	}
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rt.Pid() != pid || rt.Addr() != addr {
		t.Errorf("a second Start changed process %d to %d, address %q to %q", pid, rt.Pid(), addr, rt.Addr())
	}
	if env := rt.Environ(); env != nil {
		t.Errorf("Environ %q, want nil: there is a command", env)
	}
}

func TestStartGivesUp(t *testing.T) {
	rt := newRuntime(t, "init-hang")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := rt.Start(ctx); err != context.DeadlineExceeded {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
}

func TestStartAddressTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	rt := newRuntime(t, "function", runtimeapi.WithAddr(l.Addr().String()))
	if err := rt.Start(t.Context()); err == nil || !strings.Contains(err.Error(), "WithAddr") {
		t.Errorf("error %v, want one that names WithAddr", err)
	}
}

// Each caller gets its own answer, and the function never more work than it may have.
func TestConcurrentInvokes(t *testing.T) {
	for _, n := range []int{1, 4} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			rt := newRuntime(t, "function", runtimeapi.WithConcurrency(n))
			var wg sync.WaitGroup
			for i := range 64 {
				wg.Go(func() {
					want := fmt.Sprint("caller ", i)
					got, err := invoke(t, rt, request{Do: "echo", Text: want})
					if err != nil || got.Text != want {
						t.Errorf("%s got %q, %v", want, got.Text, err)
					}
				})
			}
			wg.Wait()
		})
	}
}

func TestConcurrentInvokesMeet(t *testing.T) {
	rt := newRuntime(t, "function", runtimeapi.WithConcurrency(2))
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := invoke(t, rt, request{Do: "meet"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// One crash fails what runs in the process, while what waits goes on to the next.
func TestCrashSparesTheWaiting(t *testing.T) {
	var out lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStdout(&out), runtimeapi.WithTimeout(2*time.Second))
	crashed := make(chan error)
	go func() {
		_, err := invoke(t, rt, request{Do: "hang"})
		crashed <- err
	}()
	eventually(t, "the function begins", func() bool { return strings.Contains(out.String(), "hanging") })
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := invoke(t, rt, request{Do: "echo"}); err != nil {
				t.Error(err)
			}
		})
	}
	if fe, ok := errors.AsType[*runtimeapi.FunctionError](<-crashed); !ok || fe.Type != "Sandbox.Timedout" {
		t.Errorf("the invocation that hangs: %v", fe)
	}
	wg.Wait()
}

func TestCloseWhileRunning(t *testing.T) {
	var out lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStdout(&out))
	const callers = 3 // one runs, two wait
	failed := make(chan error, callers)
	for range callers {
		go func() {
			_, err := invoke(t, rt, request{Do: "hang"})
			failed <- err
		}()
	}
	eventually(t, "the function begins", func() bool { return strings.Contains(out.String(), "hanging") })

	var wg sync.WaitGroup
	for range 2 { // at once, and again below
		wg.Go(func() { rt.Close() })
	}
	for range callers {
		if err := <-failed; err != runtimeapi.ErrClosed {
			t.Errorf("a call under way: %v, want ErrClosed", err)
		}
	}
	wg.Wait()
	if err := rt.Close(); err != nil {
		t.Errorf("Close again: %v", err)
	}
	if _, err := invoke(t, rt, request{Do: "echo"}); err != runtimeapi.ErrClosed {
		t.Errorf("Invoke afterwards: %v, want ErrClosed", err)
	}
	if err := rt.Start(t.Context()); err != runtimeapi.ErrClosed {
		t.Errorf("Start afterwards: %v, want ErrClosed", err)
	}
	if pid := rt.Pid(); pid != 0 {
		t.Errorf("process %d afterwards", pid)
	}
}

func TestCloseUnused(t *testing.T) {
	rt := newRuntime(t, "function")
	if err := rt.Close(); err != nil {
		t.Error(err)
	}
}

func TestOutput(t *testing.T) {
	var out, errs lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStdout(&out), runtimeapi.WithStderr(&errs))
	for _, req := range []request{{Do: "log", Text: "to stderr"}, {Do: "print"}} {
		if _, err := invoke(t, rt, req); err != nil {
			t.Fatal(err)
		}
	}
	rt.Close()
	if got, want := out.String(), "first\nsecond\nunfinished\n"; got != want {
		t.Errorf("standard output %q, want %q", got, want)
	}
	if got := errs.String(); !strings.HasSuffix(got, "to stderr\n") {
		t.Errorf("standard error %q", got)
	}
}

// A process that somebody else starts, say a debugger, attaches with the variables of Environ.
func TestAttach(t *testing.T) {
	rt := runtimeapi.New(nil, runtimeapi.WithTimeout(time.Minute), runtimeapi.WithEnv(bootstrapVariable+"=function"))
	defer rt.Close()
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(executable(t))
	cmd.Env = append(os.Environ(), rt.Environ()...)
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	got, err := invoke(t, rt, request{Do: "echo"})
	if err != nil {
		t.Fatal(err)
	}
	if got.PID != cmd.Process.Pid {
		t.Errorf("answer of process %d, want %d", got.PID, cmd.Process.Pid)
	}
	rt.Close()
	if err := cmd.Wait(); err == nil {
		t.Error("the process took the end of its Runtime API for success")
	}
}

func TestOptionsRefuse(t *testing.T) {
	tests := []struct {
		name string
		make func()
	}{
		{"timeout", func() { runtimeapi.WithTimeout(0) }},
		{"init timeout", func() { runtimeapi.WithInitTimeout(-1) }},
		{"concurrency", func() { runtimeapi.WithConcurrency(0) }},
		{"function name", func() { runtimeapi.WithFunctionName("a b") }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if msg, ok := recover().(string); !ok || !strings.Contains(msg, "; use ") {
					t.Errorf("panic %q, want one that tells what to use", msg)
				}
			}()
			tt.make()
		})
	}
}

func TestObserver(t *testing.T) {
	seen := make(chan runtimeapi.Invocation, 1)
	rt := newRuntime(t, "function", runtimeapi.WithObserver(func(inv runtimeapi.Invocation) { seen <- inv }))

	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "mine")
	for i, cold := range []bool{true, false} {
		before := time.Now()
		got, err := invokeContext(ctx, rt, request{Do: "echo"})
		if err != nil {
			t.Fatal(err)
		}
		inv := <-seen
		if inv.RequestID != got.RequestID || inv.Context.Value(key{}) != "mine" || inv.Err != nil {
			t.Errorf("invocation %d: %+v, the function was told %+v", i, inv, got)
		}
		if inv.Cold != cold || inv.InitDuration != rt.InitDuration() || inv.InitDuration <= 0 {
			t.Errorf("invocation %d: cold %v, init %v, want %v, %v", i, inv.Cold, inv.InitDuration, cold, rt.InitDuration())
		}
		if inv.Start.Before(before) || inv.Duration <= 0 || inv.Start.Add(inv.Duration).After(time.Now()) {
			t.Errorf("invocation %d: from %v for %v, called at %v", i, inv.Start, inv.Duration, before)
		}
	}

	_, err := invoke(t, rt, request{Do: "exit"})
	if inv := <-seen; inv.Err == nil || inv.Err != err {
		t.Errorf("observed %v, Invoke returned %v", inv.Err, err)
	}
	if _, err := invoke(t, rt, request{Do: "echo"}); err != nil {
		t.Fatal(err)
	}
	if inv := <-seen; !inv.Cold {
		t.Error("the first invocation of a new process is warm")
	}

	gone, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := invokeContext(gone, rt, request{Do: "hang"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	if inv := <-seen; inv.Err == nil || time.Since(began) < 50*time.Millisecond {
		t.Errorf("%+v", inv)
	}
}

// What a function has printed is there when it has answered, from its first start on.
func TestOutputComesFirst(t *testing.T) {
	var printed lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStderr(&printed))
	for i := range 200 {
		text := fmt.Sprintf("line %d\n", i)
		if _, err := invoke(t, rt, request{Do: "log", Text: text}); err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(printed.String(), text) {
			t.Fatalf("the answer came before %q; there is %q", text, printed.String())
		}
	}
}
