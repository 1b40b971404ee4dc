package balancer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Defaults of a target group of type lambda. ELB guide: "Health checks for Application Load Balancer
// target groups".
const (
	healthTimeout      = 30 * time.Second
	healthyThreshold   = 5
	unhealthyThreshold = 2
)

// CheckHealth invokes the function once as a health check does: a GET without a host, forwarded headers
// or a trace ID. It returns nil if the function answered with 200, the matcher of a new target group,
// within 30 s. A check leaves no trace in the access log and is not shown to the observer.
func (b *Balancer) CheckHealth(ctx context.Context) error {
	if b.fn == nil {
		return errors.New("balancer: the target group has no target; hand a lambda.Handler to balancer.New")
	}
	path, query, _ := strings.Cut(b.healthPath, "?")
	e := event{
		targetGroupARN: b.targetGroupARN,
		multiValue:     b.multiValue,
		method:         http.MethodGet,
		path:           path,
		query:          parseQuery(query),
	}
	e.header.add("user-agent", "ELB-HealthChecker/2.0")

	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	response, err := b.invoke(ctx, e.appendJSON(nil))
	if err != nil {
		return fmt.Errorf("balancer: health check of %s: %w; return a response with status 200", b.healthPath, err)
	}
	a, findings := judge(response, b.multiValue)
	switch {
	case len(findings) > 0 && fatal(findings[0]):
		return fmt.Errorf("balancer: health check of %s: %s", b.healthPath, findings[0])
	case a.status != http.StatusOK:
		return fmt.Errorf("balancer: health check of %s: status %d; answer 200", b.healthPath, a.status)
	}
	return nil
}

// RunHealthChecks checks the function at once and then at every interval, until ctx ends, and returns
// ctx's error. Each check is an invocation like any other. The error log tells when the target becomes
// healthy, which the first success does at the start and five in a row do later, and when it becomes
// unhealthy, after two failures in a row. Requests are served all the same: an ALB fails open when no
// target is healthy.
func (b *Balancer) RunHealthChecks(ctx context.Context) error {
	ticker := time.NewTicker(b.healthInterval)
	defer ticker.Stop()
	var state health
	for ctx.Err() == nil {
		err := b.CheckHealth(ctx)
		if ctx.Err() != nil {
			break // err is the end, not the target's
		}
		if state.changedBy(err) {
			if state.healthy {
				b.errorLog.Print("balancer: health check: the target is healthy")
			} else {
				b.errorLog.Printf("balancer: health check: the target is unhealthy: %s", oneLine(err.Error()))
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
	return ctx.Err()
}

// health is the target's state as the checks see it.
type health struct {
	known, healthy      bool
	successes, failures int // in a row
}

// changedBy counts the outcome of one check and reports whether the state changed.
func (h *health) changedBy(err error) bool {
	if err != nil {
		h.successes = 0
		h.failures++
		if (h.known && !h.healthy) || h.failures < unhealthyThreshold {
			return false
		}
		h.known, h.healthy = true, false
		return true
	}
	h.failures = 0
	h.successes++
	if h.healthy || (h.known && h.successes < healthyThreshold) {
		return false
	}
	h.known, h.healthy = true, true
	return true
}
