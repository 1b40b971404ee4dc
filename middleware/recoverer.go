package middleware

import (
	"net/http"
	"runtime/debug"

	"github.com/albatross-go/albatross/middleware/internal/response"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// Recoverer turns a panic of the handler into a 500 problem that tells the client nothing. The panic, with its stack, is the cause
// that the nearest problem observer sees: [Logger]'s, where Recoverer is below it.
//
// A response that has begun cannot be taken back. Then the panic is shown to the observer and http.ErrAbortHandler is raised in its
// place, at which net/http cuts the connection and package alb answers 500. The handler's own http.ErrAbortHandler passes on.
//
// A *alb.PanicError, raised again from the goroutine where a handler panicked, keeps its value and its stack.
//
// It costs one allocation a request.
func Recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rw := &response.Writer{ResponseWriter: w}
		defer func() {
			v := recover()
			switch {
			case v == nil:
			case v == http.ErrAbortHandler: //nolint:errorlint // net/http compares the recovered value too
				panic(v)
			case rw.Status != 0:
				problem.Observe(r.Context(), newPanicError(v))
				panic(http.ErrAbortHandler)
			default:
				problem.Write(rw, r, problem.Wrap(newPanicError(v), http.StatusInternalServerError, ""))
			}
		}()
		next.ServeHTTP(rw, r)
	})
}

// newPanicError is for the deferred function that recovered v: there the stack still shows where the panic began.
func newPanicError(v any) *alb.PanicError {
	if p, ok := v.(*alb.PanicError); ok && p != nil {
		return p
	}
	return &alb.PanicError{Value: v, Stack: debug.Stack()}
}
