package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/albatross-go/albatross/binding"
)

// Status is how far an order has come.
type Status string

// Order is an order as clients see it.
type Order struct {
	ID       string    `json:"id" required:"true" doc:"Given by the service."`
	Version  int       `json:"version" required:"true" minimum:"1" doc:"One more with each change; the ETag says it too."`
	Created  time.Time `json:"created" required:"true"`
	Status   Status    `json:"status" required:"true" enum:"open,paid,shipped,cancelled"`
	Customer string    `json:"customer" required:"true" example:"c-4711"`
	Items    []Item    `json:"items" required:"true"`
	Note     string    `json:"note,omitempty"`
}

// Item is a line of an order.
type Item struct {
	SKU      string `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]{1,8}$" example:"AB-1234" doc:"The article's number."`
	Quantity int    `json:"quantity" required:"true" minimum:"1" maximum:"1000"`
	Cents    int64  `json:"cents" required:"true" minimum:"0" maximum:"100000000" doc:"The price of one."`
}

// NewOrder is an order before it has a number.
type NewOrder struct {
	Customer string `json:"customer" required:"true" minLength:"1" maxLength:"64" example:"c-4711"`
	Items    []Item `json:"items" required:"true" minItems:"1" maxItems:"50"`
	Note     string `json:"note,omitempty" maxLength:"500"`
}

// ChangedOrder is what may change of an order.
type ChangedOrder struct {
	Status Status `json:"status" required:"true" enum:"open,paid,shipped,cancelled"`
	Items  []Item `json:"items" required:"true" minItems:"1" maxItems:"50"`
	Note   string `json:"note,omitempty" maxLength:"500"`
}

// Validate is called when every value is right by itself.
func (o NewOrder) Validate(context.Context) error { return eachOnce(o.Items) }

// Validate is called when every value is right by itself.
func (o ChangedOrder) Validate(context.Context) error { return eachOnce(o.Items) }

func eachOnce(items []Item) error {
	seen := map[string]bool{}
	for i, item := range items {
		if seen[item.SKU] {
			return binding.Invalid(fmt.Sprintf("/items/%d/sku", i), "must not occur twice; add the quantities up")
		}
		seen[item.SKU] = true
	}
	return nil
}

func (o Order) etag() string { return `"` + strconv.Itoa(o.Version) + `"` }

// cents is the price of all items.
func (o Order) cents() int64 {
	var sum int64
	for _, item := range o.Items {
		sum += int64(item.Quantity) * item.Cents
	}
	return sum
}
