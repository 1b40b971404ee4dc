package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

const invocations = 1000

// measure starts every program once in each round, and once more for the cost of its packages, which is printed by the Go runtime
// at the cost of time.
func measure(ctx context.Context, programs []*program, rounds int, event []byte) error {
	for range rounds {
		for _, i := range rand.Perm(len(programs)) { //nolint:gosec // an order, no secret
			p := programs[i]
			if err := errors.Join(p.measureStart(ctx, event), p.measureInit(ctx, event)); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
	}
	return nil
}

func (p *program) measureStart(ctx context.Context, event []byte) (err error) {
	fn := runtimeapi.New([]string{p.command}, runtimeapi.WithStdout(io.Discard))
	defer func() { err = errors.Join(err, fn.Close()) }()

	began := time.Now()
	answer, err := fn.Invoke(ctx, event)
	response := time.Since(began)
	if err != nil {
		return err
	}
	var got struct {
		StatusCode int
		Body       string
	}
	if err := json.Unmarshal(answer, &got); err != nil || got.StatusCode != http.StatusOK || got.Body != "hello" {
		return fmt.Errorf("a wrong answer: %s", answer)
	}
	p.poll = append(p.poll, fn.InitDuration().Seconds()*1e3)
	p.response = append(p.response, response.Seconds()*1e3)

	for range invocations - 1 {
		if _, err := fn.Invoke(ctx, event); err != nil {
			return err
		}
	}
	resident, err := residentBytes(fn.Pid())
	p.resident = append(p.resident, resident/1e6)
	return err
}

// measureInit adds up what the Go runtime says about each package that has something to initialise.
func (p *program) measureInit(ctx context.Context, event []byte) error {
	var trace bytes.Buffer
	fn := runtimeapi.New([]string{p.command}, runtimeapi.WithEnv("GODEBUG=inittrace=1"), runtimeapi.WithStderr(&trace))
	_, err := fn.Invoke(ctx, event)
	if err := errors.Join(err, fn.Close()); err != nil { // nothing is written to trace after Close
		return err
	}
	packages, err := parseInitTrace(trace.String())
	if err != nil {
		return err
	}
	var all, own float64
	for path, micros := range packages {
		all += micros
		if p.owns != "" && strings.HasPrefix(path, p.owns) {
			own += micros
		}
	}
	p.initAll = append(p.initAll, all)
	p.initOwn = append(p.initOwn, own)
	return nil
}

// parseInitTrace reads lines such as "init net/http @0.61 ms, 0.012 ms clock, 3920 bytes, 36 allocs" (Go package runtime,
// inittrace) and returns each package's time in µs.
func parseInitTrace(trace string) (map[string]float64, error) {
	packages := make(map[string]float64)
	for line := range strings.Lines(trace) {
		path, rest, ok := strings.Cut(strings.TrimPrefix(line, "init "), " @")
		if !ok || !strings.HasPrefix(line, "init ") {
			continue
		}
		var at, clock float64
		if _, err := fmt.Sscanf(rest, "%f ms, %f ms clock", &at, &clock); err != nil {
			return nil, fmt.Errorf("inittrace %q: %w", strings.TrimSpace(line), err)
		}
		packages[path] += clock * 1e3
	}
	if len(packages) == 0 {
		return nil, errors.New("GODEBUG=inittrace=1 printed nothing")
	}
	return packages, nil
}

// residentBytes is what the process takes of this machine's memory.
func residentBytes(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(status), "VmRSS:")
	var kilobytes float64
	if _, err := fmt.Sscanf(rest, "%f kB", &kilobytes); !ok || err != nil {
		return 0, fmt.Errorf("/proc/%d/status has no VmRSS", pid)
	}
	return kilobytes * 1024, nil
}
