package main

import (
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
)

// Environments that start at once, each with a pool of its own, all answer; each migration is applied once.
func TestConcurrentMigrations(t *testing.T) {
	const environments = 8
	tests := []struct {
		name     string
		database func(t *testing.T) string
		open     func(t *testing.T, at string) *store
	}{
		{"sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "orders.db") }, newSQLite},
		{"postgres", schema, newPostgres},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			database := tt.database(t)
			services := make([]service, environments)
			for i := range services {
				services[i] = newService(tt.open(t, database), albtest.MultiValue)
			}
			var wg sync.WaitGroup
			for _, s := range services {
				for range 2 {
					wg.Go(func() {
						const order = `{"customer": "c-1", "items": [{"sku": "AB-1", "quantity": 2, "cents": 995}]}`
						if res, body := s.do(t, "POST", "/orders", order); res.StatusCode != http.StatusCreated {
							t.Errorf("%d %s", res.StatusCode, body)
						}
					})
				}
			}
			wg.Wait()
			db := services[0].store.db
			orders, applied := count(t, db, "SELECT count(*) FROM orders"), count(t, db, "SELECT count(*) FROM migrations")
			if orders != 2*environments || applied != 2 {
				t.Errorf("%d orders after %d migrations, want %d after 2", orders, applied, 2*environments)
			}
		})
	}
}

// A migration that fails leaves nothing behind of those that came with it.
func TestFailingMigration(t *testing.T) {
	inEachDatabase(t, func(t *testing.T, s service) {
		if _, err := s.store.db.ExecContext(t.Context(), "CREATE TABLE receipts (id integer)"); err != nil { // what the second one creates
			t.Fatal(err)
		}
		res, body := s.do(t, "GET", "/orders", "")
		wantProblem(t, res, body, http.StatusInternalServerError, "")
		if err := s.store.db.QueryRowContext(t.Context(), "SELECT 1 FROM orders").Scan(new(int)); err == nil {
			t.Error("the first migration was applied")
		}
		if _, err := s.store.db.ExecContext(t.Context(), "DROP TABLE receipts"); err != nil {
			t.Fatal(err)
		}
		s.create(t, "c-1") // it is tried again
	})
}
