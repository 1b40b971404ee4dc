package balancer

import (
	"context"
	"errors"
	"log"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// A Balancer is an ALB with one listener and one Lambda target group. It is an [http.Handler]: the
// listener's port is that of the connection, 443 with TLS or else 80 when that is unknown, and the
// client's address is the request's RemoteAddr. Make one with [New]. It is safe for concurrent use.
type Balancer struct {
	config
	fn lambda.Handler
}

// New returns a load balancer in front of fn. A nil fn is a target group without a target: every
// request is answered with 503.
func New(fn lambda.Handler, opts ...Option) *Balancer {
	b := &Balancer{fn: fn, config: config{
		targetGroupARN: "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/local/0123456789abcdef",
		healthPath:     "/",
		healthInterval: 35 * time.Second,
		errorLog:       log.Default(),
	}}
	for _, o := range opts {
		o.apply(&b.config)
	}
	return b
}

// MultiValueHeaders reports the target group's header mode.
func (b *Balancer) MultiValueHeaders() bool { return b.multiValue }

// ServeHTTP serves one request as an ALB would. The function is not cancelled when the client goes
// away: ServeHTTP waits for it, and the access log shows 460.
func (b *Balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	v := &visit{Exchange: Exchange{
		Start:   time.Now(),
		Request: r,
		Method:  method(r),
		Target:  requestTarget(r),
	}}
	a, refusal := b.serve(v)
	if refusal != nil {
		a = refusal.page()
		v.Reason = refusal.Reason
	}
	v.Status = a.status
	v.sentBytes = b.write(w, r, a)
	v.Duration = time.Since(v.Start)

	b.explain(v, refusal)
	if b.accessLog != nil {
		if err := b.accessLog.write(b.accessLine(v)); err != nil {
			b.errorLog.Printf("balancer: access log: %v; this line is lost", err)
		}
	}
	if b.observer != nil {
		b.observer(v.Exchange)
	}
}

// A visit is an exchange under way, with what the logs need besides.
type visit struct {
	Exchange
	event      *event    // nil when the request was refused
	dispatched time.Time // when the function was invoked; zero if it was not
	answered   time.Time // when the invocation ended
	sentBytes  int
}

// serve takes one request through the listener, the function and the judgement of its response.
func (b *Balancer) serve(v *visit) (answer, *Refusal) {
	r := v.Request
	if b.fn == nil {
		return answer{}, v.refuse(&Refusal{Status: http.StatusServiceUnavailable,
			Detail: "the target group has no target", Remedy: "hand a lambda.Handler to balancer.New"})
	}
	e, refusal := b.event(r)
	if refusal != nil {
		return answer{}, v.refuse(refusal)
	}
	v.event, v.Event = e, e.appendJSON(nil)

	var err error
	v.dispatched = time.Now()
	v.Response, err = b.invoke(context.WithoutCancel(r.Context()), v.Event)
	v.answered = time.Now()
	if err != nil {
		v.Err = err
		return answer{}, invocationRefusal(err)
	}
	a, findings := judge(v.Response, b.multiValue)
	v.Findings = findings
	if len(findings) > 0 && fatal(findings[0]) {
		return answer{}, &Refusal{Status: http.StatusBadGateway, Reason: findings[0].Reason}
	}
	v.TargetStatus = a.status
	if r.Context().Err() != nil {
		return answer{}, v.refuse(&Refusal{Status: statusClientGone,
			Detail: "the client went away before the function answered",
			Remedy: "answer sooner, or give the client a longer timeout"})
	}
	return a, nil
}

// refuse records what the load balancer itself found wrong.
func (v *visit) refuse(refusal *Refusal) *Refusal {
	v.Err = refusal
	return refusal
}

// explain tells the developer, line by line, what the client is not told.
func (b *Balancer) explain(v *visit, refusal *Refusal) {
	const form = "balancer: %.20s %.200s: %d %s"
	request, target := oneLine(v.Method), oneLine(v.Target)
	if refusal != nil && refusal.Detail != "" {
		line := refusal.text()
		if p, ok := errors.AsType[*panicError](v.Err); ok {
			line += "\n" + string(p.stack)
		}
		b.errorLog.Printf(form, request, target, v.Status, line)
	}
	for _, f := range v.Findings {
		b.errorLog.Printf(form, request, target, v.Status, f)
	}
}
