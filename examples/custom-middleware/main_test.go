package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

var modes = []albtest.Mode{albtest.SingleValue, albtest.MultiValue}

// always is a Limiter with one answer.
type always struct {
	wait time.Duration
	err  error
}

func (a always) Take(context.Context, netip.Prefix) (time.Duration, error) { return a.wait, a.err }

func ask(t *testing.T, h http.Handler, mode albtest.Mode, host string, header http.Header) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.Host = host
	for name, values := range header {
		r.Header[name] = values
	}
	res := albtest.Do(t, h, r, mode)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

// A health check has no host and no address, and is healthy all the same: R79.
func TestHealthCheck(t *testing.T) {
	for _, multiValue := range []bool{false, true} {
		srv := albtest.NewServer(newHandler(zap.NewNop(), always{wait: time.Hour}, "example.com"), balancer.WithMultiValueHeaders(multiValue))
		if err := srv.Balancer.CheckHealth(t.Context()); err != nil {
			t.Errorf("multi-value %v: %v", multiValue, err)
		}
		srv.Close()
	}
}

func TestRateLimit(t *testing.T) {
	for _, mode := range modes {
		h := newHandler(zap.NewNop(), newBuckets(2, time.Minute), "example.com")
		for _, want := range []int{200, 200, 429} {
			res, body := ask(t, h, mode, "acme.example.com", http.Header{"X-Forwarded-For": {strconv.Itoa(want) + ".8.8.8"}}) // forged: R42
			if res.StatusCode != want {
				t.Fatalf("%s: status %d, want %d: %s", mode, res.StatusCode, want, body)
			}
			if want != http.StatusTooManyRequests {
				continue
			}
			var p problem.Details
			if err := json.Unmarshal([]byte(body), &p); err != nil || p.Status != want || res.Header.Get("Content-Type") != problem.ContentType {
				t.Errorf("%s: %v %s", mode, res.Header, body)
			}
			if wait := res.Header.Get("Retry-After"); wait != "60" {
				t.Errorf("%s: Retry-After: %s", mode, wait)
			}
		}
	}
	core, lines := observer.New(zap.DebugLevel)
	res, _ := ask(t, newHandler(zap.New(core), always{err: errors.New("store is down")}, "example.com"), albtest.MultiValue, "acme.example.com", nil)
	if res.StatusCode != http.StatusOK || field(t, lines, "rate_limit_error") != "store is down" {
		t.Errorf("while the limiter fails: %d %v", res.StatusCode, lines.All())
	}
}

// field returns a field of the one access line.
func field(t *testing.T, lines *observer.ObservedLogs, name string) string {
	t.Helper()
	if lines.Len() != 1 {
		t.Fatalf("%d lines", lines.Len())
	}
	enc := zapcore.NewMapObjectEncoder()
	for _, f := range lines.All()[0].Context {
		f.AddTo(enc)
	}
	s, _ := enc.Fields[name].(string)
	return s
}
