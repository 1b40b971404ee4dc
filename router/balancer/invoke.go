package balancer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// An InvokeError is returned by a [lambda.Handler] to choose the error_reason of the access log: that
// the function was throttled ([LambdaThrottling]), may not be called ([LambdaAccessDenied]), does not
// exist ([LambdaResourceNotFound]). The client gets a 502 all the same, or a 504 for
// [LambdaConnectionTimeout]. Any other error is [LambdaUnhandled].
type InvokeError struct {
	Reason string // "" means LambdaUnhandled
	Err    error  // for the error log; may be nil
}

// Error is for the error log: the reason and the text of Err.
func (e *InvokeError) Error() string {
	s := "balancer: invocation failed"
	if e.Reason != "" {
		s += " with " + e.Reason
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns Err.
func (e *InvokeError) Unwrap() error { return e.Err }

// panicError is a panic of the function, which on Lambda ends its process and here must not.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("the function panicked: %v", e.value) }

var (
	errTimeout = errors.New("the function timed out")
	errGoexit  = errors.New("the function ended its goroutine")
)

// invoke runs the function until it answers or time is up, whether or not it heeds its context.
func (b *Balancer) invoke(ctx context.Context, event []byte) ([]byte, error) {
	if b.functionTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, b.functionTimeout)
		defer cancel()
	}
	type result struct {
		response []byte
		err      error
	}
	done := make(chan result, 1)
	go func() {
		res := result{err: errGoexit} // stands if Invoke neither returns nor panics
		defer func() {
			if v := recover(); v != nil {
				res = result{err: &panicError{value: v, stack: debug.Stack()}}
			}
			done <- res
		}()
		res.response, res.err = b.fn.Invoke(ctx, event)
	}()
	select {
	case res := <-done:
		if res.err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			res.err = fmt.Errorf("%w: %w", errTimeout, res.err)
		}
		return res.response, res.err
	case <-ctx.Done():
		if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
			return nil, err
		}
		return nil, errTimeout
	}
}

// invocationRefusal is what the client gets for a failed invocation.
func invocationRefusal(err error) *Refusal {
	e := &Refusal{Status: http.StatusBadGateway, Reason: LambdaUnhandled, Detail: err.Error()}
	var chosen *InvokeError
	switch p := (*panicError)(nil); {
	case errors.As(err, &chosen) && chosen.Reason != "":
		e.Reason = chosen.Reason
		e.Remedy = "see the error codes in the ELB guide's page on access logs"
		if chosen.Reason == LambdaConnectionTimeout {
			e.Status = http.StatusGatewayTimeout
		}
	case errors.Is(err, errTimeout):
		e.Remedy = "answer before the context's deadline, or give the function a longer timeout"
	case errors.As(err, &p):
		e.Remedy = "mend the panic; on Lambda it ends the process, too"
	case errors.Is(err, errGoexit):
		e.Remedy = "do not call runtime.Goexit, or testing.T.FailNow, in a function"
	default:
		e.Remedy = "see the function's own log; a function that ends, overruns its time or returns an error is a 502 to clients: answer with a status of your own"
	}
	return e
}
