package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// A summary holds the medians of each benchmark, in the order of cases and implementations that the tables have.
type summary struct {
	goos, goarch, cpu string
	samples           map[string]map[string][]float64 // by name without "Benchmark", then by unit
}

// parse reads the format of https://go.dev/design/14313-benchmark-format.
func parse(raw []byte) (*summary, error) {
	s := &summary{samples: make(map[string]map[string][]float64)}
	for line := range bytes.Lines(raw) {
		text := strings.TrimSpace(string(line))
		key, value, ok := strings.Cut(text, ": ")
		switch {
		case strings.HasPrefix(text, "Benchmark"):
			if err := s.add(strings.Fields(text)); err != nil {
				return nil, fmt.Errorf("%w in %q", err, text)
			}
		case ok && key == "goos":
			s.goos = value
		case ok && key == "goarch":
			s.goarch = value
		case ok && key == "cpu":
			s.cpu = value
		}
	}
	return s, nil
}

// add takes the fields of one result: name, iterations, then values each with its unit.
func (s *summary) add(fields []string) error {
	name := strings.TrimPrefix(withoutProcs(fields[0]), "Benchmark")
	units := s.samples[name]
	if units == nil {
		units = make(map[string][]float64)
		s.samples[name] = units
	}
	for i := 2; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return err
		}
		units[fields[i+1]] = append(units[fields[i+1]], value)
	}
	return nil
}

var procs = regexp.MustCompile(`-\d+$`)

// withoutProcs removes GOMAXPROCS from the name of a benchmark, "-2" for two processors. No benchmark here ends in a number of
// its own after a hyphen.
func withoutProcs(name string) string { return procs.ReplaceAllString(name, "") }

func (s *summary) has(name string) bool { return len(s.samples[name]) > 0 }

func (s *summary) median(name, unit string) float64 { return report.Median(s.samples[name][unit]) }

func (s *summary) machine() string { return fmt.Sprintf("%s/%s, %s", s.goos, s.goarch, s.cpu) }
