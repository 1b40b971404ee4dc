package main

import (
	"net/http"
	"testing"
)

// PostgreSQL keeps neither NUL nor what is no UTF-8 ("Character Set Support" in its manual). That is the client's fault, and no 500
// that would raise an alarm.
func TestTextThatCannotBeKept(t *testing.T) {
	inBothModes(t, nil, func(t *testing.T, s service, _ admin, _ string) {
		o := s.create(t, "c-1")
		const items = `"items": [{"sku": "AB-1", "quantity": 1, "cents": 1}]`
		for _, tt := range []struct{ method, target, body string }{
			{"POST", "/orders", `{"customer": "a\u0000b", ` + items + `}`},
			{"POST", "/orders", `{"customer": "c-1", "reference": "a\u0000b", ` + items + `}`},
			{"POST", "/orders", `{"customer": "c-1", "note": "a\u0000b", ` + items + `}`},
			{"PUT", at(o), `{"status": "paid", "note": "a\u0000b", ` + items + `}`},
			{"GET", "/orders?customer=%00", ""},
			{"GET", "/orders?customer=%ff", ""},
			{"GET", "/orders.csv?customer=%00", ""},
		} {
			res, body := s.do(t, tt.method, tt.target, tt.body, "If-Match", "*")
			wantProblem(t, res, body, http.StatusUnprocessableEntity, "A text has a character that cannot be kept.")
		}
	})
}
