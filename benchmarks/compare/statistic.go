package main

import (
	"math"
	"slices"
	"time"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// percentile is the smallest of the values that at least p percent of them do not exceed, 0 if there are none.
func percentile(values []float64, p float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// spread is how far apart the middle half of the values is, in parts of their median: what the same measurement differs by from
// round to round.
func spread(values []float64) float64 {
	median := report.Median(values)
	if median == 0 {
		return 0
	}
	return (percentile(values, 75) - percentile(values, 25)) / median
}

// in returns the durations as numbers of the unit.
func in(unit time.Duration, durations []time.Duration) []float64 {
	values := make([]float64, 0, len(durations))
	for _, d := range durations {
		values = append(values, float64(d)/float64(unit))
	}
	return values
}
