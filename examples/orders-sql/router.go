package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/problem"
)

func newRouter(s *store, l *zap.Logger) *chi.Mux {
	r := router.New()
	r.Use(middleware.Defaults(l)...)
	r.Use(middleware.ETag, leaveTime, migrated(s))
	a := api{s}
	m := binding.With(r, binding.WithStrictJSON(), binding.WithErrorMap(rules()...))
	binding.Handle(m, "GET /orders", a.list)
	binding.Handle(m, "POST /orders", a.create, binding.WithStatus(http.StatusCreated))
	binding.Handle(m, "GET /orders.csv", a.export)
	binding.Handle(m, "GET /orders/{id}", a.read)
	binding.Handle(m, "PUT /orders/{id}", a.replace)
	binding.Handle(m, "DELETE /orders/{id}", a.remove)
	binding.Handle(m, "GET /orders/{id}/receipt", a.getReceipt)
	binding.Handle(m, "PUT /orders/{id}/receipt", a.putReceipt, binding.WithMaxBody(maxReceipt))
	return r
}

// rules are what the store's errors mean to a client. The database's own words go to the log alone.
func rules() []binding.ErrorRule {
	return []binding.ErrorRule{
		binding.ErrorIs(errNoOrder, http.StatusNotFound, "There is no such order."),
		binding.ErrorIs(errNoReceipt, http.StatusNotFound, "The order has no receipt."),
		binding.ErrorIs(errDuplicate, http.StatusConflict, "The customer has an order of that reference."),
		binding.ErrorIs(errReferenced, http.StatusConflict, "The order has a receipt, so it is kept."),
		binding.ErrorIs(errCollision, http.StatusConflict, "Another change came in between. Try again."),
		binding.ErrorIs(errText, http.StatusUnprocessableEntity, "A text has a character that cannot be kept."),
		binding.ErrorIs(errChanged, http.StatusPreconditionFailed, "The order has changed since. Read it again."),
		binding.ErrorIs(errUnconditional, http.StatusPreconditionRequired, "Send the order's ETag as If-Match, so that no one's change is lost."),
		binding.ErrorIs(errTooSlow, http.StatusGatewayTimeout, "The database did not answer in time."),
		func(err error) *problem.Details {
			if !errors.Is(err, errUnavailable) {
				return nil
			}
			p := problem.Wrap(err, http.StatusServiceUnavailable, "The database cannot be reached. Try again.")
			p.Header = http.Header{"Retry-After": {"1"}}
			return p
		},
	}
}

// toAnswer is the time to cancel a statement at the server and to answer. What is not done by then is frozen with the process.
const toAnswer = 500 * time.Millisecond

// leaveTime ends the context of statements before middleware.Timeout gives up, so that the handler answers and leaves nothing behind.
func leaveTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if deadline, ok := ctx.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, deadline.Add(-toAnswer))
			defer cancel()
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// migrated passes requests on once the schema is as the program needs it.
func migrated(s *store) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return router.Func(func(w http.ResponseWriter, r *http.Request) error {
			err := s.ready(r.Context())
			if err == nil {
				next.ServeHTTP(w, r)
				return nil
			}
			for _, rule := range rules() {
				if p := rule(err); p != nil {
					return p
				}
			}
			return err
		})
	}
}
