package balancer_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albatross-go/albatross/router/balancer"
)

func TestInvocationFails(t *testing.T) {
	fails := func(err error) function {
		return func(context.Context, []byte) ([]byte, error) { return nil, err }
	}
	tests := []struct {
		name   string
		f      function
		status int
		reason string
		says   string
	}{
		{"B26 error", fails(errors.New("boom")), 502, balancer.LambdaUnhandled, "boom"},
		{"B26 panic", func(context.Context, []byte) ([]byte, error) { panic("bang") }, 502, balancer.LambdaUnhandled, "bang"},
		{"B26 exit", func(context.Context, []byte) ([]byte, error) { runtime.Goexit(); return nil, nil }, 502, balancer.LambdaUnhandled, "Goexit"},
		{"B28", fails(&balancer.InvokeError{Reason: balancer.LambdaThrottling}), 502, balancer.LambdaThrottling, "LambdaThrottling"},
		{"B29", fails(fmt.Errorf("invoke: %w", &balancer.InvokeError{Reason: balancer.LambdaAccessDenied, Err: errors.New("no permission")})),
			502, balancer.LambdaAccessDenied, "no permission"},
		{"no reason", fails(&balancer.InvokeError{Err: errors.New("boom")}), 502, balancer.LambdaUnhandled, "boom"},
		{"service does not answer", fails(&balancer.InvokeError{Reason: balancer.LambdaConnectionTimeout}), 504, balancer.LambdaConnectionTimeout, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w, l := serve(tt.f, get(t, "/"))
			if w.status != tt.status || l.exchange.Reason != tt.reason || l.exchange.Err == nil || l.exchange.TargetStatus != 0 {
				t.Errorf("%d %+v", w.status, l.exchange)
			}
			if got := accessField(t, l.access.String(), errorReason); got != `"`+tt.reason+`"` {
				t.Errorf("error_reason %s", got)
			}
			if !strings.Contains(l.errors.String(), tt.says) {
				t.Errorf("error log %q", l.errors.String())
			}
		})
	}
}

// The stack of a panic is in the error log, and nowhere else.
func TestPanicStack(t *testing.T) {
	w, l := serve(func(context.Context, []byte) ([]byte, error) { panic("bang") }, get(t, "/"))
	if !strings.Contains(l.errors.String(), "TestPanicStack") || strings.Contains(w.body.String()+l.access.String(), "bang") {
		t.Errorf("error log %q, page %q", l.errors.String(), w.body.String())
	}
}

// B27: a function that ignores its context is answered for.
func TestB27FunctionTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ignores := func(ctx context.Context, _ []byte) ([]byte, error) {
			if d, ok := ctx.Deadline(); !ok || time.Until(d) != 3*time.Second {
				t.Errorf("deadline %v, %v", d, ok)
			}
			time.Sleep(time.Minute)
			return []byte(hello), nil
		}
		start := time.Now()
		w, l := serve(ignores, get(t, "/"), balancer.WithFunctionTimeout(3*time.Second))
		if time.Since(start) != 3*time.Second || w.status != 502 || l.exchange.Reason != balancer.LambdaUnhandled {
			t.Errorf("B27: %v, %d %+v", time.Since(start), w.status, l.exchange)
		}
		if !strings.Contains(l.errors.String(), "timed out") {
			t.Errorf("error log %q", l.errors.String())
		}
		time.Sleep(time.Minute) // lets the function end

		heeds := func(ctx context.Context, _ []byte) ([]byte, error) { <-ctx.Done(); return nil, ctx.Err() }
		if _, l := serve(heeds, get(t, "/"), balancer.WithFunctionTimeout(time.Second)); !strings.Contains(l.errors.String(), "timed out") {
			t.Errorf("error log %q", l.errors.String())
		}
	})
}

// A client that goes away does not cancel the function; the access log shows 460.
func TestClientGone(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := get(t, "/").WithContext(ctx)
	w, l := serve(func(ctx context.Context, _ []byte) ([]byte, error) {
		cancel()
		if ctx.Err() != nil {
			t.Error("the function was cancelled")
		}
		return []byte(hello), nil
	}, r)
	if w.status != 460 || l.exchange.TargetStatus != 200 || accessField(t, l.access.String(), 9) != "460" {
		t.Errorf("%d %+v", w.status, l.exchange)
	}
}
