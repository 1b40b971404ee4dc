package main

import (
	"fmt"
	"strings"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// writeSummary writes the short table into the section "compare" of a Markdown file.
func (r *results) writeSummary(file string) error {
	lines := [][]string{{"framework", "rows wrong", "cold start, ms", "small GET, p50, ms", "memory, MB"}}
	for _, f := range r.Frameworks {
		if f.Floor || f.Speed == nil {
			continue
		}
		lines = append(lines, []string{
			f.Name, wrongCount(f), fmt.Sprintf("%.0f", f.Speed.ColdMedian),
			fmt.Sprintf("%.2f", f.Speed.Kinds["get"].P50), fmt.Sprintf("%.0f", f.Speed.MemoryUsed/1e6),
		})
	}
	return report.ReplaceSection(file, "compare", strings.TrimSpace(report.Table(lines)))
}
