package main

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const noOrder = "There is no such order."

func TestCreateAndRead(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		res, body := s.do(t, "POST", "/orders",
			`{"customer": "c-1 <&>", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}], "note": "Ring twice."}`, "Content-Type", asJSON)
		wantStatus(t, res, body, http.StatusCreated)
		created := decode[Order](t, body)
		want := Order{
			ID: created.ID, Version: 1, Created: created.Created, Status: "open", Customer: "c-1 <&>",
			Items: []Item{{SKU: "AB-1", Quantity: 2, Cents: 995}}, Note: "Ring twice.",
		}
		if diff := cmp.Diff(want, created); diff != "" || created.ID == "" || created.Created.IsZero() {
			t.Errorf("%s\n%s", body, diff)
		}
		location, tag := res.Header.Get("Location"), res.Header.Get("ETag")
		if location != "/orders/"+created.ID || tag != `"1"` {
			t.Errorf("Location: %s, ETag: %s", location, tag)
		}

		res, again := s.do(t, "GET", location, "")
		wantStatus(t, res, again, http.StatusOK)
		if again != body || res.Header.Get("ETag") != tag || res.Header.Get("Location") != "" {
			t.Errorf("%v %s\nwant %s", res.Header, again, body)
		}
		res, head := s.do(t, "HEAD", location, "")
		wantStatus(t, res, head, http.StatusOK)
		if head != "" || res.Header.Get("ETag") != tag || res.Header.Get("Content-Type") != asJSON {
			t.Errorf("HEAD: %v %s", res.Header, head)
		}
		res, none := s.do(t, "GET", location, "", "If-None-Match", tag)
		wantStatus(t, res, none, http.StatusNotModified)
		if none != "" || res.Header.Get("ETag") != tag {
			t.Errorf("304: %v %s", res.Header, none)
		}
		res, none = s.do(t, "GET", "/orders/x", "")
		wantProblem(t, res, none, http.StatusNotFound, noOrder)
	})
}

// RFC 9110 section 13.1.1 and RFC 6585 section 3.
func TestConditions(t *testing.T) {
	const (
		change  = `{"status": "paid", "items": [{"sku": "AB-1", "quantity": 3, "cents": 995}]}`
		stale   = "The order has changed since. Read it again."
		without = "Send the order's ETag as If-Match, so that no one's change is lost."
	)
	tests := []struct {
		name    string
		ifMatch string // the order has version 2
		status  int    // of a refusal, 0: there is none
		detail  string
	}{
		{"the version", `"2"`, 0, ""},
		{"any", "*", 0, ""},
		{"one of several", `"1", "2"`, 0, ""},
		{"none", "", 428, without},
		{"stale", `"1"`, 412, stale},
		{"not of this service", `"two"`, 412, stale},
		{"weak, which never matches", `W/"2"`, 412, stale},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			inBothModes(t, func(t *testing.T, s service) {
				header := []string{"Content-Type", asJSON}
				if tt.ifMatch != "" {
					header = append(header, "If-Match", tt.ifMatch)
				}
				for _, method := range []string{"PUT", "DELETE"} {
					res, body := s.do(t, method, "/orders/x", change, header...)
					wantProblem(t, res, body, http.StatusNotFound, noOrder) // before the condition: RFC 9110 section 13.2.1

					at := "/orders/" + s.create(t, "c-1").ID
					res, body = s.do(t, "PUT", at, change, "Content-Type", asJSON, "If-Match", `"1"`)
					wantStatus(t, res, body, http.StatusOK)
					res, body = s.do(t, method, at, change, header...)
					if tt.status == 0 {
						if res.StatusCode/100 != 2 {
							t.Errorf("%s: %d %s", method, res.StatusCode, body)
						}
						continue
					}
					wantProblem(t, res, body, tt.status, tt.detail)
					if _, body = s.do(t, "GET", at, ""); decode[Order](t, body).Version != 2 {
						t.Errorf("%s changed the order: %s", method, body)
					}
				}
			})
		})
	}
}

func TestReplaceAndDelete(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		before := s.create(t, "c-1")
		at := "/orders/" + before.ID
		res, body := s.do(t, "PUT", at, `{"status": "paid", "items": [{"sku": "CD-2", "quantity": 1, "cents": 0}], "note": "Thanks."}`,
			"Content-Type", asJSON, "If-Match", before.etag())
		wantStatus(t, res, body, http.StatusOK)
		want := before
		want.Version, want.Status, want.Items, want.Note = 2, "paid", []Item{{SKU: "CD-2", Quantity: 1}}, "Thanks."
		if diff := cmp.Diff(want, decode[Order](t, body)); diff != "" || res.Header.Get("ETag") != `"2"` {
			t.Errorf("ETag %s\n%s", res.Header.Get("ETag"), diff)
		}

		res, body = s.do(t, "DELETE", at, "", "If-Match", `"2"`)
		wantStatus(t, res, body, http.StatusNoContent)
		if body != "" {
			t.Errorf("a body: %s", body)
		}
		res, body = s.do(t, "GET", at, "")
		wantProblem(t, res, body, http.StatusNotFound, noOrder)
	})
}

// A client gets all that is wrong in one answer.
func TestFaults(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		res, body := s.do(t, "POST", "/orders",
			`{"customer": "", "items": [{"sku": "x", "quantity": 0, "cents": 1.5}, {"quantity": 1, "cents": null}], "Note": "", "price": 1}`, "Content-Type", asJSON)
		wantProblem(t, res, body, http.StatusUnprocessableEntity, "The request has 8 faults.",
			"/customer must be at least 1 character long",
			"/items/0/sku must match ^[A-Z]{2}-[0-9]{1,8}$",
			"/items/0/quantity must be at least 1",
			"/items/0/cents must be an integer",
			"/items/1/cents must not be null",
			"/items/1/sku is required",
			`/Note must be spelled "note"`,
			"/price is not known",
		)
		res, body = s.do(t, "POST", "/orders",
			`{"customer": "c", "items": [{"sku": "AB-1", "quantity": 1, "cents": 1}, {"sku": "AB-1", "quantity": 1, "cents": 1}]}`, "Content-Type", asJSON)
		wantProblem(t, res, body, http.StatusUnprocessableEntity, "The request has one fault.", "/items/1/sku must not occur twice; add the quantities up")
		res, body = s.do(t, "GET", "/orders?status=lost&size=101&page=0&since=today", "")
		wantProblem(t, res, body, http.StatusUnprocessableEntity, "The request has 4 faults.",
			`status must be one of "open", "paid", "shipped", "cancelled"`,
			"since must be a date-time as in RFC 3339",
			"page must be at least 1",
			"size must be at most 100",
		)
		res, body = s.do(t, "POST", "/orders", `{"customer"`, "Content-Type", asJSON)
		wantProblem(t, res, body, http.StatusBadRequest, "The body is not valid JSON.")
		res, body = s.do(t, "POST", "/orders", "customer=c", "Content-Type", "application/x-www-form-urlencoded")
		wantProblem(t, res, body, http.StatusUnsupportedMediaType, "The body must be application/json.")
	})
}
