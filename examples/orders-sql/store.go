package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// store keeps orders in one of two databases, which take the same statements. Its methods may be called at the same time.
type store struct {
	db           *sql.DB
	kind         func(error) error // one of the errors below for one of the database's, nil for another
	advisoryLock bool              // whether those who migrate need one; SQLite's transactions wait for each other anyway
	migrated     atomic.Bool
}

// What the store and the preconditions say; the router knows what to answer.
var (
	errNoOrder       = errors.New("orders: no such order")
	errNoReceipt     = errors.New("orders: the order has no receipt")
	errChanged       = errors.New("orders: the order has changed since")
	errUnconditional = errors.New("orders: a change without a condition")

	errDuplicate   = errors.New("orders: a value that must be unique is not")
	errReferenced  = errors.New("orders: a row refers to none, or is referred to")
	errCollision   = errors.New("orders: two transactions collided")
	errText        = errors.New("orders: a text that the database cannot keep")
	errTooSlow     = errors.New("orders: no time left for the database")
	errUnavailable = errors.New("orders: the database cannot be reached")
)

// failure says what an error means, and keeps the database's for the log.
func (s *store) failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	kind := s.kind(err)
	if ctx.Err() != nil {
		kind = errTooSlow
	}
	if kind == nil {
		return err
	}
	return fmt.Errorf("%w: %w", kind, err)
}

const columns = "id, version, created, status, customer, coalesce(reference, ''), items, cents, note"

// scan reads the columns.
func scan(row interface{ Scan(...any) error }) (Order, error) {
	var o Order
	var items []byte
	err := row.Scan(&o.ID, &o.Version, (*utc)(&o.Created), &o.Status, &o.Customer, &o.Reference, &items, &o.Cents, &o.Note)
	if err == nil {
		err = json.Unmarshal(items, &o.Items)
	}
	return o, err
}

// utc reads a time of either database. SQLite has none: there it is the microseconds since 1970.
type utc time.Time

func (t *utc) Scan(value any) error {
	switch v := value.(type) {
	case time.Time:
		*t = utc(v.UTC())
	case int64:
		*t = utc(time.UnixMicro(v).UTC())
	default:
		return fmt.Errorf("orders: a time is a %T", value)
	}
	return nil
}

func (s *store) Create(ctx context.Context, n NewOrder) (Order, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Order{}, err
	}
	items, err := json.Marshal(n.Items)
	if err != nil {
		return Order{}, err
	}
	o := Order{ID: id, Version: 1, Created: time.Now().UTC().Truncate(time.Microsecond), Status: "open", Cents: total(n.Items), NewOrder: n}
	_, err = s.db.ExecContext(ctx, `INSERT INTO orders (id, version, created, status, customer, reference, items, cents, note)
		VALUES ($1, $2, $3, $4, $5, nullif($6, ''), $7, $8, $9)`,
		o.ID, o.Version, o.Created, o.Status, o.Customer, o.Reference, string(items), o.Cents, o.Note)
	return o, s.failure(ctx, err)
}

func (s *store) Order(ctx context.Context, id uuid.UUID) (Order, error) {
	o, err := scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM orders WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, errNoOrder
	}
	return o, s.failure(ctx, err)
}

// Update changes an order that has one of the versions, any if they are nil. One statement looks and changes: nobody comes in between.
func (s *store) Update(ctx context.Context, id uuid.UUID, versions []int, c ChangedOrder) (Order, error) {
	items, err := json.Marshal(c.Items)
	if err != nil {
		return Order{}, err
	}
	var q query
	q.add("UPDATE orders SET version = version + 1, status = ?, items = ?, cents = ?, note = ? WHERE id = ?",
		c.Status, string(items), total(c.Items), c.Note, id)
	q.oneOf(versions)
	q.add(" RETURNING " + columns)
	o, err := scan(s.db.QueryRowContext(ctx, q.String(), q.args...))
	if errors.Is(err, sql.ErrNoRows) {
		return Order{}, s.unmatched(ctx, id)
	}
	return o, s.failure(ctx, err)
}

// Delete deletes an order that has one of the versions, any if they are nil, and no receipt.
func (s *store) Delete(ctx context.Context, id uuid.UUID, versions []int) error {
	var q query
	q.add("DELETE FROM orders WHERE id = ?", id)
	q.oneOf(versions)
	result, err := s.db.ExecContext(ctx, q.String(), q.args...)
	if err != nil {
		return s.failure(ctx, err)
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return s.unmatched(ctx, id)
}

// unmatched says why there was nothing to change.
func (s *store) unmatched(ctx context.Context, id uuid.UUID) error {
	if _, err := s.Order(ctx, id); err != nil {
		return err
	}
	return errChanged
}

func (s *store) Receipt(ctx context.Context, id uuid.UUID) (receipt, error) {
	var r receipt
	err := s.db.QueryRowContext(ctx, "SELECT media_type, content FROM receipts WHERE order_id = $1", id).Scan(&r.ContentType, &r.Body)
	if !errors.Is(err, sql.ErrNoRows) {
		return r, s.failure(ctx, err)
	}
	if _, err := s.Order(ctx, id); err != nil {
		return receipt{}, err
	}
	return receipt{}, errNoReceipt
}

func (s *store) SetReceipt(ctx context.Context, id uuid.UUID, r receipt) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO receipts (order_id, media_type, content) VALUES ($1, $2, $3)
		ON CONFLICT (order_id) DO UPDATE SET media_type = excluded.media_type, content = excluded.content`, id, r.ContentType, r.Body)
	if err = s.failure(ctx, err); errors.Is(err, errReferenced) {
		return errNoOrder
	}
	return err
}
