//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// The whole way: HTTP client, load balancer, Lambda Runtime API, and the program in a process of its own, built as for Lambda.
func TestBootstrap(t *testing.T) {
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-trimpath", "-o", bootstrap, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	newRuntime := func(t *testing.T, timeout time.Duration) *runtimeapi.Runtime {
		fn := runtimeapi.New([]string{bootstrap},
			runtimeapi.WithTimeout(timeout), runtimeapi.WithInitTimeout(time.Minute), runtimeapi.WithStderr(t.Output()))
		t.Cleanup(func() { fn.Close() })
		return fn
	}

	for _, mode := range modes {
		t.Run(mode.String(), func(t *testing.T) {
			l := listen(t, newRuntime(t, time.Minute), balancer.WithMultiValueHeaders(mode == albtest.MultiValue))
			for _, tt := range []struct {
				name, method, target, body string
				status                     int
				want                       string // is in the answer
			}{
				{"address", "GET", "/whatismyip", "", 200, "127.0.0.1\n"}, // the client forges another: R42
				{"HEAD", "HEAD", "/whatismyip", "", 200, ""},
				{"event", "GET", "/browser?a=1&a=2", "", 200, map[albtest.Mode]string{ // R2
					albtest.SingleValue: "\"queryStringParameters\": {\n    \"a\": \"2\"\n  }",
					albtest.MultiValue:  "\"multiValueQueryStringParameters\": {\n    \"a\": [\n      \"1\",\n      \"2\"\n    ]\n  }",
				}[mode]},
				{"stray percent sign", "GET", "/browser?q=100%", "", 200, `"100%"`}, // R18
				{"binary body", "POST", "/upload", "\xff\x00", 200, `"body": "/wA="`},
				{"asterisk", "OPTIONS", "*", "", 404, "application/problem+json"}, // R31: not a path that a route matches
				{"no route", "POST", "/whatismyip", "", 200, `"httpMethod": "POST"`},
			} {
				status, answer := l.ask(t, tt.method, tt.target, tt.body)
				if status != tt.status || !strings.Contains(answer, tt.want) {
					t.Errorf("%s: %d %s", tt.name, status, answer)
				}
				if x := <-l.exchanges; x.Reason != "" || x.TargetStatus != tt.status {
					t.Errorf("%s: reason %q, the function's status %d", tt.name, x.Reason, x.TargetStatus)
				}
			}
			if err := l.balancer.CheckHealth(t.Context()); err != nil { // R79
				t.Error(err)
			}
		})
	}

	t.Run("crash", func(t *testing.T) {
		// Killed before it was handed the event, a process has failed nobody: another serves it. Then the wait gets longer.
		for wait := 50 * time.Millisecond; wait < 10*time.Second; wait *= 2 {
			fn := newRuntime(t, time.Minute)
			l := listen(t, fn)
			pid := stop(t, fn)
			time.AfterFunc(wait, func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
			status, _ := l.ask(t, "GET", "/whatismyip", "")
			if status == http.StatusOK {
				continue
			}
			l.expectFailure(t, status, "Runtime.ExitError")
			l.expectRecovery(t, fn, pid)
			return
		}
		t.Error("no request failed")
	})

	t.Run("timeout", func(t *testing.T) {
		fn := newRuntime(t, 2*time.Second)
		l := listen(t, fn)
		pid := stop(t, fn)
		status, _ := l.ask(t, "GET", "/whatismyip", "")
		l.expectFailure(t, status, "Sandbox.Timedout")
		l.expectRecovery(t, fn, pid)
	})
}

// stop starts the function's process and makes it stand still. It has polled, so the next event is handed to it all the same.
func stop(t *testing.T, fn *runtimeapi.Runtime) (pid int) {
	t.Helper()
	if err := fn.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	pid = fn.Pid()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for { // a signal takes its time
		state, err := exec.CommandContext(t.Context(), "ps", "-o", "state=", "-p", strconv.Itoa(pid)).Output()
		if stat, procErr := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); procErr == nil { // Linux, which may have no ps
			_, state, _ = bytes.Cut(stat, []byte(") "))
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(bytes.TrimSpace(state), []byte("T")) {
			return pid
		}
	}
}

// A listener is a load balancer that listens on a port.
type listener struct {
	balancer  *balancer.Balancer
	server    *httptest.Server
	exchanges chan balancer.Exchange // one for each request
}

func listen(t *testing.T, fn lambda.Handler, opts ...balancer.Option) *listener {
	t.Helper()
	l := &listener{exchanges: make(chan balancer.Exchange, 1)}
	l.balancer = balancer.New(fn, append(opts,
		balancer.WithErrorLog(log.New(t.Output(), "", 0)),
		balancer.WithObserver(func(x balancer.Exchange) { l.exchanges <- x }))...)
	l.server = httptest.NewUnstartedServer(l.balancer)
	l.server.Config.DisableGeneralOptionsHandler = true // OPTIONS * is the function's
	l.server.Start()
	t.Cleanup(l.server.Close)
	return l
}

// ask sends a request with a forged address and returns the answer's status, and its content type and body.
func (l *listener) ask(t *testing.T, method, target, body string) (status int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, l.server.URL, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Opaque = target // byte for byte
	r.Header.Set("X-Forwarded-For", "8.8.8.8")
	res, err := l.server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, fmt.Sprintf("%s\n%s", res.Header.Get("Content-Type"), b)
}

// expectFailure holds the last exchange to be a 502 for that error of the function.
func (l *listener) expectFailure(t *testing.T, status int, typ string) {
	t.Helper()
	x := <-l.exchanges
	if status != http.StatusBadGateway || x.Status != status || x.Reason != balancer.LambdaUnhandled {
		t.Errorf("status %d, reason %q; want a 502 with %s", status, x.Reason, balancer.LambdaUnhandled)
	}
	if e, ok := errors.AsType[*runtimeapi.FunctionError](x.Err); !ok || e.Type != typ {
		t.Errorf("error %v, want %s", x.Err, typ)
	}
}

// expectRecovery holds the next request to be served by another process.
func (l *listener) expectRecovery(t *testing.T, fn *runtimeapi.Runtime, pid int) {
	t.Helper()
	if status, answer := l.ask(t, "GET", "/whatismyip", ""); status != http.StatusOK {
		t.Errorf("the next request: %d %s", status, answer)
	}
	if now := fn.Pid(); now == 0 || now == pid {
		t.Errorf("process %d, before it was %d", now, pid)
	}
}
