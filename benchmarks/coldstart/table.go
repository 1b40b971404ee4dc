package main

import (
	"fmt"
	"slices"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

// A column is one figure of a program.
type column struct {
	head   string
	digits int
	value  func(*program) float64
}

var columns = []column{
	{"amd64, MB", 2, func(p *program) float64 { return p.size["amd64"] / 1e6 }},
	{"zip, MB", 2, func(p *program) float64 { return p.zipped["amd64"] / 1e6 }},
	{"arm64, MB", 2, func(p *program) float64 { return p.size["arm64"] / 1e6 }},
	{"zip, MB", 2, func(p *program) float64 { return p.zipped["arm64"] / 1e6 }},
	{"first poll, ms", 2, func(p *program) float64 { return report.Median(p.poll) }},
	{"first response, ms", 2, func(p *program) float64 { return report.Median(p.response) }},
	{"RSS, MB", 1, func(p *program) float64 { return report.Median(p.resident) }},
	{"all init, µs", 0, func(p *program) float64 { return report.Median(p.initAll) }},
	{"own init, µs", 1, func(p *program) float64 { return report.Median(p.initOwn) }},
}

// table has a row for each program, and one for what Albatross adds to aws-lambda-go and chi, without and with its middleware.
func table(programs []*program) [][]string {
	find := func(name string) *program {
		return programs[slices.IndexFunc(programs, func(p *program) bool { return p.name == name })]
	}
	head := append(make([]string, 0, 1+len(columns)), "program")
	for _, c := range columns {
		head = append(head, c.head)
	}
	rows := append(make([][]string, 0, 1+len(programs)+2), head)
	for _, p := range programs {
		row := append(make([]string, 0, 1+len(columns)), p.name)
		for _, c := range columns {
			row = append(row, fmt.Sprintf("%.*f", c.digits, c.value(p)))
		}
		rows = append(rows, row)
	}
	chi := find("chi")
	for _, name := range []string{"albatross", "defaults"} {
		added := append(make([]string, 0, 1+len(columns)), name+" − chi")
		for _, c := range columns {
			added = append(added, fmt.Sprintf("%+.*f", c.digits, c.value(find(name))-c.value(chi)))
		}
		rows = append(rows, added)
	}
	return rows
}
