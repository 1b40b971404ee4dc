package serve

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

// A target is a function behind its target group, which can be in either header mode.
type target struct {
	server     *Server
	fn         *function.Function
	multiValue atomic.Bool
	balancers  map[condition]*balancer.Balancer
}

// A condition is what one request has and another has not.
type condition struct{ multiValue, login bool }

func newTarget(s *Server, f Function) *target {
	t := &target{server: s}
	t.multiValue.Store(f.MultiValueHeaders)
	t.fn = function.New(f.Spec, function.Options{
		OnState: func(state function.State) {
			s.terminal.state(f.Name, state)
			s.store.Wake()
		},
		OnLine: func(line record.Line) { s.terminal.line(f.Name, line) },
	})
	t.balancers = make(map[condition]*balancer.Balancer)
	for _, multiValue := range []bool{false, true} {
		opts := slices.Concat(s.config.Balancer, []balancer.Option{
			balancer.WithMultiValueHeaders(multiValue),
			balancer.WithErrorLog(s.config.Log),
			balancer.WithObserver(func(x balancer.Exchange) { visitOf(x.Request.Context()).observe(x) }),
		})
		if f.TargetGroupARN != "" {
			opts = append(opts, balancer.WithTargetGroupARN(f.TargetGroupARN))
		}
		t.balancers[condition{multiValue, false}] = balancer.New(t, opts...)
		if s.config.Login != nil {
			t.balancers[condition{multiValue, true}] = balancer.New(t, append(opts, s.config.Login)...)
		}
	}
	return t
}

// ServeHTTP is the target group.
func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := visitOf(r.Context())
	multiValue := t.multiValue.Load()
	if v.how.MultiValue != nil {
		multiValue = *v.how.MultiValue
	}
	v.reached(t.fn.Spec().Name, multiValue)
	t.balancers[condition{multiValue, t.server.loggedIn(v.decision)}].ServeHTTP(w, r)
}

// checkHealth checks the function until ctx ends, in the mode that the target group has at the start.
func (t *target) checkHealth(ctx context.Context) {
	_ = t.balancers[condition{multiValue: t.multiValue.Load()}].RunHealthChecks(ctx)
}

// Invoke is the function as the load balancer sees it.
func (t *target) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	v := visitOf(ctx)
	if v == nil { // a health check
		return t.fn.Invoke(ctx, event)
	}
	call := &function.Call{OnLine: v.line}
	answer, err := t.fn.Invoke(function.WithCall(ctx, call), event)
	if call.Invocation.RequestID != "" {
		v.invoked(call.Invocation)
	}
	return answer, err
}
