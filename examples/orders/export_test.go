package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestExport(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		customers := []string{"ann", `a "b", c`, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "é"}
		want := [][]string{{"id", "created", "status", "customer", "items", "cents"}}
		for _, customer := range customers {
			o := s.create(t, customer)
			cell := customer
			if strings.Contains("=+-@\t", customer[:1]) { // what spreadsheets take for a formula
				cell = "'" + customer
			}
			row := []string{o.ID, o.Created.Format(time.RFC3339), "open", cell, "1", "1990"}
			want = append(want[:1], append([][]string{row}, want[1:]...)...)
			time.Sleep(time.Microsecond) // no two at the same time
		}
		res, body := s.do(t, "GET", "/orders.csv", "")
		wantStatus(t, res, body, http.StatusOK)
		got, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v\n%s", err, diff)
		}
		wantHeader := map[string]string{
			"Content-Type": "text/csv; charset=utf-8", "Content-Disposition": `attachment; filename="orders.csv"`, "X-Total-Count": "8",
		}
		for name, want := range wantHeader {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}

		res, body = s.do(t, "GET", "/orders.csv?customer=ann&size=1", "")
		wantStatus(t, res, body, http.StatusOK)
		if strings.Count(body, "\n") != 2 || res.Header.Get("X-Total-Count") != "1" {
			t.Errorf("%v %s", res.Header, body)
		}
		res, body = s.do(t, "GET", "/orders.csv?size=3", "")
		wantStatus(t, res, body, http.StatusOK)
		wantLinks(t, res.Header, "", "/orders.csv?page=2&size=3")
	})
}

// The longest lists there can be go through the load balancer, which takes 1 MB of a function.
func TestLongestAnswers(t *testing.T) {
	m := newMemory()
	o := NewOrder{Customer: strings.Repeat("\x01", 64), Note: strings.Repeat("\x01", 500)} // six bytes each in JSON
	for i := range 50 {
		o.Items = append(o.Items, Item{SKU: fmt.Sprintf("AB-%08d", i), Quantity: 1000, Cents: 100_000_000})
	}
	for range 1000 {
		if _, err := m.Create(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	s := service{newRouter(m, zap.NewNop(), false), albtest.SingleValue}
	for _, target := range []string{"/orders?size=100", "/orders.csv"} {
		res, body := s.do(t, "GET", target, "")
		wantStatus(t, res, body[:min(len(body), 200)], http.StatusOK)
		if res.Header.Get("X-Total-Count") != "1000" {
			t.Errorf("%s: %v", target, res.Header)
		}
	}
}
