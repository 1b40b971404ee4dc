package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"time"
)

// store keeps orders. Its methods may be called at the same time.
type store interface {
	// List returns a part of the orders, the newest first, and how many there are.
	List(ctx context.Context, f filter) (page []Order, total int, err error)
	Create(ctx context.Context, o NewOrder) (Order, error)
	Order(ctx context.Context, id string) (Order, error)
	// Update calls change with the order, which nobody else changes meanwhile. If change returns an error, everything stays as it was.
	Update(ctx context.Context, id string, change func(*Order) error) (Order, error)
	// Delete deletes the order and its receipt, unless check returns an error.
	Delete(ctx context.Context, id string, check func(Order) error) error
	Receipt(ctx context.Context, id string) (receipt, error)
	SetReceipt(ctx context.Context, id string, r receipt) error
}

// What the store and the preconditions say; the router knows what to answer.
var (
	errNoOrder       = errors.New("orders: no such order")
	errNoReceipt     = errors.New("orders: the order has no receipt")
	errChanged       = errors.New("orders: the order has changed since")
	errUnconditional = errors.New("orders: a change without a condition")
)

type filter struct {
	Status      Status // "" is any, as it is below
	Customer    string
	Since       time.Time
	Skip, Limit int
}

func (f filter) matches(o Order) bool {
	return (f.Status == "" || o.Status == f.Status) && (f.Customer == "" || o.Customer == f.Customer) && !o.Created.Before(f.Since)
}

// memory is a store for as long as the process lives.
type memory struct {
	mu       sync.Mutex
	orders   map[string]Order // their items are replaced, never changed in place
	receipts map[string]receipt
}

func newMemory() *memory {
	return &memory{orders: map[string]Order{}, receipts: map[string]receipt{}}
}

func (m *memory) List(_ context.Context, f filter) ([]Order, int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []Order{}
	for _, o := range m.orders {
		if f.matches(o) {
			found = append(found, o)
		}
	}
	slices.SortFunc(found, func(a, b Order) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	begin := min(f.Skip, len(found))
	end := min(begin+f.Limit, len(found))
	return found[begin:end], len(found), nil
}

func (m *memory) Create(_ context.Context, n NewOrder) (Order, error) {
	o := Order{
		ID: rand.Text(), Version: 1, Created: time.Now().UTC(), Status: "open",
		Customer: n.Customer, Items: n.Items, Note: n.Note,
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.orders[o.ID] = o
	return o, nil
}

func (m *memory) Order(_ context.Context, id string) (Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.order(id)
}

func (m *memory) Update(_ context.Context, id string, change func(*Order) error) (Order, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, err := m.order(id)
	if err != nil {
		return Order{}, err
	}
	if err := change(&o); err != nil {
		return Order{}, err
	}
	o.Version++
	m.orders[id] = o
	return o, nil
}

func (m *memory) Delete(_ context.Context, id string, check func(Order) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	o, err := m.order(id)
	if err != nil {
		return err
	}
	if err := check(o); err != nil {
		return err
	}
	delete(m.orders, id)
	delete(m.receipts, id)
	return nil
}

func (m *memory) Receipt(_ context.Context, id string) (receipt, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.order(id); err != nil {
		return receipt{}, err
	}
	r, ok := m.receipts[id]
	if !ok {
		return receipt{}, errNoReceipt
	}
	return r, nil
}

func (m *memory) SetReceipt(_ context.Context, id string, r receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, err := m.order(id)
	if err == nil {
		m.receipts[id] = r
	}
	return err
}

// order is called with the lock.
func (m *memory) order(id string) (Order, error) {
	o, ok := m.orders[id]
	if !ok {
		return Order{}, errNoOrder
	}
	return o, nil
}
