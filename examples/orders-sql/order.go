package main

import (
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Status is how far an order has come.
type Status string

// Order is an order as clients see it. Money is in cents, time in UTC.
type Order struct {
	ID       uuid.UUID `json:"id"`
	Version  int       `json:"version"`
	Created  time.Time `json:"created"`
	Status   Status    `json:"status"`
	Cents    int64     `json:"cents"`
	NewOrder           // its fields are the order's own
}

// Item is a line of an order.
type Item struct {
	SKU      string `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]{1,8}$"`
	Quantity int    `json:"quantity" required:"true" minimum:"1" maximum:"1000"`
	Cents    int64  `json:"cents" required:"true" minimum:"0" maximum:"100000000" doc:"The price of one."`
}

// NewOrder is an order before it has a number. With a reference it can be sent again when no answer came: it is taken once.
type NewOrder struct {
	Customer  string `json:"customer" required:"true" minLength:"1" maxLength:"64"`
	Reference string `json:"reference,omitempty" maxLength:"64" doc:"The customer's own number of the order, used once."`
	Items     []Item `json:"items" required:"true" minItems:"1" maxItems:"50"`
	Note      string `json:"note,omitempty" maxLength:"500"`
}

// ChangedOrder is what may change of an order.
type ChangedOrder struct {
	Status Status `json:"status" required:"true" enum:"open,paid,shipped,cancelled"`
	Items  []Item `json:"items" required:"true" minItems:"1" maxItems:"50"`
	Note   string `json:"note,omitempty" maxLength:"500"`
}

func (o Order) etag() string { return `"` + strconv.Itoa(o.Version) + `"` }

// total is the price of all items, 5e12 cents at most.
func total(items []Item) int64 {
	var sum int64
	for _, item := range items {
		sum += int64(item.Quantity) * item.Cents
	}
	return sum
}
