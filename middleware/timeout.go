package middleware

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// Timeout answers 504 once no more than margin is left before the deadline of the request's context, which on Lambda is the end of
// the invocation. A function that runs into it is shown to the client as a bare 502, and its process is ended. A second is enough
// for an answer and its log line.
//
// The handler's context ends at that moment; [context.Cause] says why. What the handler has written by then is not sent, and one
// that goes on regardless reaches nobody: its writes return [http.ErrHandlerTimeout], its header and its status are ignored, and
// its panics and problems go to the standard logger. It must leave the request's header and URL alone, and what it reads of the
// body is not defined. Return when the context ends: on Lambda the process is frozen after the answer, and what is left of the
// handler runs during a later request.
//
// The handler has a goroutine of its own, and its response is kept in memory until it returns. So it cannot be seen early: Flush
// freezes the header and sends nothing, informational responses and trailers are left out, and the rest of [http.ResponseController]
// is [http.ErrNotSupported]. On a plain server the answer waits for a handler that is reading the client's body. A panic is raised again for the caller as a [*alb.PanicError] with the handler's stack,
// http.ErrAbortHandler as itself.
//
// A request with margin or less to go is answered 504 at once: its handler could only begin what it cannot finish. One whose
// context has no deadline goes straight to the handler. One that ends for another reason, as when its client has gone, is waited
// for until the same moment.
//
// It belongs inside the middleware that logs and the one that recovers, which see its answer and the panic. What else such a
// middleware shares with the handler through the context it must lock: problems and chi's route context are kept apart.
//
// Where there is a deadline it costs a goroutine and, behind chi, about 40 allocations, else nothing. Timeout panics if margin is not positive.
func Timeout(margin time.Duration) func(http.Handler) http.Handler {
	if margin <= 0 {
		panic(fmt.Sprintf("middleware: Timeout was given a margin of %s; give the time that it takes to answer, as time.Second", margin))
	}
	ranOut := fmt.Errorf("middleware: the handler was not done %s before the deadline: %w", margin, context.DeadlineExceeded)
	tooLate := fmt.Errorf("middleware: no more than %s was left when the request came; give the function more time: %w",
		margin, context.DeadlineExceeded)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			deadline, ok := r.Context().Deadline()
			if !ok {
				next.ServeHTTP(w, r)
				return
			}
			deadline = deadline.Add(-margin)
			if time.Until(deadline) <= 0 {
				findPattern(chi.RouteContext(r.Context()), r)
				problem.Write(w, r, tooLate)
				return
			}
			serveUntil(deadline, ranOut, next, w, r)
		})
	}
}

// serveUntil passes on the response of next, or answers with the cause if there is none by the deadline.
func serveUntil(deadline time.Time, cause error, next http.Handler, w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithDeadlineCause(r.Context(), deadline, cause)
	defer cancel()
	tw := &timeoutWriter{header: w.Header().Clone()}
	if tw.header == nil {
		tw.header = make(http.Header)
	}
	route, own := chi.RouteContext(ctx), (*chi.Context)(nil)
	if route != nil { // chi gives it to another request once this one is answered
		own = route.Clone()
		ctx = context.WithValue(ctx, chi.RouteCtxKey, own)
	}
	if observe, ok := ctx.Value(problem.ObserverKey{}).(func(error)); ok {
		waiting := ctx
		ctx = problem.WithObserver(ctx, func(err error) { tw.observe(r, observe, errors.Is(context.Cause(waiting), cause), err) })
	}
	inner := r.WithContext(ctx)

	done := make(chan outcome, 1)
	go func() {
		o := outcome{exited: true} // stands if the handler neither returns nor panics
		defer func() {
			if v := recover(); v != nil {
				o = outcome{panicked: withStack(v)}
			}
			if errors.Is(context.Cause(ctx), cause) || !tw.end(errReturned) { // what it did at the end may be half of it
				o.logLate(r)
				return
			}
			done <- o
		}()
		next.ServeHTTP(tw, inner)
		o.exited = false
	}()

	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	var o outcome
	select {
	case o = <-done:
	case <-timer.C:
		<-ctx.Done() // at this very moment, and not by cancel
		if tw.end(http.ErrHandlerTimeout) {
			findPattern(route, r)
			problem.Write(w, r, cause)
			return
		}
		o = <-done
	}
	if route != nil {
		route.RoutePath, route.RouteMethod = own.RoutePath, own.RouteMethod
		route.RoutePatterns = slices.Clone(own.RoutePatterns) // chi uses them again, and a goroutine may have them still
		route.URLParams.Keys, route.URLParams.Values = slices.Clone(own.URLParams.Keys), slices.Clone(own.URLParams.Values)
	}
	r.Pattern = inner.Pattern
	switch {
	case o.exited:
		runtime.Goexit()
	case o.panicked != nil:
		panic(o.panicked)
	}
	tw.passOn(w)
}

// findPattern is for logs. How far the handler came with its own routing cannot be seen while it goes on.
func findPattern(route *chi.Context, r *http.Request) {
	if route == nil || route.Routes == nil || len(route.RoutePatterns) > 0 {
		return
	}
	path := cmp.Or(route.RoutePath, r.URL.RawPath, r.URL.Path, "/")
	if pattern := route.Routes.Find(chi.NewRouteContext(), cmp.Or(route.RouteMethod, r.Method), path); pattern != "" {
		route.RoutePatterns = append(route.RoutePatterns, pattern)
	}
}

// outcome is how a handler ended. The zero value is that it returned.
type outcome struct {
	panicked any
	exited   bool // by runtime.Goexit
}

// withStack keeps the stack of a panic, which ends with this goroutine.
func withStack(v any) any {
	if _, ok := v.(*alb.PanicError); ok || v == http.ErrAbortHandler { //nolint:errorlint // net/http compares the recovered value too
		return v
	}
	return &alb.PanicError{Value: v, Stack: debug.Stack()}
}

func (o outcome) logLate(r *http.Request) {
	if p, ok := o.panicked.(*alb.PanicError); ok {
		logLate(r, fmt.Sprintf("%.1000q\n%s", p, p.Stack))
	}
}

// logLate is for what nobody waits for any more. The request's own observer may be gone; it is for one goroutine.
func logLate(r *http.Request, what string) {
	log.Printf("middleware: %.1000q, after its answer: %s", r.Method+" "+r.URL.Path, what) //nolint:gosec // a client's text is quoted
}
