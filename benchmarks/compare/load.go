package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A kind is one of the requests that make up the load.
type kind struct {
	name    string
	title   string
	request request
	status  int
	bytes   int // of the body, 0 for any number
}

// note makes the body of a POST large. The service does not know it and leaves it out.
var note = strings.Repeat("n", 10_000)

var kinds = []kind{
	{"get", "GET /items/7", request{method: "GET", target: "/items/7"}, http.StatusOK, 0},
	{"post", "POST /items, 10 KB", postItem(`{"name":"teapot","quantity":2,"note":"` + note + `"}`), http.StatusCreated, 0},
	{"large", "GET /large, 600 KB", request{method: "GET", target: "/large"}, http.StatusOK, 600_000},
}

// A load is how many requests of each kind a round has, by the kind's name. As many again, up to warm, go before and are not
// counted.
type load struct {
	warm     int
	requests map[string]int
}

var (
	fullLoad  = load{warm: 300, requests: map[string]int{"get": 500, "post": 300, "large": 60}}
	quickLoad = load{warm: 30, requests: map[string]int{"get": 100, "post": 60, "large": 12}}
)

// A lap is what one round says of one kind of request. The times are in ms.
type lap struct {
	latencies  []float64 // seen by the client
	billed     []float64 // of the invocations
	perSecond  float64   // requests, one at a time
	medianSeen float64
	medianRun  float64
}

// start sends the first request of a process that is not running yet, and returns the time until the response is there.
func (t *target) start(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	c, err := dial(ctx, t.address)
	if err != nil {
		return 0, err
	}
	defer c.close()
	if err := c.expect(&kinds[0], kinds[0].request.bytes()); err != nil {
		return 0, err
	}
	return time.Since(began), nil
}

// run puts the target under load with one kind of request, one at a time, over one connection.
func (t *target) run(ctx context.Context, k *kind, l load) (lap, error) {
	c, err := dial(ctx, t.address)
	if err != nil {
		return lap{}, err
	}
	defer c.close()
	n := l.requests[k.name]
	raw := k.request.bytes()
	for range min(l.warm, n) {
		if err := c.expect(k, raw); err != nil {
			return lap{}, err
		}
	}
	t.stopwatch.take()
	latencies := make([]time.Duration, 0, n)
	began := time.Now()
	for range n {
		sent := time.Now()
		if err := c.expect(k, raw); err != nil {
			return lap{}, err
		}
		latencies = append(latencies, time.Since(sent))
	}
	elapsed := time.Since(began)
	r := lap{
		latencies: in(time.Millisecond, latencies),
		billed:    in(time.Millisecond, t.stopwatch.take()),
		perSecond: float64(n) / elapsed.Seconds(),
	}
	r.medianSeen, r.medianRun = percentile(r.latencies, 50), percentile(r.billed, 50)
	return r, nil
}

// expect sends the request and is content with the right status and size alone: speed counts only for right answers.
func (c *client) expect(k *kind, raw []byte) error {
	var size counter
	status, _, err := c.do(k.request.method, raw, &size)
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: the connection was closed", k.title)
	case err != nil:
		return fmt.Errorf("%s: %w", k.title, err)
	case status != k.status || k.bytes != 0 && int(size) != k.bytes:
		return fmt.Errorf("%s: %d with %d bytes, want %d with %d", k.title, status, int(size), k.status, k.bytes)
	}
	return nil
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
