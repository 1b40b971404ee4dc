package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

const (
	initTime     = 10 * time.Second // Lambda's own limit
	functionTime = 10 * time.Second
	headerTime   = 10 * time.Second
	healthPath   = "/health"
)

// A target is a framework's function in a target group, behind a load balancer that listens on loopback. The function's process is
// started by the first request.
type target struct {
	address   string // of the load balancer
	function  *runtimeapi.Runtime
	balancer  *balancer.Balancer
	exchanges chan balancer.Exchange // what became of each request, if somebody watches
	stopwatch stopwatch
	output    output
	server    *http.Server
}

// newTarget listens. A watched target hands over an exchange for each request, which must be taken.
func newTarget(ctx context.Context, f *framework, command []string, dir string, m mode, watched bool) (*target, error) {
	t := &target{exchanges: make(chan balancer.Exchange, 1)}
	options := []runtimeapi.Option{
		runtimeapi.WithDir(dir), runtimeapi.WithInitTimeout(initTime), runtimeapi.WithTimeout(functionTime),
		runtimeapi.WithStdout(nil), runtimeapi.WithStderr(nil),
	}
	if watched {
		options = append(options, runtimeapi.WithStdout(&t.output), runtimeapi.WithStderr(&t.output))
	}
	t.function = runtimeapi.New(command, options...)
	t.stopwatch.function = t.function
	if f.gateway {
		t.stopwatch.function = gateway{t.function}
	}
	if err := t.listen(ctx, &t.stopwatch, m, watched); err != nil {
		return nil, err
	}
	return t, nil
}

// newStub is a target whose function is in this process and does next to nothing: what it takes is the harness's own time.
func newStub(ctx context.Context) (*target, error) {
	t := &target{function: runtimeapi.New(nil)}
	response := []byte(`{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Content-Type":["text/plain"]},"body":"ok"}`)
	if err := t.listen(ctx, stub(response), multi, false); err != nil {
		return nil, err
	}
	return t, nil
}

type stub []byte

func (s stub) Invoke(context.Context, []byte) ([]byte, error) { return s, nil }

func (t *target) listen(ctx context.Context, function lambda.Handler, m mode, watched bool) error {
	options := []balancer.Option{
		balancer.WithMultiValueHeaders(m == multi),
		balancer.WithHealthCheck(healthPath, 0),
		balancer.WithPreserveHost(true), // or the port would be added, which is not a client's default one here
		balancer.WithErrorLog(log.New(io.Discard, "", 0)),
	}
	if watched {
		options = append(options, balancer.WithObserver(func(e balancer.Exchange) { t.exchanges <- e }))
	}
	t.balancer = balancer.New(function, options...)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, t.function.Close())
	}
	t.address = listener.Addr().String()
	t.server = &http.Server{Handler: t.balancer, ReadHeaderTimeout: headerTime}
	go func() { _ = t.server.Serve(listener) }()
	return nil
}

// close ends the function's process with all its children, and the load balancer.
func (t *target) close() error {
	err := t.function.Close()
	t.server.Close()
	return err
}

// A stopwatch takes the time of each invocation, which is what Lambda bills.
type stopwatch struct {
	function lambda.Handler

	mu   sync.Mutex
	laps []time.Duration
}

func (s *stopwatch) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	began := time.Now()
	response, err := s.function.Invoke(ctx, event)
	lap := time.Since(began)
	s.mu.Lock()
	s.laps = append(s.laps, lap)
	s.mu.Unlock()
	return response, err
}

// take returns the laps since the last call.
func (s *stopwatch) take() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	laps := s.laps
	s.laps = nil
	return laps
}

// An output collects what the function's process prints.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

// take returns what was printed since the last call.
func (o *output) take() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	text := o.buffer.String()
	o.buffer.Reset()
	return text
}
