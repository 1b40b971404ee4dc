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

// table has a row for each program, and one for what Albatross adds to aws-lambda-go and chi.
func table(programs []*program) [][]string {
	find := func(name string) *program {
		return programs[slices.IndexFunc(programs, func(p *program) bool { return p.name == name })]
	}
	albatross, chi := find("albatross"), find("chi")
	head := append(make([]string, 0, 1+len(columns)), "program")
	added := append(make([]string, 0, 1+len(columns)), "albatross − chi")
	for _, c := range columns {
		head = append(head, c.head)
		added = append(added, fmt.Sprintf("%+.*f", c.digits, c.value(albatross)-c.value(chi)))
	}
	rows := [][]string{head}
	for _, p := range programs {
		row := append(make([]string, 0, 1+len(columns)), p.name)
		for _, c := range columns {
			row = append(row, fmt.Sprintf("%.*f", c.digits, c.value(p)))
		}
		rows = append(rows, row)
	}
	return append(rows, added)
}
