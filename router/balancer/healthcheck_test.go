package balancer_test

import (
	"bytes"
	"context"
	"errors"
	"log"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

func TestHealthCheckEvent(t *testing.T) {
	tests := []struct {
		name  string
		multi bool
		path  string
		want  string
	}{
		{"R79 single", false, "", `{"requestContext":{"elb":{"targetGroupArn":"tg"}},"httpMethod":"GET","path":"/","queryStringParameters":{},` +
			`"headers":{"user-agent":"ELB-HealthChecker/2.0"},"body":"","isBase64Encoded":false}`},
		{"R79 multi", true, "/v1/health/", `{"requestContext":{"elb":{"targetGroupArn":"tg"}},"httpMethod":"GET","path":"/v1/health/","multiValueQueryStringParameters":{},` +
			`"multiValueHeaders":{"user-agent":["ELB-HealthChecker/2.0"]},"body":"","isBase64Encoded":false}`},
		{"R79 query", false, "/h?a=1", `{"requestContext":{"elb":{"targetGroupArn":"tg"}},"httpMethod":"GET","path":"/h","queryStringParameters":{"a":"1"},` +
			`"headers":{"user-agent":"ELB-HealthChecker/2.0"},"body":"","isBase64Encoded":false}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			l := &logs{}
			b := balancer.New(function(func(_ context.Context, event []byte) ([]byte, error) {
				got = string(event)
				return []byte(`{"statusCode":200}`), nil
			}), append(l.options(), multi(tt.multi), balancer.WithTargetGroupARN("tg"), balancer.WithHealthCheck(tt.path, 0))...)
			if err := b.CheckHealth(t.Context()); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if l.access.Len() != 0 || l.count != 0 {
				t.Errorf("access log %q, %d exchanges", l.access.String(), l.count)
			}
		})
	}
}

func TestCheckHealthFails(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	tests := []struct {
		name string
		ctx  context.Context
		f    function
		says string
	}{
		{"W31 status", t.Context(), says(`{"statusCode":404}`), "404"},
		{"bad response", t.Context(), says(`{"statusCode":"200"}`), "statusCode is a string"},
		{"error", t.Context(), func(context.Context, []byte) ([]byte, error) { return nil, errors.New("boom") }, "boom"},
		{"cancelled", cancelled, func(context.Context, []byte) ([]byte, error) { <-cancelled.Done(); return nil, cancelled.Err() }, "canceled"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if err := balancer.New(tt.f).CheckHealth(tt.ctx); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	if balancer.New(nil).CheckHealth(t.Context()) == nil {
		t.Error("an empty target group is healthy")
	}
}

// The first success makes a target healthy, two failures unhealthy, five successes healthy again.
func TestRunHealthChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		var times []time.Duration
		start := time.Now()
		answers := "+-+--+++++-" // one per check; the last stands for the rest
		f := function(func(context.Context, []byte) ([]byte, error) {
			i := min(len(times), len(answers)-1)
			times = append(times, time.Since(start))
			if answers[i] == '-' {
				return []byte(`{"statusCode":500}`), nil
			}
			return []byte(`{"statusCode":200}`), nil
		})
		ctx, cancel := context.WithTimeout(t.Context(), 11*35*time.Second-time.Second)
		defer cancel()
		b := balancer.New(f, balancer.WithErrorLog(log.New(&out, "", 0)))
		if err := b.RunHealthChecks(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		for i, at := range times {
			if at != time.Duration(i)*35*time.Second {
				t.Errorf("check %d at %v", i, at)
			}
		}
		want := []string{"the target is healthy", "the target is unhealthy: balancer: health check of /: status 500; answer 200", "the target is healthy", ""}
		if diff := cmp.Diff(want, strings.Split(strings.ReplaceAll(out.String(), "balancer: health check: ", ""), "\n")); diff != "" {
			t.Error(diff)
		}
	})
}

// A check that takes longer than 30 s has failed.
func TestHealthCheckTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := balancer.New(function(func(ctx context.Context, _ []byte) ([]byte, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		})).CheckHealth(t.Context())
		if err == nil || !strings.Contains(err.Error(), "timed out") || time.Since(start) != 30*time.Second {
			t.Errorf("%v after %v", err, time.Since(start))
		}
	})
}
