package main

import (
	"fmt"
	"math"
	"strconv"
)

// The rows and columns of the first table, and how many times faster than the best of the others each case is meant to be.
var (
	cases = []struct {
		name string
		aim  string
	}{
		{"get-single", "7"}, {"get-multi", "7"}, {"post-10k", "7"}, {"echo-700k", "20"}, {"json-99k", "3.5"}, {"gzip", "7"}, {"health", "4.7"},
	}
	others = []string{"api-proxy", "algnhsa", "stdlib"}
)

// The rows of the second table. What is added costs something in each, save for goroutines, which share the work.
var dimensions = []struct {
	name string
	unit string
	n    []int
}{
	{"body-bytes", "byte", []int{1 << 10, 10 << 10, 100 << 10, 1 << 20}},
	{"headers", "header", []int{5, 14, 50, 150, 500}},
	{"query-keys", "key", []int{1, 10, 100, 500, 2000}},
	{"routes", "route", []int{10, 100, 1000, 10_000}},
	{"goroutines", "", []int{1, 2, 4, 16, 64}},
}

// invokeTable compares the implementations case by case. Benchmarks that were not run leave their cells empty.
func (s *summary) invokeTable() [][]string {
	head := append([]string{"case", "albatross"}, others...)
	rows := [][]string{append(head, "best other ÷ albatross", "aim")}
	for _, c := range cases {
		prefix := "Invoke/" + c.name + "/"
		row := append(make([]string, 0, len(rows[0])), c.name, s.cell(prefix+"albatross"))
		best := math.Inf(1)
		for _, other := range others {
			row = append(row, s.cell(prefix+other))
			if s.has(prefix + other) {
				best = min(best, s.median(prefix+other, "ns/op"))
			}
		}
		rows = append(rows, append(row, ratio(best, s.median(prefix+"albatross", "ns/op")), c.aim+"×"))
	}
	return append(rows, []string{"get-single, floor", s.cell("Invoke/get-single/floor"), "", "", "", "", ""})
}

func (s *summary) cell(name string) string {
	if !s.has(name) {
		return ""
	}
	return fmt.Sprintf("%s µs · %s B · %.0f", micros(s.median(name, "ns/op")), thousands(s.median(name, "B/op")), s.median(name, "allocs/op"))
}

// scaleTable shows growth: what each added byte, header, key or route takes, from one row to the next.
func (s *summary) scaleTable() [][]string {
	rows := [][]string{{"dimension", "n", "µs", "B", "allocations", "for each added"}}
	for _, d := range dimensions {
		first, before := "", ""
		for i, n := range d.n {
			name := "Scale/" + d.name + "/" + strconv.Itoa(n)
			if !s.has(name) {
				continue
			}
			ns, added := s.median(name, "ns/op"), ""
			switch {
			case first == "":
				first = name
			case d.unit == "":
				added = ratio(s.median(first, "ns/op"), ns) + " the throughput of 1"
			default:
				added = fmt.Sprintf("%.2f ns a %s", (ns-s.median(before, "ns/op"))/float64(n-d.n[i-1]), d.unit)
			}
			rows = append(rows, []string{
				d.name, thousands(float64(n)), micros(ns), thousands(s.median(name, "B/op")), fmt.Sprintf("%.0f", s.median(name, "allocs/op")), added,
			})
			before = name
		}
	}
	return rows
}

func ratio(a, b float64) string {
	if r := a / b; !math.IsInf(r, 0) && !math.IsNaN(r) {
		return fmt.Sprintf("%.1f×", r)
	}
	return ""
}

func micros(ns float64) string {
	if us := ns / 1000; us < 100 {
		return fmt.Sprintf("%.1f", us)
	}
	return thousands(ns / 1000)
}

// thousands is a whole number with a comma after each three digits.
func thousands(v float64) string {
	digits := strconv.FormatFloat(v, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
