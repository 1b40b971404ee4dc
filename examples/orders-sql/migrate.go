package main

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// The files are applied in the order of their numbers, each once, and never changed after that.
//
//go:embed migrations/*.sql
var migrations embed.FS

// ready migrates if there is need to, which a look tells: that needs no lock, and no right to change anything.
func (s *store) ready(ctx context.Context) error {
	if s.migrated.Load() {
		return nil
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	var applied int
	err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM migrations").Scan(&applied)
	if err != nil || applied < len(names) { // an error, too, if there is no such table yet
		err = s.migrate(ctx)
	}
	s.migrated.CompareAndSwap(false, err == nil)
	return err
}

// migrate applies what is missing: all of it or, after an error, nothing. Any number of environments may do so at once.
func (s *store) migrate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.failure(ctx, err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing is left to do, also after Commit
	if s.advisoryLock {
		const number = "7212025" // any, as long as nobody else has it
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock("+number+")"); err != nil {
			return s.failure(ctx, err)
		}
	}
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY)"); err != nil {
		return s.failure(ctx, err)
	}
	var version int
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(version), 0) FROM migrations").Scan(&version); err != nil {
		return s.failure(ctx, err)
	}
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted
	if err != nil {
		return err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("orders: %s has no number: %w", name, err)
		}
		if n <= version {
			continue
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("orders: %s: %w", name, s.failure(ctx, err))
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO migrations (version) VALUES ($1)", n); err != nil {
			return s.failure(ctx, err)
		}
	}
	return s.failure(ctx, tx.Commit())
}
