package main

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/albtest"
)

// Somebody is about to write, writes, and does not end: readers go on, another writer is told to try again. Nor
// does a writer wait for one who reads.
func TestBusy(t *testing.T) {
	database := filepath.Join(t.TempDir(), "orders.db")
	s := newService(newSQLite(t, database), albtest.SingleValue)
	target := at(s.create(t, "c-1"))
	tx, err := newSQLite(t, database).db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	res, body := s.do(t, "PUT", target, paid, "If-Match", "*")
	wantProblem(t, res, body, http.StatusServiceUnavailable, "The database cannot be reached. Try again.")
	if _, err := tx.ExecContext(t.Context(), "UPDATE orders SET version = 7"); err != nil {
		t.Fatal(err)
	}
	res, body = s.do(t, "GET", target, "")
	wantStatus(t, res, body, http.StatusOK)
	if o := decode[Order](t, body); o.Version != 1 {
		t.Errorf("version %d was never committed", o.Version)
	}
	res, body = s.doWithin(t, 1500*time.Millisecond, "PUT", target, paid, "If-Match", "*") // 500 ms for the statement
	wantProblem(t, res, body, http.StatusGatewayTimeout, "The database did not answer in time.")
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}

	rows, err := s.store.db.QueryContext(t.Context(), "SELECT id FROM orders")
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	defer rows.Close() // until then somebody reads
	res, body = s.do(t, "PUT", target, paid, "If-Match", `"1"`)
	wantStatus(t, res, body, http.StatusOK)
}
