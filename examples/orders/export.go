package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"time"
)

// exportInput has the same default and maximum: more orders might be more than the load balancer takes of a function, 1 MB.
type exportInput struct {
	matching

	Size int `query:"size" default:"1000" minimum:"1" maximum:"1000" doc:"Orders in a file."`
}

type exportOutput struct {
	paging

	ContentType string `header:"Content-Type" enum:"text/csv; charset=utf-8"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (a api) export(ctx context.Context, in exportInput) (exportOutput, error) {
	orders, total, err := a.store.List(ctx, in.filter(in.Size))
	if err != nil {
		return exportOutput{}, err
	}
	rows := [][]string{{"id", "created", "status", "customer", "items", "cents"}}
	for _, o := range orders {
		rows = append(rows, []string{
			o.ID, o.Created.Format(time.RFC3339), string(o.Status), plain(o.Customer), strconv.Itoa(len(o.Items)), strconv.FormatInt(o.cents(), 10),
		})
	}
	var buf bytes.Buffer
	err = csv.NewWriter(&buf).WriteAll(rows)
	return exportOutput{
		paging:      in.paging("/orders.csv", in.Size, total),
		ContentType: "text/csv; charset=utf-8",
		Disposition: `attachment; filename="orders.csv"`,
		Body:        buf.Bytes(),
	}, err
}

// plain keeps a spreadsheet from taking a client's text for a formula.
func plain(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r\n") {
		return "'" + s
	}
	return s
}
