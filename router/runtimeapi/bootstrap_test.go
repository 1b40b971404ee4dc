package runtimeapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

// With this variable set, the test binary is the function under test.
const bootstrapVariable = "RUNTIMEAPI_TEST_BOOTSTRAP"

// forever is longer than any test waits, but not so long that what a failed test leaves behind is a nuisance.
const forever = 2 * time.Minute

func TestMain(m *testing.M) {
	if mode := os.Getenv(bootstrapVariable); mode != "" {
		bootstrap(mode)
		return
	}
	os.Exit(m.Run())
}

// newRuntime is a Runtime of the function in the given mode, closed with the test.
func newRuntime(t *testing.T, mode string, opts ...runtimeapi.Option) *runtimeapi.Runtime {
	t.Helper()
	opts = append([]runtimeapi.Option{
		runtimeapi.WithTimeout(time.Minute),
		runtimeapi.WithInitTimeout(time.Minute),
		runtimeapi.WithStdout(t.Output()),
		runtimeapi.WithStderr(t.Output()),
		runtimeapi.WithEnv(bootstrapVariable + "=" + mode),
	}, opts...)
	rt := runtimeapi.New([]string{executable(t)}, opts...)
	t.Cleanup(func() { rt.Close() })
	return rt
}

func executable(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

// invoke sends a request to the function, within a time that only a hang exceeds.
func invoke(t *testing.T, rt lambda.Handler, req request) (reply, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	return invokeContext(ctx, rt, req)
}

func invokeContext(ctx context.Context, rt lambda.Handler, req request) (reply, error) {
	payload, err := json.Marshal(req)
	if err != nil {
		return reply{}, err
	}
	b, err := rt.Invoke(ctx, payload)
	if err != nil {
		return reply{}, err
	}
	var rep reply
	return rep, json.Unmarshal(b, &rep)
}

// A request tells the function what to do; a reply is what it answers, if it does.
type request struct {
	Do   string
	Text string
}

type reply struct {
	Text      string
	PID       int
	RequestID string
	ARN       string
	TraceID   string
	Deadline  time.Time
	Env       map[string]string
}

func bootstrap(mode string) {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime"
	switch mode {
	case "function":
		lambda.Start(function)
	case "orphan":
		time.Sleep(forever)
	case "sigterm": // tells of a SIGTERM, and is entitled to one
		lambda.StartWithOptions(function, lambda.WithEnableSIGTERM(func() {
			time.Sleep(20 * time.Millisecond)
			fmt.Println("got SIGTERM")
		}))
	case "sigterm-unregistered": // would tell of a SIGTERM
		c := make(chan os.Signal, 1)
		signal.Notify(c, syscall.SIGTERM)
		go func() { <-c; fmt.Println("got SIGTERM"); os.Exit(0) }()
		lambda.Start(function)
	case "unruly": // answers with what it was told to requests that come at the wrong time
		res, err := http.Get(api + "/invocation/next")
		if err != nil {
			log.Fatal(err)
		}
		var told []string
		for _, req := range []struct{ method, url, body string }{
			{"GET", api + "/invocation/next", ""},
			{"POST", api + "/init/error", "{}"},
			{"POST", strings.TrimSuffix(api, "/2018-06-01/runtime") + extensionPath, "{}"},
		} {
			r, _ := http.NewRequest(req.method, req.url, strings.NewReader(req.body))
			r.Header.Set("Lambda-Extension-Name", "late")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				log.Fatal(err)
			}
			var refusal struct{ ErrorType string }
			_ = json.NewDecoder(res.Body).Decode(&refusal)
			told = append(told, fmt.Sprint(res.StatusCode, " ", refusal.ErrorType))
		}
		body, _ := json.Marshal(reply{Text: strings.Join(told, ", ")})
		url := api + "/invocation/" + res.Header.Get("Lambda-Runtime-Aws-Request-Id") + "/response"
		if _, err := http.Post(url, "application/json", bytes.NewReader(body)); err != nil {
			log.Fatal(err)
		}
		time.Sleep(forever)
	case "init-exit":
		log.Fatal("cannot go on")
	case "init-hang":
		time.Sleep(forever)
	case "init-error": // reports its error as runtimes in other languages do
		body := strings.NewReader(`{"errorType":"Config.Missing","errorMessage":"no table","stackTrace":["main","init"]}`)
		if _, err := http.Post(api+"/init/error", "application/json", body); err != nil {
			log.Fatal(err)
		}
		os.Exit(1)
	case "init-exit-once": // fails unless its first life has left the marker
		marker := os.Getenv("MARKER")
		if _, err := os.Stat(marker); err != nil {
			_ = os.WriteFile(marker, nil, 0o600)
			os.Exit(1)
		}
		lambda.Start(function)
	default:
		log.Fatalf("unknown mode %q", mode)
	}
}

// meeting lets two invocations wait for each other.
var meeting = make(chan struct{})

func function(ctx context.Context, req request) (any, error) {
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	traceID, _ := ctx.Value("x-amzn-trace-id").(string)
	rep := reply{
		Text: req.Text, PID: os.Getpid(),
		RequestID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, TraceID: traceID, Deadline: deadline,
	}
	switch req.Do {
	case "echo":
	case "env":
		rep.Env = map[string]string{}
		for _, kv := range os.Environ() {
			key, value, _ := strings.Cut(kv, "=")
			rep.Env[key] = value
		}
	case "error":
		return nil, errors.New(req.Text)
	case "panic":
		panic(req.Text)
	case "exit":
		os.Exit(3)
	case "exit-0":
		os.Exit(0)
	case "hang":
		fmt.Println("hanging")
		time.Sleep(forever)
	case "sleep":
		fmt.Println("sleeping")
		time.Sleep(300 * time.Millisecond)
	case "big":
		rep.Text = strings.Repeat("x", 7<<20)
	case "stream":
		return &stream{strings.NewReader(`{"Text":"streamed"}`)}, nil
	case "stream-error":
		return &stream{io.MultiReader(strings.NewReader(`{"Text":"str`), brokenReader{})}, nil
	case "print":
		fmt.Print("first\nsecond\nunfinished")
		os.Stdout.Close()
	case "log":
		log.Print(req.Text)
	case "meet":
		select {
		case meeting <- struct{}{}:
		case <-meeting:
		}
	case "orphan": // leaves a child behind
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), bootstrapVariable+"=orphan")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		rep.PID = cmd.Process.Pid
	default:
		return nil, fmt.Errorf("unknown request %q", req.Do)
	}
	return rep, nil
}

// A stream is sent as it is read, since it has nothing to marshal.
type stream struct{ r io.Reader }

func (s *stream) Read(p []byte) (int, error) { return s.r.Read(p) }

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errStream }

var errStream = &streamError{}

type streamError struct{}

func (*streamError) Error() string { return "source dried up" }

// A lockedBuffer is a log that a test reads while it grows.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// eventually waits for a condition that other processes or goroutines bring about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}
