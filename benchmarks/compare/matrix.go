package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// A footnotes numbers what came back where it was not simply right.
type footnotes struct{ lines []string }

func (f *footnotes) add(text string) int {
	f.lines = append(f.lines, text)
	return len(f.lines)
}

var marks = map[verdict]string{right: "✓", wrong: "✗", refused: "○", notApplicable: "–"}

// matrixTable has a line for each row and a column for each framework that was run, and the footnotes.
func matrixTable(list []*result) (table, notes string) {
	var f footnotes
	lines := tableOf(list, "behaviour", func(r *result) string { return r.Name })
	for _, row := range rows() {
		lines = append(lines, line(row.name, list, func(r *result) string { return f.mark(r, row.name) }))
	}
	lines = append(lines, line("**wrong**", list, wrongCount))

	var b strings.Builder
	for i, note := range f.lines {
		fmt.Fprintf(&b, "%d. %s\n", i+1, note)
	}
	return report.Table(lines), b.String()
}

// mark is one cell of the table: what the header modes have in common, or each mode's own.
func (f *footnotes) mark(r *result, row string) string {
	var tried []cell
	for _, c := range r.Matrix {
		if c.Row == row && c.Verdict != notApplicable {
			tried = append(tried, c)
		}
	}
	switch {
	case len(tried) == 0:
		return marks[notApplicable]
	case len(tried) == 1 || tried[0].Verdict == tried[1].Verdict:
		return f.one(r, tried, "")
	}
	return fmt.Sprintf("%s %s, %s %s",
		tried[0].Mode, f.one(r, tried[:1], tried[0].Mode), tried[1].Mode, f.one(r, tried[1:], tried[1].Mode))
}

// one is the mark of cells with the same verdict, and its footnote unless all is right. The mode is "" if there is nothing to tell
// apart.
func (f *footnotes) one(r *result, cells []cell, m mode) string {
	verdict := cells[0].Verdict
	if verdict == right {
		return marks[right]
	}
	note := r.Name + ", " + cells[0].Row
	if m != "" {
		note += " (" + string(m) + ")"
	}
	note += fmt.Sprintf(": %#q", cells[0].Got)
	if len(cells) > 1 && cells[1].Got != cells[0].Got {
		note += fmt.Sprintf("; %s: %#q", cells[1].Mode, cells[1].Got)
	}
	return fmt.Sprintf("%s<sup>%d</sup>", marks[verdict], f.add(note))
}

// wrongCount counts rows, not modes.
func wrongCount(r *result) string {
	bad, tried := map[string]bool{}, map[string]bool{}
	for _, c := range r.Matrix {
		if c.Verdict != notApplicable {
			tried[c.Row] = true
		}
		if c.Verdict == wrong {
			bad[c.Row] = true
		}
	}
	return fmt.Sprintf("%d of %d", len(bad), len(tried))
}

// rowTable says what each row expects.
func rowTable() string {
	var b strings.Builder
	for _, r := range rows() {
		fmt.Fprintf(&b, "- **%s**: %s\n", r.name, r.expected)
	}
	return b.String()
}

// tried are the results that have a matrix.
func tried(list []*result) []*result {
	return slices.DeleteFunc(slices.Clone(list), func(r *result) bool { return len(r.Matrix) == 0 })
}
