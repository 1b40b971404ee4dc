package binding

import (
	"context"
	"net/http"
	"reflect"

	"github.com/albatross-go/albatross/router/problem"
)

// Mux is a router: *chi.Mux, every chi.Router and *http.ServeMux are one.
type Mux interface {
	// Handle registers h at a pattern in the router's own syntax.
	Handle(pattern string, h http.Handler)
}

// Handle registers fn at a pattern in the router's own syntax, with the method in front of it: "GET /orders/{id}".
//
// It panics where fn could never serve the pattern: a mistake in the tags of In or Out, a path parameter that no field of In takes,
// a body with GET or HEAD. The text names the type, the field, the tag and the fix.
func Handle[In, Out any](m Mux, pattern string, fn func(context.Context, In) (Out, error), opts ...Option) {
	if m == nil {
		panic("binding: Handle of " + pattern + " was given a nil Mux; pass the router")
	}
	h := newHandler(fn, opts)
	h.input.checkPattern(pattern)
	m.Handle(pattern, h)
}

// NewHandler makes a handler of fn, to be registered by other means than [Handle], which also checks the pattern.
//
// In is read from the request and checked, fn is called with it, and Out or the error is answered; see the package's documentation.
// It panics at a mistake in the tags of In or Out.
func NewHandler[In, Out any](fn func(context.Context, In) (Out, error), opts ...Option) http.Handler {
	return newHandler(fn, opts)
}

func newHandler[In, Out any](fn func(context.Context, In) (Out, error), opts []Option) *handler {
	in, out := reflect.TypeFor[In](), reflect.TypeFor[Out]()
	if fn == nil {
		panic("binding: a handler from " + in.String() + " to " + out.String() + " has a nil function; pass one")
	}
	h := &handler{
		input:  planOf(in),
		output: outputOf(out),
		call: func(ctx context.Context, h *handler, w http.ResponseWriter, r *http.Request) error {
			e, err := h.output.negotiate(r, &h.config)
			if err != nil {
				return err
			}
			v := new(struct { // one allocation for all
				in      In
				out     Out
				reading reading
				answer  answer
			})
			v.reading = reading{request: r, config: &h.config}
			if err := h.input.decode(&v.reading, reflect.ValueOf(&v.in).Elem()); err != nil {
				return err
			}
			if v.out, err = fn(ctx, v.in); err != nil {
				return err
			}
			v.answer = answer{w: w, output: h.output, config: &h.config, encoder: e, out: reflect.ValueOf(&v.out).Elem()}
			return h.output.respond(&v.answer, r)
		},
	}
	return h.with(opts)
}

// handler is the untyped core: all that depends on In and Out is in call.
type handler struct {
	input  *plan
	output *output
	call   func(context.Context, *handler, http.ResponseWriter, *http.Request) error

	levels [][]Option // as they were given, the outermost router's first
	config config     // the levels applied
}

// with returns the handler with options that yield to those it has.
func (h *handler) with(outer []Option) *handler {
	c := *h
	c.levels = append([][]Option{outer}, h.levels...)
	c.config = newConfig(c.levels)
	c.output.check(&c.config)
	return &c
}

// ServeHTTP reads In, calls the function and answers what it returned.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := h.call(r.Context(), h, w, r); err != nil {
		problem.Write(w, r, h.config.describe(err))
	}
}

// With returns a router that gives opts to every typed handler registered through it, and hands everything on to m. Options of the
// handler itself come before those of With, and those of an inner With before those of an outer one.
//
//	api := binding.With(r, binding.WithErrorMap(binding.ErrorIs(sql.ErrNoRows, http.StatusNotFound, "There is no such order.")))
//	binding.Handle(api, "GET /orders/{id}", getOrder)
//
// Handlers registered at m itself, before or after, are not affected.
func With(m Mux, opts ...Option) Mux {
	if m == nil {
		panic("binding: With was given a nil Mux; pass the router")
	}
	return &scope{m, append([]Option(nil), opts...)}
}

// scope is a router with options.
type scope struct {
	mux     Mux
	options []Option
}

func (s *scope) Handle(pattern string, h http.Handler) {
	if typed, ok := h.(*handler); ok {
		h = typed.with(s.options)
	}
	s.mux.Handle(pattern, h)
}
