package main

import (
	"context"
	"slices"
)

// api is the service: one method, one operation.
type api struct{ store store }

type byID struct {
	ID string `path:"id" maxLength:"64" doc:"The order's id."`
}

// orderOutput is an order with the tag that a change has to name.
type orderOutput struct {
	ETag string `header:"ETag" doc:"The version, for If-Match and If-None-Match."`
	Body Order
}

func answer(o Order) orderOutput { return orderOutput{ETag: o.etag(), Body: o} }

type createInput struct{ Body NewOrder }

type createOutput struct {
	orderOutput

	Location string `header:"Location" doc:"The address of the order."`
}

func (a api) create(ctx context.Context, in createInput) (createOutput, error) {
	o, err := a.store.Create(ctx, in.Body)
	return createOutput{answer(o), "/orders/" + o.ID}, err
}

func (a api) read(ctx context.Context, in byID) (orderOutput, error) {
	o, err := a.store.Order(ctx, in.ID)
	return answer(o), err
}

// precondition says which version a change was made from. Without it a client could undo what it has not seen. Backslashes are not
// taken, since some clients escape with them (RFC 9110 section 8.8.3).
type precondition struct {
	IfMatch []string `header:"If-Match" pattern:"^(\\*|(W/)?\"[!#-Z^-~]*\")$" maxItems:"10" example:"\"1\"" doc:"The ETag of the version that was changed; * is any."`
}

// check follows RFC 9110 section 13.1.1. That there must be a condition at all is RFC 6585 section 3.
func (p precondition) check(o Order) error {
	switch {
	case len(p.IfMatch) == 0:
		return errUnconditional
	case slices.Contains(p.IfMatch, "*") || slices.Contains(p.IfMatch, o.etag()):
		return nil
	default:
		return errChanged
	}
}

type replaceInput struct {
	byID
	precondition

	Body ChangedOrder
}

func (a api) replace(ctx context.Context, in replaceInput) (orderOutput, error) {
	o, err := a.store.Update(ctx, in.ID, func(o *Order) error {
		if err := in.check(*o); err != nil {
			return err
		}
		o.Status, o.Items, o.Note = in.Body.Status, in.Body.Items, in.Body.Note
		return nil
	})
	return answer(o), err
}

type removeInput struct {
	byID
	precondition
}

func (a api) remove(ctx context.Context, in removeInput) (struct{}, error) {
	return struct{}{}, a.store.Delete(ctx, in.ID, in.check)
}
