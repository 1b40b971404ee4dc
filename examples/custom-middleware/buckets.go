package main

import (
	"context"
	"maps"
	"net/netip"
	"sync"
	"time"
)

// buckets is a Limiter in memory: a token bucket for each client.
//
// Every environment of a Lambda function has a memory of its own, and so its own buckets. With 50 environments a client may get 50
// times as much, and a new environment has forgotten everybody. That stops a loop gone wild on a busy function, and no more.
// Against floods use a rate-based rule of AWS WAF on the load balancer, which refuses before the function is invoked and paid for.
// For what a customer has bought, implement Limiter on a store that all environments share, such as DynamoDB or Redis.
// The function's reserved concurrency is no substitute: clients over it get the load balancer's 502.
type buckets struct {
	burst    time.Duration // how long an empty bucket takes to be full
	interval time.Duration // how long one token takes

	mu     sync.Mutex
	fullAt map[netip.Prefix]time.Time // when a bucket will be full again; of those that are missing it already is
}

// maxBuckets keeps memory bounded, at about 100 bytes each.
const maxBuckets = 10_000

// newBuckets returns buckets that hold size tokens and get a new one every interval.
func newBuckets(size int, interval time.Duration) *buckets {
	return &buckets{burst: time.Duration(size) * interval, interval: interval, fullAt: map[netip.Prefix]time.Time{}}
}

func (b *buckets) Take(_ context.Context, client netip.Prefix) (time.Duration, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	fullAt := b.fullAt[client]
	if fullAt.Before(now) {
		fullAt = now
	}
	fullAt = fullAt.Add(b.interval)
	if wait := fullAt.Sub(now) - b.burst; wait > 0 {
		return wait, nil
	}
	if len(b.fullAt) >= maxBuckets {
		b.forget(now)
	}
	b.fullAt[client] = fullAt
	return 0, nil
}

// forget makes room. Where so many clients are active at once, a limit for each of them protects nothing anyway.
func (b *buckets) forget(now time.Time) {
	maps.DeleteFunc(b.fullAt, func(_ netip.Prefix, fullAt time.Time) bool { return !fullAt.After(now) })
	if len(b.fullAt) >= maxBuckets {
		clear(b.fullAt)
	}
}
