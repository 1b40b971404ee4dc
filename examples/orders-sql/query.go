package main

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// query is a statement under construction. Its text is the program's own; what clients say is in the arguments only.
type query struct {
	strings.Builder

	args []any
}

// add adds text with a ? for each argument.
func (q *query) add(text string, args ...any) {
	for _, arg := range args {
		q.args = append(q.args, arg)
		text = strings.Replace(text, "?", "$"+strconv.Itoa(len(q.args)), 1)
	}
	q.WriteString(text)
}

// oneOf adds a condition on the version; nil is none.
func (q *query) oneOf(versions []int) {
	if versions == nil {
		return
	}
	q.add(" AND version IN (0") // no order's
	for _, version := range versions {
		q.add(", ?", version)
	}
	q.add(")")
}

// Each calls row with the orders that match, limit of them at most, the newest first, as they come from the database. It ends with
// the first error of row.
func (s *store) Each(ctx context.Context, m matching, limit int, row func(Order) error) error {
	var q query
	q.add("SELECT " + columns + " FROM orders WHERE true")
	if m.Status != "" {
		q.add(" AND status = ?", m.Status)
	}
	if m.Customer != "" {
		q.add(" AND customer = ?", m.Customer)
	}
	if !m.Since.IsZero() {
		q.add(" AND created >= ?", m.Since.UTC())
	}
	if m.After != uuid.Nil {
		q.add(" AND id < ?", m.After)
	}
	q.add(" ORDER BY id DESC LIMIT ?", limit)
	rows, err := s.db.QueryContext(ctx, q.String(), q.args...)
	if err != nil {
		return s.failure(ctx, err)
	}
	defer rows.Close() //nolint:errcheck // Err has told
	for rows.Next() {
		o, err := scan(rows)
		if err != nil {
			return s.failure(ctx, err)
		}
		if err := row(o); err != nil {
			return err
		}
	}
	return s.failure(ctx, rows.Err())
}
