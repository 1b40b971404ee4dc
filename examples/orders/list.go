package main

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// matching is embedded by the inputs of all operations that choose among the orders.
type matching struct {
	Status   Status    `query:"status" enum:"open,paid,shipped,cancelled" doc:"Orders in that state only."`
	Customer string    `query:"customer" maxLength:"64" doc:"Orders of that customer only."`
	Since    time.Time `query:"since" doc:"Orders made then or later."`
	Page     int       `query:"page" default:"1" minimum:"1" maximum:"100000"`
}

type listInput struct {
	matching

	Size int `query:"size" default:"20" minimum:"1" maximum:"100" doc:"Orders on a page."`
}

// paging tells how much there is besides what the body has.
type paging struct {
	Total *int     `header:"X-Total-Count" doc:"The number of orders on all pages."` // a pointer: 0 is sent as well
	Link  []string `header:"Link" doc:"The pages before and after, where there are (RFC 8288)."`
}

type listOutput struct {
	paging

	Body []Order `required:"true" maxItems:"100"`
}

func (a api) list(ctx context.Context, in listInput) (listOutput, error) {
	orders, total, err := a.store.List(ctx, in.filter(in.Size))
	return listOutput{in.paging("/orders", in.Size, total), orders}, err
}

func (m matching) filter(size int) filter {
	return filter{Status: m.Status, Customer: m.Customer, Since: m.Since, Skip: (m.Page - 1) * size, Limit: size}
}

func (m matching) paging(path string, size, total int) paging {
	p := paging{Total: &total}
	if m.Page > 1 {
		p.Link = append(p.Link, "<"+path+"?"+m.query(m.Page-1, size)+`>; rel="prev"`)
	}
	if m.Page*size < total {
		p.Link = append(p.Link, "<"+path+"?"+m.query(m.Page+1, size)+`>; rel="next"`)
	}
	return p
}

// query asks for another page of the same orders.
func (m matching) query(page, size int) string {
	q := url.Values{"page": {strconv.Itoa(page)}, "size": {strconv.Itoa(size)}}
	if m.Status != "" {
		q.Set("status", string(m.Status))
	}
	if m.Customer != "" {
		q.Set("customer", m.Customer)
	}
	if !m.Since.IsZero() {
		q.Set("since", m.Since.Format(time.RFC3339Nano))
	}
	return q.Encode()
}
