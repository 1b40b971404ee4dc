package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// results are the whole outcome, as it is written to results.json.
type results struct {
	Machine    string            `json:"machine"`
	Toolchains map[string]string `json:"toolchains"`
	Rounds     int               `json:"rounds"`
	Warm       int               `json:"warm"`
	Requests   map[string]int    `json:"requests"` // of each kind in a round
	Noise      noise             `json:"noise"`
	Frameworks []*result         `json:"frameworks"`
}

// A result is what came of one framework.
type result struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Language string `json:"language"`
	Runtime  string `json:"runtime"`
	Note     string `json:"note,omitempty"`
	Floor    bool   `json:"floor,omitempty"`
	Skipped  string `json:"skipped,omitempty"` // why it was not run at all
	Failed   string `json:"failed,omitempty"`  // why it has no figures of speed
	Matrix   []cell `json:"matrix,omitempty"`
	Size     int64  `json:"packageBytes,omitempty"`
	Speed    *speed `json:"speed,omitempty"`
}

// A speed is what was measured of a framework. Times are in ms, memory is in bytes.
type speed struct {
	Cold       []float64           `json:"coldMs"` // each start
	Memory     []float64           `json:"memoryBytes"`
	ColdMedian float64             `json:"coldMedianMs"`
	MemoryUsed float64             `json:"memoryMedianBytes"`
	Kinds      map[string]kindTime `json:"kinds"`
}

// A kindTime is about one kind of request: latencies as the client sees them, over all rounds.
type kindTime struct {
	P50       float64   `json:"p50Ms"`
	P99       float64   `json:"p99Ms"`
	PerSecond float64   `json:"requestsPerSecond"` // the median of the rounds
	Billed    float64   `json:"invocationP50Ms"`
	Rounds    []float64 `json:"p50OfRoundsMs"`
	Spread    float64   `json:"spread"` // of the rounds' p50
}

// finish makes a speed of the laps of all rounds.
func (c *contender) finish() {
	if c.result.Failed != "" || len(c.cold) == 0 {
		return
	}
	s := &speed{
		Cold: c.cold, Memory: c.memory, ColdMedian: report.Median(c.cold), MemoryUsed: report.Median(c.memory), Kinds: map[string]kindTime{},
	}
	for name, laps := range c.laps {
		var latencies, billed, perSecond, medians []float64
		for _, l := range laps {
			latencies, billed = append(latencies, l.latencies...), append(billed, l.billed...)
			perSecond, medians = append(perSecond, l.perSecond), append(medians, l.medianSeen)
		}
		s.Kinds[name] = kindTime{
			P50: percentile(latencies, 50), P99: percentile(latencies, 99), PerSecond: report.Median(perSecond),
			Billed: percentile(billed, 50), Rounds: medians, Spread: spread(medians),
		}
	}
	c.result.Speed = s
}

// wrongRows names the rows that the framework got wrong, with the mode.
func (r *result) wrongRows() []string {
	var names []string
	for _, c := range r.Matrix {
		if c.Verdict == wrong {
			names = append(names, fmt.Sprintf("%s (%s): %s", c.Row, c.Mode, c.Got))
		}
	}
	return names
}

func (r *results) write(file string) error {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return err
	}
	return os.WriteFile(file, b.Bytes(), 0o644) //nolint:gosec // it is published
}

// describeMachine tells what matters of this machine, and not whose it is.
func describeMachine() string {
	model := "an unnamed processor"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, ok := strings.Cut(string(info), "model name"); ok {
			line, _, _ := strings.Cut(rest, "\n")
			model = strings.TrimSpace(strings.TrimLeft(line, "\t :"))
		}
	}
	return fmt.Sprintf("%s/%s, %d logical processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), model)
}
