package main

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestList(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		res, body := s.do(t, "GET", "/orders", "")
		wantStatus(t, res, body, http.StatusOK)
		if body != "[]\n" || res.Header.Get("X-Total-Count") != "0" || res.Header["Link"] != nil {
			t.Errorf("no orders: %v %s", res.Header, body)
		}

		var all []Order // the newest first
		for _, customer := range []string{"ann", "bob", "ann", "ann+co", "ann"} {
			all = append([]Order{s.create(t, customer)}, all...)
			time.Sleep(time.Microsecond) // no two at the same time
		}
		paid := "/orders/" + all[2].ID
		res, body = s.do(t, "PUT", paid, `{"status": "paid", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}]}`, "Content-Type", asJSON, "If-Match", "*")
		wantStatus(t, res, body, http.StatusOK)

		since := url.QueryEscape(all[1].Created.Format(time.RFC3339Nano))
		tests := []struct {
			name, query string
			want        []int // of all
			total       string
			prev, next  string
		}{
			{"all", "", []int{0, 1, 2, 3, 4}, "5", "", ""},
			{"first page", "?size=2", []int{0, 1}, "5", "", "/orders?page=2&size=2"},
			{"in between", "?size=2&page=2", []int{2, 3}, "5", "/orders?page=1&size=2", "/orders?page=3&size=2"},
			{"last page", "?size=2&page=3", []int{4}, "5", "/orders?page=2&size=2", ""},
			{"full last page", "?size=5", []int{0, 1, 2, 3, 4}, "5", "", ""},
			{"behind the last page", "?size=5&page=9", nil, "5", "/orders?page=8&size=5", ""},
			{"of a customer", "?customer=ann&size=2", []int{0, 2}, "3", "", "/orders?customer=ann&page=2&size=2"},
			{"of a customer, escaped", "?customer=ann%2Bco&page=2", nil, "1", "/orders?customer=ann%2Bco&page=1&size=20", ""},
			{"paid", "?status=paid", []int{2}, "1", "", ""},
			{"since", "?size=1&since=" + since, []int{0}, "2", "", "/orders?page=2&since=" + since + "&size=1"},
			{"paid by another", "?status=paid&customer=bob", nil, "0", "", ""},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				res, body := s.do(t, "GET", "/orders"+tt.query, "")
				wantStatus(t, res, body, http.StatusOK)
				var got []int
				for _, o := range decode[[]Order](t, body) {
					got = append(got, slices.IndexFunc(all, func(other Order) bool { return other.ID == o.ID }))
				}
				if !slices.Equal(got, tt.want) || res.Header.Get("X-Total-Count") != tt.total {
					t.Errorf("orders %v of %s, want %v of %s", got, res.Header.Get("X-Total-Count"), tt.want, tt.total)
				}
				wantLinks(t, res.Header, tt.prev, tt.next)
			})
		}
	})
}

// wantLinks wants the links of RFC 8288 section 3, "" for none. In single-value mode the two lines are one list.
func wantLinks(t *testing.T, h http.Header, prev, next string) {
	t.Helper()
	var want []string
	if prev != "" {
		want = append(want, "<"+prev+`>; rel="prev"`)
	}
	if next != "" {
		want = append(want, "<"+next+`>; rel="next"`)
	}
	if got := strings.Join(h["Link"], ", "); got != strings.Join(want, ", ") {
		t.Errorf("Link: %s\nwant %s", got, strings.Join(want, ", "))
	}
}

// What a client that follows the links gets is everything, once.
func TestFollowLinks(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		for range 7 {
			s.create(t, "ann")
		}
		seen := map[string]int{}
		for next := "/orders?size=3&customer=ann"; next != ""; {
			res, body := s.do(t, "GET", next, "")
			wantStatus(t, res, body, http.StatusOK)
			for _, o := range decode[[]Order](t, body) {
				seen[o.ID]++
			}
			next = ""
			for link := range strings.SplitSeq(strings.Join(res.Header["Link"], ", "), ", ") {
				if target, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
					next = strings.TrimPrefix(target, "<")
				}
			}
			if len(seen) > 7 {
				break
			}
		}
		if len(seen) != 7 {
			t.Errorf("%d orders, want 7", len(seen))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s: %d times", id, n)
			}
		}
	})
}
