package main

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// matching is embedded by the inputs of all operations that choose among the orders.
type matching struct {
	Status   Status    `query:"status" enum:"open,paid,shipped,cancelled"`
	Customer string    `query:"customer" maxLength:"64"`
	Since    time.Time `query:"since" doc:"Orders made then or later."`
	After    uuid.UUID `query:"after" doc:"The last order of the page before. New orders move no page."`
}

type listInput struct {
	matching

	Size int `query:"size" default:"20" minimum:"1" maximum:"100"`
}

type listOutput struct {
	Link string `header:"Link" doc:"The next page, if there is one (RFC 8288)."`
	Body []Order
}

func (a api) list(ctx context.Context, in listInput) (listOutput, error) {
	out := listOutput{Body: []Order{}}
	err := a.store.Each(ctx, in.matching, in.Size+1, func(o Order) error {
		out.Body = append(out.Body, o)
		return nil
	})
	if len(out.Body) > in.Size {
		out.Body = out.Body[:in.Size]
		in.After = out.Body[in.Size-1].ID
		out.Link = "</orders?" + in.query() + `>; rel="next"`
	}
	return out, err
}

func (in listInput) query() string {
	q := url.Values{"size": {strconv.Itoa(in.Size)}, "after": {in.After.String()}}
	if in.Status != "" {
		q.Set("status", string(in.Status))
	}
	if in.Customer != "" {
		q.Set("customer", in.Customer)
	}
	if !in.Since.IsZero() {
		q.Set("since", in.Since.Format(time.RFC3339Nano))
	}
	return q.Encode()
}
