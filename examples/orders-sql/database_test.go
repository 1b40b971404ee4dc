package main

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

func newSQLite(t *testing.T, path string) *store {
	t.Helper()
	s, err := openSQLite(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.db.Close() })
	return s
}

// newPostgres opens a database as the program does.
func newPostgres(t *testing.T, databaseURL string) *store {
	t.Helper()
	pool, err := newPool(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return onPostgres(pool)
}

// schema returns the URL of a new and empty schema of the PostgreSQL that TEST_DATABASE_URL names; "bash .ci/run test" starts one.
func schema(t *testing.T) string {
	t.Helper()
	name := "t" + strings.ReplaceAll(uuid.NewString(), "-", "")
	admin := newAdmin(t)
	admin.exec(t, "CREATE SCHEMA "+name)
	t.Cleanup(func() { admin.exec(t, "DROP SCHEMA "+name+" CASCADE") })
	return with(t, os.Getenv("TEST_DATABASE_URL"), "search_path", name, "application_name", name)
}

// with adds settings to a database's URL, names and values in turn.
func with(t *testing.T, databaseURL string, settings ...string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for i := 0; i < len(settings); i += 2 {
		q.Set(settings[i], settings[i+1])
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // pgx takes a plus for itself
	return u.String()
}

// admin is a connection apart from the service's.
type admin struct{ *pgxpool.Pool }

func newAdmin(t *testing.T) admin {
	t.Helper()
	databaseURL := os.Getenv("TEST_DATABASE_URL")
	if databaseURL == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("TEST_DATABASE_URL names no PostgreSQL")
		}
		t.Skip("TEST_DATABASE_URL names no PostgreSQL; bash .ci/run test starts one")
	}
	pool, err := pgxpool.New(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return admin{pool}
}

func (a admin) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := a.Exec(context.WithoutCancel(t.Context()), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
