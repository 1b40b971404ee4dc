package main

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type exportInput struct {
	matching

	Size int `query:"size" default:"1000" minimum:"1" maximum:"1000" doc:"Orders in a file, which has to fit into 1 MB. For more, go on after the last one's id."`
}

func (a api) export(ctx context.Context, in exportInput) (csvFile, error) {
	return func(row func(Order) error) error { return a.store.Each(ctx, in.matching, in.Size, row) }, nil
}

// csvFile calls row with each order; it is answered as a file, row by row, so that no order is kept.
type csvFile func(row func(Order) error) error

// Respond begins with the first order, until when an error can be answered as what it is. A later one aborts the response, which is a
// 500 behind a load balancer: half a file is never taken for a whole one.
func (f csvFile) Respond(w http.ResponseWriter, _ *http.Request) error {
	file := csv.NewWriter(w)
	begun := false
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", `attachment; filename="orders.csv"`)
		return file.Write([]string{"id", "created", "status", "customer", "reference", "items", "cents"})
	}
	err := f(func(o Order) error {
		if !begun {
			if err := begin(); err != nil {
				return err
			}
		}
		return file.Write([]string{
			o.ID.String(), o.Created.Format(time.RFC3339), string(o.Status), plain(o.Customer), plain(o.Reference),
			strconv.Itoa(len(o.Items)), strconv.FormatInt(o.Cents, 10),
		})
	})
	if err == nil && !begun {
		err = begin()
	}
	if err != nil {
		return err
	}
	file.Flush()
	return file.Error()
}

// plain keeps a spreadsheet from taking a client's text for a formula.
func plain(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r\n") {
		return "'" + s
	}
	return s
}
