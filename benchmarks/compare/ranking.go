package main

import (
	"fmt"
	"slices"
	"strings"
)

// near is how far behind the first a figure may be and still be marked, as a part of it.
const near = 0.05

// A figure is one column of the speed tables.
type figure struct {
	title string
	unit  string
	most  bool // the largest is the best
	value func(*result) float64
	show  string // how the value is printed
}

// figures are those by which frameworks are ranked.
func figures() []figure {
	kindOf := func(name string, part func(kindTime) float64) func(*result) float64 {
		return func(r *result) float64 { return part(r.Speed.Kinds[name]) }
	}
	p50 := func(t kindTime) float64 { return t.P50 * 1e3 }
	p99 := func(t kindTime) float64 { return t.P99 * 1e3 }
	rate := func(t kindTime) float64 { return t.PerSecond }
	list := make([]figure, 0, 3+3*len(kinds))
	list = append(list,
		figure{title: "cold start", unit: "ms", show: "%.1f", value: func(r *result) float64 { return r.Speed.ColdMedian }},
		figure{title: "memory", unit: "MB", show: "%.1f", value: func(r *result) float64 { return r.Speed.MemoryUsed / 1e6 }},
		figure{title: "package", unit: "MB", show: "%.2f", value: func(r *result) float64 { return float64(r.Size) / 1e6 }},
	)
	for _, k := range kinds {
		list = append(list,
			figure{title: k.title + ", p50", unit: "µs", show: "%.0f", value: kindOf(k.name, p50)},
			figure{title: k.title + ", p99", unit: "µs", show: "%.0f", value: kindOf(k.name, p99)},
			figure{title: k.title + ", rate", unit: "1/s", show: "%.0f", most: true, value: kindOf(k.name, rate)},
		)
	}
	return list
}

// best is the best value among the frameworks, without what is no framework.
func (f *figure) best(list []*result) (value float64, ok bool) {
	for _, r := range list {
		if r.Floor || r.Speed == nil {
			continue
		}
		v := f.value(r)
		if !ok || f.most && v > value || !f.most && v < value {
			value, ok = v, true
		}
	}
	return value, ok
}

// behind is by what part the result is worse than the best, 0 for the best itself.
func (f *figure) behind(r *result, best float64) float64 {
	if f.most {
		return best/f.value(r) - 1
	}
	return f.value(r)/best - 1
}

// cell is the figure of a result for a table: the first is bold, whatever is near it in italics.
func (f *figure) cell(r *result, list []*result) string {
	text := fmt.Sprintf(f.show, f.value(r))
	best, ok := f.best(list)
	switch {
	case !ok || r.Floor:
		return text
	case f.behind(r, best) == 0:
		return "**" + text + "**"
	case f.behind(r, best) <= near:
		return "*" + text + "*"
	}
	return text
}

// speedTable has a line for each measured framework and a column for each figure whose title pick accepts.
func speedTable(list []*result, pick func(title string) bool) [][]string {
	columns := slices.DeleteFunc(figures(), func(f figure) bool { return !pick(f.title) })
	lines := tableOf(columns, "framework", func(f figure) string { return f.title + ", " + f.unit })
	for _, r := range list {
		lines = append(lines, line(r.Name, columns, func(f figure) string { return f.cell(r, list) }))
	}
	return lines
}

// standing says of each figure where the framework stands among the others, and who is ahead of it.
func standing(name string, list []*result) string {
	var b strings.Builder
	for _, f := range figures() {
		best, _ := f.best(list)
		var self *result
		var ahead []string
		for _, r := range list {
			if r.Name == name {
				self = r
			}
		}
		if self == nil {
			return ""
		}
		for _, r := range list {
			if !r.Floor && f.behind(r, best) < f.behind(self, best) {
				ahead = append(ahead, fmt.Sprintf("%s ("+f.show+")", r.Name, f.value(r)))
			}
		}
		fmt.Fprintf(&b, "- %s: ", f.title)
		switch d := f.behind(self, best); {
		case d == 0:
			fmt.Fprintf(&b, "first, "+f.show+" %s\n", f.value(self), f.unit)
		case d <= near:
			fmt.Fprintf(&b, "within 5 %% of the first, "+f.show+" %s after %s\n", f.value(self), f.unit, strings.Join(ahead, ", "))
		default:
			fmt.Fprintf(&b, "%.0f %% behind the first, "+f.show+" %s after %s\n", d*100, f.value(self), f.unit, strings.Join(ahead, ", "))
		}
	}
	return b.String()
}
