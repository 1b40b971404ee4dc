package function

import (
	"context"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A Call is what Invoke tells of an invocation besides the answer.
type Call struct {
	// OnLine is called for each line that the function prints from the start of the environment, where the call is its first, to the
	// event after this one: so also after Invoke has returned. It may be nil.
	OnLine func(record.Line)

	// Invocation is set before Invoke returns, unless the function was not invoked: then its RequestID is "".
	Invocation record.Invocation
}

type callKey struct{}

// WithCall returns a context for one call of Invoke.
func WithCall(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callOf returns the call that the context carries, or one that nobody looks at.
func callOf(ctx context.Context) *Call {
	if c, ok := ctx.Value(callKey{}).(*Call); ok {
		return c
	}
	return new(Call)
}
