package function

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// An environment is one process of the function, which works on one event at a time.
type environment struct {
	runtime *runtimeapi.Runtime

	mu       sync.Mutex
	call     *Call // the newest, which what is printed belongs to
	previous *Call
}

// newEnvironment makes an environment for the function. Its process is started by the first call, or by start.
func newEnvironment(f *Function, command []string) *environment {
	e := &environment{call: new(Call), previous: new(Call)}
	s := f.spec
	opts := []runtimeapi.Option{
		runtimeapi.WithDir(s.Dir),
		runtimeapi.WithTimeout(s.Timeout),
		runtimeapi.WithMemorySize(s.Memory),
		runtimeapi.WithEnv(s.Env...),
		runtimeapi.WithStdout(&lineWriter{to: func(l record.Line) { e.print(f, l) }}),
		runtimeapi.WithStderr(&lineWriter{to: func(l record.Line) { e.print(f, l) }, stderr: true}),
		runtimeapi.WithObserver(e.observe),
	}
	if s.Name != "" {
		opts = append(opts, runtimeapi.WithFunctionName(s.LambdaName()))
	}
	e.runtime = runtimeapi.New(command, opts...)
	return e
}

// assign makes what is printed from now on the call's.
func (e *environment) assign(c *Call) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.previous, e.call = e.call, c
}

func (e *environment) invoke(ctx context.Context, event []byte) ([]byte, error) {
	return e.runtime.Invoke(ctx, event)
}

func (e *environment) serve(w http.ResponseWriter, r *http.Request) { e.runtime.ServeHTTP(w, r) }

// observe fills in the call. It may come when the next call is under way, if the caller did not wait.
func (e *environment) observe(inv runtimeapi.Invocation) {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := callOf(inv.Context)
	c.Invocation = record.Invocation{RequestID: inv.RequestID, Cold: inv.Cold, Duration: record.Milliseconds(inv.Duration)}
	if inv.Cold {
		c.Invocation.Init = record.Milliseconds(inv.InitDuration)
	}
}

// print hands a line to the call that it belongs to: a line that comes late names its invocation.
func (e *environment) print(f *Function, line record.Line) {
	f.print(line)
	e.mu.Lock()
	c := e.call
	if id := e.previous.Invocation.RequestID; id != "" && strings.Contains(line.Text, id) {
		c = e.previous
	}
	e.mu.Unlock()
	if c.OnLine != nil {
		c.OnLine(line)
	}
}

// A lineWriter makes lines of what a process prints. It is given whole ones, or parts of very long ones.
type lineWriter struct {
	to     func(record.Line)
	stderr bool
}

func (w *lineWriter) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		w.to(record.Line{Time: time.Now(), Stderr: w.stderr, Text: strings.ToValidUTF8(string(bytes.TrimRight(line, "\r\n")), "\uFFFD")})
	}
	return len(p), nil
}
