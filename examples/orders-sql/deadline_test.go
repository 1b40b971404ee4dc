package main

import (
	"net/http"
	"slices"
	"testing"
	"time"
)

// A statement that does not end before the deadline is cancelled at the server, and the client is told in time.
func TestSlowStatement(t *testing.T) {
	inBothModes(t, nil, func(t *testing.T, s service, admin admin, application string) {
		target := at(s.create(t, "c-1"))
		before := admin.backends(t, application, "%")
		tx, err := admin.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback(t.Context())
		if _, err := tx.Exec(t.Context(), "LOCK TABLE "+application+".orders"); err != nil {
			t.Fatal(err)
		}
		for method, target := range map[string]string{"GET": "/orders", "PUT": target, "DELETE": target} {
			res, body := s.doWithin(t, 1500*time.Millisecond, method, target, map[string]string{"PUT": paid}[method], "If-Match", "*")
			wantProblem(t, res, body, http.StatusGatewayTimeout, "The database did not answer in time.")
			if left := admin.backends(t, application, "active%"); len(left) > 0 {
				t.Errorf("%s: still at work: %v", method, left)
			}
		}
		if err := tx.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		res, body := s.do(t, "GET", target, "")
		wantStatus(t, res, body, http.StatusOK)
		if now := admin.backends(t, application, "%"); decode[Order](t, body).Version != 1 || !slices.Equal(now, before) {
			t.Errorf("%s by %v, want no change, and connection %v", body, now, before)
		}
	})
}

// Two transactions that change one row collide where transactions are isolated that much.
func TestSerializationFailure(t *testing.T) {
	inBothModes(t, []string{"default_transaction_isolation", "repeatable read"}, func(t *testing.T, s service, admin admin, application string) {
		target := at(s.create(t, "c-1"))
		tx, err := admin.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback(t.Context())
		if _, err := tx.Exec(t.Context(), "UPDATE "+application+".orders SET note = 'x'"); err != nil {
			t.Fatal(err)
		}
		refused := make(chan func())
		go func() {
			res, body := s.do(t, "PUT", target, paid, "If-Match", `"1"`)
			refused <- func() { wantProblem(t, res, body, http.StatusConflict, "Another change came in between. Try again.") }
		}()
		for len(admin.backends(t, application, "active Lock")) == 0 { // it waits for the row
			time.Sleep(10 * time.Millisecond)
		}
		if err := tx.Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		(<-refused)()
		res, body := s.do(t, "PUT", target, paid, "If-Match", `"1"`)
		wantStatus(t, res, body, http.StatusOK)
	})
}
