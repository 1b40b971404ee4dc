package binding

import (
	"errors"
	"fmt"

	"github.com/albatross-go/albatross/router/problem"
)

// ErrorRule makes a problem of an error that it knows, and nil of any other.
//
// The error is the problem's cause, for the log, unless it has one already.
type ErrorRule func(error) *problem.Details

// ErrorIs is the rule that an error for which [errors.Is] finds target is a problem with this status and detail.
func ErrorIs(target error, status int, detail string) ErrorRule {
	if target == nil || status < 400 || status > 599 {
		panic(fmt.Sprintf("binding: ErrorIs was given %v and %d; give an error, and a status from 400 to 599", target, status))
	}
	return func(err error) *problem.Details {
		if !errors.Is(err, target) {
			return nil
		}
		return problem.New(status, detail)
	}
}

// ErrorAs is the rule that an error in which [errors.As] finds an E is the problem that f makes of it. A nil from f leaves the
// error to the next rule.
func ErrorAs[E error](f func(E) *problem.Details) ErrorRule {
	if f == nil {
		panic("binding: ErrorAs was given a nil function; pass one")
	}
	return func(err error) *problem.Details {
		if e, ok := errors.AsType[E](err); ok {
			return f(e)
		}
		return nil
	}
}

// describe returns the problem that err is, says it is, or is by the rules; or err itself, of which a client learns nothing.
func (c *config) describe(err error) error {
	if d, ok := errors.AsType[*problem.Details](err); ok && d != nil {
		return err
	}
	if own, ok := errors.AsType[interface {
		error
		Problem() *problem.Details
	}](err); ok {
		if d := own.Problem(); d != nil {
			return causedBy(err, d)
		}
	}
	for _, rule := range c.rules {
		if rule == nil {
			continue
		}
		if d := rule(err); d != nil {
			return causedBy(err, d)
		}
	}
	return err
}

// causedBy returns d with err as its cause if it has none. d itself, which may be shared, is not changed.
func causedBy(err error, d *problem.Details) *problem.Details {
	if d.Unwrap() != nil {
		return d
	}
	c := problem.Wrap(err, d.Status, d.Detail)
	c.Type, c.Title, c.Instance = d.Type, d.Title, d.Instance
	c.Errors, c.Extensions, c.Header = d.Errors, d.Extensions, d.Header
	return c
}
