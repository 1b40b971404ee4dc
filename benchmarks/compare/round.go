package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"time"
)

// A contender is a framework that could be made, and what was measured of it.
type contender struct {
	framework
	result *result
	laps   map[string][]lap // by kind
	cold   []float64        // from the start to the first response, in ms
	memory []float64        // after the load, in bytes
}

// A noise is what was measured of the machine and the harness, once in every round. It ought to be the same in all.
type noise struct {
	Calibration []float64 `json:"calibrationMs"` // a fixed piece of work
	Harness     []float64 `json:"harnessUs"`     // p50 of a request that ends in the harness
}

// measure runs the rounds. A contender that fails in one is out, with the reason in its result.
func (w *workshop) measure(ctx context.Context, contenders []*contender, rounds int, l load) (noise, error) {
	var n noise
	for round := range rounds {
		_, _ = fmt.Fprintf(w.progress, "round      %d of %d\n", round+1, rounds)
		n.Calibration = append(n.Calibration, calibrate())
		own, err := measureHarness(ctx, l)
		if err != nil {
			return n, err
		}
		n.Harness = append(n.Harness, own)
		for _, i := range rand.Perm(len(contenders)) { //nolint:gosec // an order, no secret
			c := contenders[i]
			if c.result.Failed != "" {
				continue
			}
			if err := w.measureOnce(ctx, c, l); err != nil {
				if ctx.Err() != nil {
					return n, ctx.Err()
				}
				c.result.Failed = oneLine(w.scrub(err.Error()), 240)
				_, _ = fmt.Fprintf(w.progress, "round      %s fails: %s\n", c.name, c.result.Failed)
			}
		}
	}
	return n, nil
}

// measureOnce is one life of a contender's process.
func (w *workshop) measureOnce(ctx context.Context, c *contender, l load) error {
	t, err := newTarget(ctx, &c.framework, w.expand(&c.framework, c.command), w.build(&c.framework), multi, false)
	if err != nil {
		return err
	}
	defer t.close() //nolint:errcheck // it is always nil
	cold, err := t.start(ctx)
	if err != nil {
		return err
	}
	c.cold = append(c.cold, float64(cold)/float64(time.Millisecond))
	for i := range kinds {
		k := &kinds[i]
		lap, err := t.run(ctx, k, l)
		if err != nil {
			return err
		}
		c.laps[k.name] = append(c.laps[k.name], lap)
	}
	memory, err := residentBytes(t.function.Pid())
	if err != nil {
		return err
	}
	c.memory = append(c.memory, memory)
	return nil
}

// calibrate takes the time, in ms, of a piece of work that is always the same.
func calibrate() float64 {
	block := make([]byte, 1<<20)
	began := time.Now()
	for range 32 {
		sum := sha256.Sum256(block)
		block[0] = sum[0]
	}
	return float64(time.Since(began)) / float64(time.Millisecond)
}

// measureHarness is the p50, in µs, of a small request whose function is in this process.
func measureHarness(ctx context.Context, l load) (float64, error) {
	t, err := newStub(ctx)
	if err != nil {
		return 0, err
	}
	defer t.close() //nolint:errcheck // it is always nil
	lap, err := t.run(ctx, &kinds[0], l)
	return lap.medianSeen * 1e3, err
}
