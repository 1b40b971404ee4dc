package listener

import "context"

// A Decision is how the listener dealt with a request.
type Decision struct {
	Rule     string // the rule's priority, or "default"
	Action   string // forward, redirect or fixed-response
	Function string // the target group that was chosen; "" when none was
	Login    string // the action that authenticated the user, such as authenticate-oidc; "" for none
	Error    string // why the listener answered with a 500 or 503 of its own
}

type decisionKey struct{}

// WithDecision asks the listener to fill d while it serves a request with this context. It is filled before the target is called.
func WithDecision(ctx context.Context, d *Decision) context.Context {
	return context.WithValue(ctx, decisionKey{}, d)
}

// DecisionFromContext returns the Decision of the request, for a target that must know the rule.
func DecisionFromContext(ctx context.Context) (*Decision, bool) {
	d, ok := ctx.Value(decisionKey{}).(*Decision)
	return d, ok
}
