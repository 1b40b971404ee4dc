package main

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3, 10, 9, 8, 7, 6}
	for p, want := range map[float64]float64{0: 1, 10: 1, 50: 5, 51: 6, 90: 9, 99: 10, 100: 10} {
		if got := percentile(values, p); got != want {
			t.Errorf("percentile %v is %v, want %v", p, got, want)
		}
	}
	if got := percentile(nil, 50); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
	if got := spread([]float64{8, 10, 10, 12}); math.Abs(got-0.2) > 1e-9 {
		t.Errorf("spread %v, want 0.2", got)
	}
	if got := in(time.Millisecond, []time.Duration{1500 * time.Microsecond}); got[0] != 1.5 {
		t.Errorf("1.5 ms is %v", got)
	}
}

func TestPerMillion(t *testing.T) {
	tests := []struct {
		name         string
		plan         plan
		milliseconds float64
		want         float64
	}{
		{"a part of a millisecond is one", plan{memory: 1024, perGBSec: 0.00001}, 0.2, 0.2 + 0.01},
		{"whole milliseconds stay", plan{memory: 1024, perGBSec: 0.00001}, 2, 0.2 + 0.02},
		{"more is rounded up", plan{memory: 512, perGBSec: 0.00001}, 2.01, 0.2 + 0.015},
		{"the page's own figures, 128 MB for 100 ms on x86", plan{memory: 128, perGBSec: priceX86}, 100, 0.2 + 0.2083},
	}
	for _, tt := range tests {
		if got := tt.plan.perMillion(tt.milliseconds); math.Abs(got-tt.want) > 1e-4 {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestParseStat(t *testing.T) {
	pid, parent, ok := parseStat("7 (a (b) c) S 3 7 7 0")
	if pid != 7 || parent != 3 || !ok {
		t.Errorf("got %d, %d, %t", pid, parent, ok)
	}
	if _, _, ok := parseStat("7"); ok {
		t.Error("half a line is taken")
	}
	if memory, err := residentBytes(os.Getpid()); err != nil || memory < 1e6 {
		t.Errorf("this process takes %v bytes, %v", memory, err)
	}
}

func TestPlot(t *testing.T) {
	tests := []struct {
		name string
		plot plot
	}{
		{"some", plot{title: "a < b & c", unit: "ms", key: "dot", bars: []bar{{"x <y>", 0.5, 1, 20, true}, {"z", 100, 200, 3000, false}}}},
		{"one value", plot{title: "one", bars: []bar{{name: "x", from: 10, dot: 10, to: 10}}}},
		{"none", plot{title: "none"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			svg := tt.plot.svg()
			decoder := xml.NewDecoder(strings.NewReader(svg))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("not well-formed: %v\n%s", err, svg)
				}
			}
			if strings.Contains(svg, "NaN") || strings.Contains(svg, "Inf") || !strings.Contains(svg, "prefers-color-scheme: dark") {
				t.Error(svg)
			}
		})
	}
}

func TestReport(t *testing.T) {
	newResult := func(name string, floor bool, p50, cold float64) *result {
		r := &result{Name: name, Floor: floor, Size: 5e6, Matrix: []cell{
			{Row: "Host", Mode: single, Verdict: wrong, Got: "a `b`"}, {Row: "Host", Mode: multi, Verdict: right},
		}}
		r.Speed = &speed{Cold: []float64{cold}, Memory: []float64{1e7}, ColdMedian: cold, MemoryUsed: 1e7, Kinds: map[string]kindTime{}}
		for _, k := range kinds {
			r.Speed.Kinds[k.name] = kindTime{P50: p50, P99: 2 * p50, PerSecond: 1e3 / p50, Billed: p50, Rounds: []float64{p50}}
		}
		return r
	}
	all := &results{Rounds: 1, Requests: quickLoad.requests, Frameworks: []*result{
		newResult(ours, false, 1.04, 3), newResult("other", false, 1, 4), newResult("slow", false, 2, 4), newResult("bare", true, 0.5, 1),
		{Name: "absent", Skipped: "not on this machine: cobol"},
	}}
	folder := t.TempDir()
	if err := all.publish(folder); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"**1000**", "*1040*", "within 5 % of the first, 1040 µs after other (1000)", "cold start: first, 3.0 ms",
		"not on this machine: cobol", "single ✗<sup>1</sup>, multi ✓", "1 of 1",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(string(text), "*500*") {
		t.Error("what is no framework is ranked")
	}
	for _, file := range []string{"results.json", "latency.svg", "coldstart.svg", "memory.svg"} {
		if info, err := os.Stat(filepath.Join(folder, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	if err := all.verdict(); err == nil || !strings.Contains(err.Error(), "Host (single)") {
		t.Errorf("a wrong row of ours gives %v", err)
	}
}
