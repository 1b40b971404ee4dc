package main

import (
	"os"
	"path/filepath"
	"slices"
)

// gallery are the plots of the report by their files' names.
func gallery(list []*result) map[string]*plot {
	plots := map[string]*plot{
		"latency.svg":   {title: "GET /items/7, one request at a time", unit: "µs", key: "dot: p50, line: to p99"},
		"coldstart.svg": {title: "From the start of the process to the first response", unit: "ms", key: "dot: median, line: fastest to slowest"},
		"memory.svg":    {title: "Memory of the process tree after the load", unit: "MB", key: "dot: median, line: least to most"},
	}
	for _, r := range list {
		get := r.Speed.Kinds["get"]
		add := func(file string, from, dot, to float64) {
			plots[file].bars = append(plots[file].bars, bar{name: r.Name, from: from, dot: dot, to: to, ours: r.Name == ours})
		}
		add("latency.svg", get.P50*1e3, get.P50*1e3, get.P99*1e3)
		add("coldstart.svg", slices.Min(r.Speed.Cold), r.Speed.ColdMedian, slices.Max(r.Speed.Cold))
		add("memory.svg", slices.Min(r.Speed.Memory)/1e6, r.Speed.MemoryUsed/1e6, slices.Max(r.Speed.Memory)/1e6)
	}
	return plots
}

// writePlots draws what was measured, the best first.
func writePlots(folder string, list []*result) error {
	if len(list) == 0 {
		return nil
	}
	for file, p := range gallery(list) {
		slices.SortStableFunc(p.bars, func(a, b bar) int {
			switch {
			case a.dot < b.dot:
				return -1
			case a.dot > b.dot:
				return 1
			}
			return 0
		})
		if err := os.WriteFile(filepath.Join(folder, file), []byte(p.svg()), 0o644); err != nil { //nolint:gosec // it is published
			return err
		}
	}
	return nil
}
