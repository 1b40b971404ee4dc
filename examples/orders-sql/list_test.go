package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestList(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		res, body := s.do(t, "GET", "/orders", "")
		wantStatus(t, res, body, http.StatusOK)
		if body != "[]\n" || res.Header["Link"] != nil {
			t.Errorf("no orders: %v %s", res.Header, body)
		}
		var all []Order // the newest first
		for _, customer := range []string{"ann", "bob", "ann", "ann+co", "ann"} {
			all = append([]Order{s.create(t, customer)}, all...)
			time.Sleep(time.Millisecond) // no two at the same time
		}
		res, body = s.do(t, "PUT", at(all[2]), paid, "If-Match", "*")
		wantStatus(t, res, body, http.StatusOK)

		since := url.QueryEscape(all[1].Created.In(time.FixedZone("", 3600)).Format(time.RFC3339Nano))
		utc := url.QueryEscape(all[1].Created.Format(time.RFC3339Nano))
		id := func(i int) string { return all[i].ID.String() }
		tests := []struct {
			name, query string
			want        []int // of all
			next        string
		}{
			{"all", "", []int{0, 1, 2, 3, 4}, ""},
			{"first page", "?size=2", []int{0, 1}, "/orders?after=" + id(1) + "&size=2"},
			{"in between", "?size=2&after=" + id(1), []int{2, 3}, "/orders?after=" + id(3) + "&size=2"},
			{"last page", "?size=2&after=" + id(3), []int{4}, ""},
			{"full last page", "?size=5", []int{0, 1, 2, 3, 4}, ""},
			{"behind the last", "?after=" + id(4), nil, ""},
			{"of a customer", "?customer=ann&size=2", []int{0, 2}, "/orders?after=" + id(2) + "&customer=ann&size=2"},
			{"of a customer, escaped", "?customer=ann%2Bco", []int{1}, ""},
			{"of nobody", "?customer=%25' OR true --", nil, ""},
			{"paid", "?status=paid", []int{2}, ""},
			{"since", "?since=" + since, []int{0, 1}, ""},
			{"since, first page", "?status=open&size=1&since=" + utc, []int{0}, "/orders?after=" + id(0) + "&since=" + utc + "&size=1&status=open"},
			{"paid by another", "?status=paid&customer=bob", nil, ""},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				res, body := s.do(t, "GET", "/orders"+strings.ReplaceAll(tt.query, " ", "%20"), "")
				wantStatus(t, res, body, http.StatusOK)
				var got []int
				for _, o := range decode[[]Order](t, body) {
					got = append(got, slices.IndexFunc(all, func(other Order) bool { return other.ID == o.ID }))
				}
				want := ""
				if tt.next != "" {
					want = "<" + tt.next + `>; rel="next"`
				}
				if !slices.Equal(got, tt.want) || res.Header.Get("Link") != want {
					t.Errorf("orders %v, want %v; Link: %s, want %s", got, tt.want, res.Header.Get("Link"), want)
				}
			})
		}
	})
}

// While somebody follows the links orders come and go; those that were there before and after are seen once, by all means.
func TestFollowLinks(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		stays := map[string]int{}
		for range 7 {
			stays[s.create(t, "ann").ID.String()] = 0
		}
		pages := 0
		for next := "/orders?size=3"; next != "" && pages < 4; pages++ {
			gone := s.create(t, "bob")
			res, body := s.do(t, "GET", next, "")
			wantStatus(t, res, body, http.StatusOK)
			for _, o := range decode[[]Order](t, body) {
				stays[o.ID.String()]++
			}
			s.create(t, "carl")
			res2, answer := s.do(t, "DELETE", at(gone), "", "If-Match", "*")
			wantStatus(t, res2, answer, http.StatusNoContent)
			delete(stays, gone.ID.String())
			next = strings.TrimSuffix(strings.TrimPrefix(res.Header.Get("Link"), "<"), `>; rel="next"`)
		}
		if len(stays) != 7 || pages != 3 {
			t.Errorf("%d orders on %d pages, want 7 on 3", len(stays), pages)
		}
		for id, n := range stays {
			if n != 1 {
				t.Errorf("%s: %d times", id, n)
			}
		}
	})
}

func TestExport(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		header := []string{"id", "created", "status", "customer", "reference", "items", "cents"}
		want := [][]string{}
		for _, customer := range []string{"ann", `a "b", c`, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "é"} {
			o := s.create(t, customer)
			if strings.Contains("=+-@\t", customer[:1]) { // what spreadsheets take for a formula
				customer = "'" + customer
			}
			want = append(want, []string{o.ID.String(), o.Created.Format(time.RFC3339), "open", customer, "", "1", "1990"})
		}
		slices.Reverse(want)
		for query, rows := range map[string][][]string{
			"": want, "?size=3": want[:3], "?customer=ann": want[7:], "?after=" + want[5][0]: want[6:], "?customer=nobody": nil,
		} {
			res, body := s.do(t, "GET", "/orders.csv"+query, "")
			wantStatus(t, res, body, http.StatusOK)
			got, err := csv.NewReader(strings.NewReader(body)).ReadAll()
			if diff := cmp.Diff(append([][]string{header}, rows...), got); diff != "" || err != nil {
				t.Errorf("%s: %v\n%s", query, err, diff)
			}
			if mediaType, d := res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"); mediaType != "text/csv; charset=utf-8" ||
				d != `attachment; filename="orders.csv"` {
				t.Errorf("%s: Content-Type: %s, Content-Disposition: %s", query, mediaType, d)
			}
		}
	})
}

// The longest answers there can be go through the load balancer, which takes 1 MB of a function.
func TestLongestAnswers(t *testing.T) {
	s := newService(newSQLite(t, t.TempDir()+"/orders.db"), albtest.SingleValue)
	if err := s.store.ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	o := NewOrder{Customer: strings.Repeat("\x01", 64), Note: strings.Repeat("\x01", 500)} // six bytes each in JSON
	for i := range 50 {
		o.Items = append(o.Items, Item{SKU: fmt.Sprintf("AB-%08d", i), Quantity: 1000, Cents: 100_000_000})
	}
	for i := range 1000 {
		o.Reference = strings.Repeat("\x01", 60) + fmt.Sprintf("%04d", i)
		if _, err := s.store.Create(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	for _, target := range []string{"/orders?size=100", "/orders.csv"} {
		res, body := s.do(t, "GET", target, "")
		wantStatus(t, res, body[:min(len(body), 200)], http.StatusOK)
	}
}
