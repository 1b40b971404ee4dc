package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
)

// A file that breaks off must not look like a whole one: the client could not tell.
func TestBrokenExport(t *testing.T) {
	const rows = 500 // more than any buffer on the way
	r := router.New()
	r.Use(middleware.Defaults(zap.NewNop())...)
	binding.Handle(binding.With(r, binding.WithErrorMap(rules()...)), "GET /orders.csv", func(context.Context, struct{}) (csvFile, error) {
		return func(row func(Order) error) error {
			for range rows {
				if err := row(Order{NewOrder: NewOrder{Customer: "c-1"}}); err != nil {
					return err
				}
			}
			return errUnavailable
		}, nil
	})
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		res, body := received(t, albtest.Do(t, r, request("GET", "/orders.csv", ""), mode))
		if res.StatusCode != http.StatusInternalServerError || strings.Contains(body, "c-1") {
			t.Errorf("%s: %d with %d of the rows", mode, res.StatusCode, strings.Count(body, "c-1"))
		}
	}
}
