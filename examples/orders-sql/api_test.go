package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const (
	noOrder  = "There is no such order."
	stale    = "The order has changed since. Read it again."
	nowhere  = "/orders/01a00000-0000-7000-8000-000000000000"
	withNote = `{"customer": "c'1; <&> é", "reference": "r-1", "items": [{"sku": "AB-1", "quantity": 1000, "cents": 100000000}, {"sku": "AB-2", "quantity": 1, "cents": 1}], "note": "Ring twice."}`
)

func TestCreateAndRead(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		before := time.Now()
		res, body := s.do(t, "POST", "/orders", withNote)
		wantStatus(t, res, body, http.StatusCreated)
		created := decode[Order](t, body)
		want := Order{
			ID: created.ID, Version: 1, Created: created.Created, Status: "open", Cents: 100_000_000_001, // more than 32 bits
			NewOrder: NewOrder{
				Customer: "c'1; <&> é", Reference: "r-1", Note: "Ring twice.",
				Items: []Item{{SKU: "AB-1", Quantity: 1000, Cents: 100_000_000}, {SKU: "AB-2", Quantity: 1, Cents: 1}},
			},
		}
		if diff := cmp.Diff(want, created); diff != "" || created.ID.Version() != 7 {
			t.Errorf("%s\n%s", body, diff)
		}
		if age := created.Created.Sub(before); created.Created.Location() != time.UTC || age < -time.Second || age > time.Minute {
			t.Errorf("created at %s", created.Created)
		}
		location, tag := res.Header.Get("Location"), res.Header.Get("ETag")
		if location != at(created) || tag != `"1"` {
			t.Errorf("Location: %s, ETag: %s", location, tag)
		}
		res, again := s.do(t, "GET", location, "")
		wantStatus(t, res, again, http.StatusOK)
		if again != body || res.Header.Get("ETag") != tag {
			t.Errorf("%v %s\nwant %s", res.Header, again, body)
		}
		res, none := s.do(t, "GET", location, "", "If-None-Match", tag)
		wantStatus(t, res, none, http.StatusNotModified)
		res, none = s.do(t, "GET", nowhere, "")
		wantProblem(t, res, none, http.StatusNotFound, noOrder)
		res, none = s.do(t, "GET", "/orders/1", "")
		wantStatus(t, res, none, http.StatusUnprocessableEntity)
	})
}

// RFC 9110 section 13.1.1 and RFC 6585 section 3.
func TestConditions(t *testing.T) {
	const without = "Send the order's ETag as If-Match, so that no one's change is lost."
	tests := []struct {
		name, ifMatch string // the order has version 2
		status        int    // of a refusal, 0: there is none
		detail        string
	}{
		{"the version", `"2"`, 0, ""},
		{"any", "*", 0, ""},
		{"one of several", `"1", "2"`, 0, ""},
		{"none", "", 428, without},
		{"stale", `"1"`, 412, stale},
		{"one that no order has", `"0"`, 412, stale},
		{"not of this service", `"two"`, 412, stale},
		{"the same number, written otherwise", `"02"`, 412, stale},
		{"too large", `"99999999999999999999"`, 412, stale},
		{"weak, which never matches", `W/"2"`, 412, stale},
	}
	inEachDatabase(t, func(t *testing.T, s service) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				var header []string
				if tt.ifMatch != "" {
					header = []string{"If-Match", tt.ifMatch}
				}
				for method, change := range map[string]string{"PUT": paid, "DELETE": ""} {
					target := at(s.create(t, "c-1"))
					res, body := s.do(t, "PUT", target, paid, "If-Match", `"1"`)
					wantStatus(t, res, body, http.StatusOK)
					res, body = s.do(t, method, target, change, header...)
					if tt.status != 0 {
						wantProblem(t, res, body, tt.status, tt.detail)
						if _, body = s.do(t, "GET", target, ""); decode[Order](t, body).Version != 2 {
							t.Errorf("%s changed the order: %s", method, body)
						}
						continue
					}
					if res.StatusCode/100 != 2 {
						t.Errorf("%s: %d %s", method, res.StatusCode, body)
					}
					res, body = s.do(t, method, nowhere, change, header...)
					wantProblem(t, res, body, http.StatusNotFound, noOrder) // before the condition: RFC 9110 section 13.2.1
				}
			})
		}
	})
}

func TestReplaceAndDelete(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		want := s.create(t, "c-1")
		other := s.create(t, "c-1")
		res, body := s.do(t, "PUT", at(want), paid, "If-Match", `"1"`)
		wantStatus(t, res, body, http.StatusOK)
		want.Version, want.Status, want.Cents, want.Items, want.Note = 2, "paid", 300, []Item{{SKU: "CD-2", Quantity: 3, Cents: 100}}, "Thanks."
		if diff := cmp.Diff(want, decode[Order](t, body)); diff != "" || res.Header.Get("ETag") != `"2"` {
			t.Errorf("ETag %s\n%s", res.Header.Get("ETag"), diff)
		}
		if _, again := s.do(t, "GET", at(want), ""); again != body {
			t.Errorf("%s, want %s", again, body)
		}
		res, body = s.do(t, "DELETE", at(want), "", "If-Match", `"2"`)
		wantStatus(t, res, body, http.StatusNoContent)
		res, body = s.do(t, "GET", at(want), "")
		wantProblem(t, res, body, http.StatusNotFound, noOrder)
		_, body = s.do(t, "GET", at(other), "")
		if diff := cmp.Diff(other, decode[Order](t, body)); diff != "" {
			t.Errorf("another order: %s", diff)
		}
	})
}

func TestConflicts(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		for i, body := range []string{withNote, strings.Replace(withNote, "c'1", "c-2", 1)} { // a reference is the customer's own
			res, answer := s.do(t, "POST", "/orders", body)
			wantStatus(t, res, answer, http.StatusCreated)
			res, answer = s.do(t, "POST", "/orders", body)
			wantProblem(t, res, answer, http.StatusConflict, "The customer has an order of that reference.")
			if n := count(t, s.store.db, "SELECT count(*) FROM orders"); n != i+1 {
				t.Errorf("%d orders, want %d", n, i+1)
			}
		}
		s.create(t, "c'1; <&> é") // any number of them without one
		o := s.create(t, "c'1; <&> é")
		res, body := s.do(t, "PUT", at(o)+"/receipt", "%PDF", "Content-Type", "application/pdf")
		wantStatus(t, res, body, http.StatusNoContent)
		res, body = s.do(t, "DELETE", at(o), "", "If-Match", "*")
		wantProblem(t, res, body, http.StatusConflict, "The order has a receipt, so it is kept.")
	})
}

func TestReceipt(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		target := at(s.create(t, "c-1")) + "/receipt"
		res, body := s.do(t, "GET", target, "")
		wantProblem(t, res, body, http.StatusNotFound, "The order has no receipt.")
		var every strings.Builder // all bytes, none of which may change on the way
		for i := range maxReceipt {
			every.WriteByte(byte(i ^ i>>8))
		}
		for mediaType, content := range map[string]string{"image/png": "\x89PNG\r\n\x1a\n\x00\xff", "image/jpeg": every.String()} {
			res, body = s.do(t, "PUT", target, content, "Content-Type", mediaType)
			wantStatus(t, res, body, http.StatusNoContent)
			res, body = s.do(t, "GET", target, "")
			wantStatus(t, res, "a receipt", http.StatusOK)
			if body != content || res.Header.Get("Content-Type") != mediaType {
				t.Errorf("%s: %d bytes as %s, want %d", mediaType, len(body), res.Header.Get("Content-Type"), len(content))
			}
		}
		for _, method := range []string{"GET", "PUT"} {
			content := map[string]string{"GET": "", "PUT": "x"}[method]
			res, body = s.do(t, method, nowhere+"/receipt", content, "Content-Type", "image/png")
			wantProblem(t, res, body, http.StatusNotFound, noOrder)
		}
	})
}
