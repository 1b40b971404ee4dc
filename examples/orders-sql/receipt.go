package main

import "context"

// maxReceipt is what fits into a response through the load balancer: 1 MB, of which base64 takes a third.
const maxReceipt = 700 << 10

// receipt is a scan, byte for byte.
type receipt struct {
	ContentType string `header:"Content-Type" enum:"image/png,image/jpeg,application/pdf"`
	Body        []byte
}

func (a api) getReceipt(ctx context.Context, in byID) (receipt, error) {
	return a.store.Receipt(ctx, in.ID)
}

type putReceiptInput struct {
	byID

	ContentType string `header:"Content-Type"`
	Body        []byte `required:"true" accept:"image/png,image/jpeg,application/pdf"`
}

func (a api) putReceipt(ctx context.Context, in putReceiptInput) (struct{}, error) {
	return struct{}{}, a.store.SetReceipt(ctx, in.ID, receipt{in.ContentType, in.Body})
}
