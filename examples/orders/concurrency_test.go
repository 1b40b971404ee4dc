package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
)

// Many clients change one order at the same time, each from the version that it has read: none of the changes is lost.
func TestConcurrentChanges(t *testing.T) {
	inBothModes(t, func(t *testing.T, s service) {
		const (
			clients, changes = 8, 5

			order = `{"customer": "c-2", "items": [{"sku": "AB-1", "quantity": 1, "cents": 1}]}`
		)
		at := "/orders/" + s.create(t, "c-1").ID
		var wg sync.WaitGroup
		for range clients {
			wg.Go(func() {
				for range changes {
					s.addOne(t, at)
				}
			})
			wg.Go(func() {
				if res, body := s.do(t, "POST", "/orders", order, "Content-Type", asJSON); res.StatusCode != http.StatusCreated {
					t.Errorf("%d %s", res.StatusCode, body)
				}
			})
		}
		wg.Wait()
		_, body := s.do(t, "GET", at, "")
		if o := decode[Order](t, body); o.Version != 1+clients*changes || o.Items[0].Quantity != 2+clients*changes {
			t.Errorf("%s, want %d changes", body, clients*changes)
		}
		if res, _ := s.do(t, "GET", "/orders", ""); res.Header.Get("X-Total-Count") != strconv.Itoa(1+clients) {
			t.Errorf("X-Total-Count: %s", res.Header.Get("X-Total-Count"))
		}
	})
}

// addOne reads the order and changes it, until nobody came in between.
func (s service) addOne(t *testing.T, at string) {
	for {
		res, body := s.do(t, "GET", at, "")
		var o Order
		if err := json.Unmarshal([]byte(body), &o); err != nil || len(o.Items) != 1 {
			t.Errorf("%v in %s", err, body)
			return
		}
		res, body = s.do(t, "PUT", at, fmt.Sprintf(`{"status": "open", "items": [{"sku": "AB-1", "quantity": %d, "cents": 995}]}`, o.Items[0].Quantity+1),
			"Content-Type", asJSON, "If-Match", res.Header.Get("ETag"))
		switch res.StatusCode {
		case http.StatusOK:
			return
		case http.StatusPreconditionFailed:
		default:
			t.Errorf("%d %s", res.StatusCode, body)
			return
		}
	}
}
