package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
)

// Many clients change one order at the same time, each from the version that it has read: none of the changes is lost.
func TestConcurrentChanges(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		const clients, changes = 4, 5
		target := at(s.create(t, "c-1")) // 2 of an item
		addOne := func() (status int) {
			res, body := s.do(t, "GET", target, "")
			change := fmt.Sprintf(`{"status": "open", "items": [{"sku": "AB-1", "quantity": %d, "cents": 995}]}`, decode[Order](t, body).Items[0].Quantity+1)
			res, _ = s.do(t, "PUT", target, change, "If-Match", res.Header.Get("ETag"))
			return res.StatusCode
		}
		var wg sync.WaitGroup
		for range clients {
			wg.Go(func() {
				for done := 0; done < changes; {
					switch status := addOne(); status {
					case http.StatusOK:
						done++
					case http.StatusPreconditionFailed:
					default:
						t.Errorf("status %d", status)
						return
					}
				}
			})
		}
		wg.Wait()
		o, err := s.store.Order(t.Context(), uuid.MustParse(strings.TrimPrefix(target, "/orders/")))
		if err != nil || o.Version != 1+clients*changes || o.Items[0].Quantity != 2+clients*changes {
			t.Errorf("%+v %v, want %d changes", o, err, clients*changes)
		}
	})
}
