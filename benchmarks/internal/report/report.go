// Package report is what the measuring programs have in common: medians, Markdown tables, and the place in a README where a
// table is published.
package report

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Median is the middle of the values, or the mean of the two in the middle. It is 0 if there are none.
func Median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	switch {
	case n == 0:
		return 0
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}

// Table is a Markdown table: the first row is its head, the first column is set left and the others right. Every row has as
// many cells as the first.
func Table(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell), 3)
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				fmt.Fprintf(&b, "| %s%s |", cell, padding)
			} else {
				fmt.Fprintf(&b, " %s%s |", padding, cell)
			}
		}
		b.WriteByte('\n')
		if n > 0 {
			continue
		}
		for i, width := range widths {
			if i == 0 {
				fmt.Fprintf(&b, "|%s|", strings.Repeat("-", width+2))
			} else {
				fmt.Fprintf(&b, "%s:|", strings.Repeat("-", width+1))
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// ReplaceSection puts text between "<!-- name -->" and "<!-- /name -->" in the file, in place of what is there. The error
// names a marker that is missing.
func ReplaceSection(file, name, text string) error {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	old, err := os.ReadFile(file) //nolint:gosec // whoever runs the program names the file
	if err != nil {
		return err
	}
	opening, closing := "<!-- "+name+" -->", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(string(old), opening)
	if !ok {
		return fmt.Errorf("report: %s has no %q; add it where the table belongs", file, opening)
	}
	_, after, ok := strings.Cut(rest, closing)
	if !ok {
		return fmt.Errorf("report: %s has no %q after %q; add it", file, closing, opening)
	}
	replaced := before + opening + "\n\n" + strings.TrimSpace(text) + "\n\n" + closing + after
	return os.WriteFile(file, []byte(replaced), info.Mode()) //nolint:gosec // as above
}
