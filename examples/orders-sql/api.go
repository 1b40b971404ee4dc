package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
)

// api is the service: one method, one operation.
type api struct{ store *store }

type byID struct {
	ID uuid.UUID `path:"id"`
}

// orderOutput is an order with the tag that a change has to name.
type orderOutput struct {
	ETag string `header:"ETag"`
	Body Order
}

func answer(o Order) orderOutput { return orderOutput{ETag: o.etag(), Body: o} }

type createInput struct{ Body NewOrder }

type createOutput struct {
	orderOutput

	Location string `header:"Location"`
}

func (a api) create(ctx context.Context, in createInput) (createOutput, error) {
	o, err := a.store.Create(ctx, in.Body)
	return createOutput{answer(o), "/orders/" + o.ID.String()}, err
}

func (a api) read(ctx context.Context, in byID) (orderOutput, error) {
	o, err := a.store.Order(ctx, in.ID)
	return answer(o), err
}

// precondition says which version a change was made from (RFC 9110 section 13.1.1).
type precondition struct {
	IfMatch []string `header:"If-Match" pattern:"^(\\*|(W/)?\"[!#-Z^-~]*\")$" maxItems:"10"`
}

// versions returns those that may be changed, nil for any. A tag that this service has not made is no version's.
func (p precondition) versions() ([]int, error) {
	switch {
	case len(p.IfMatch) == 0:
		return nil, errUnconditional // RFC 6585 section 3
	case slices.Contains(p.IfMatch, "*"):
		return nil, nil
	}
	versions := []int{}
	for _, tag := range p.IfMatch {
		n, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 32)
		if err == nil && (Order{Version: int(n)}).etag() == tag {
			versions = append(versions, int(n))
		}
	}
	return versions, nil
}

type replaceInput struct {
	byID
	precondition

	Body ChangedOrder
}

func (a api) replace(ctx context.Context, in replaceInput) (orderOutput, error) {
	versions, err := in.versions()
	if err != nil {
		return orderOutput{}, err
	}
	o, err := a.store.Update(ctx, in.ID, versions, in.Body)
	return answer(o), err
}

type removeInput struct {
	byID
	precondition
}

func (a api) remove(ctx context.Context, in removeInput) (struct{}, error) {
	versions, err := in.versions()
	if err != nil {
		return struct{}{}, err
	}
	return struct{}{}, a.store.Delete(ctx, in.ID, versions)
}
