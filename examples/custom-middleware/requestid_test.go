package main

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

func TestRequestID(t *testing.T) {
	for _, tt := range []struct {
		name, id string
		kept     bool
	}{
		{"none", "", false},
		{"UUID", "3f0c8f3e-5d0b-4d37-9a55-6c9c6d1f1b6e", true},
		{"word", "order_7.retry", true},
		{"longest", strings.Repeat("x", 64), true},
		{"too long", strings.Repeat("x", 65), false},
		{"space", "a b", false},
		{"markup", "<script>", false},
		{"not ASCII", "zoë", false},
	} {
		for _, mode := range modes {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				core, lines := observer.New(zap.DebugLevel)
				header := http.Header{}
				if tt.id != "" {
					header.Set(requestIDHeader, tt.id)
				}
				res, body := ask(t, newHandler(zap.New(core), always{}, "example.com"), mode, "acme.example.com", header)
				id := res.Header.Get(requestIDHeader)
				if (id == tt.id) != tt.kept || !isRequestID(id) || body != "tenant acme, request "+id+"\n" {
					t.Errorf("id %q, body %q", id, body)
				}
				if logged := field(t, lines, "request_id"); logged != id {
					t.Errorf("logged %q, answered %q", logged, id)
				}
				if logged := field(t, lines, "tenant"); logged != "acme" {
					t.Errorf("logged tenant %q", logged)
				}
			})
		}
	}
	h := newHandler(zap.NewNop(), always{}, "example.com")
	one, _ := ask(t, h, albtest.SingleValue, "acme.example.com", nil)
	two, _ := ask(t, h, albtest.SingleValue, "acme.example.com", nil)
	if one.Header.Get(requestIDHeader) == two.Header.Get(requestIDHeader) {
		t.Error("two requests have the same id")
	}
}

// An error has the id too, whoever answers it.
func TestRequestIDOfErrors(t *testing.T) {
	for _, tt := range []struct {
		name, host string
		limiter    Limiter
		status     int
	}{
		{"limit", "acme.example.com", always{wait: time.Second}, http.StatusTooManyRequests},
		{"tenant", "example.com", always{}, http.StatusMisdirectedRequest},
		{"panic", "acme.example.com", panicking{}, http.StatusInternalServerError},
		{"timeout", "acme.example.com", hanging{}, http.StatusGatewayTimeout},
	} {
		for _, multiValue := range []bool{false, true} {
			srv := albtest.NewServer(newHandler(zap.NewNop(), tt.limiter, "example.com"),
				balancer.WithMultiValueHeaders(multiValue), balancer.WithFunctionTimeout(700*time.Millisecond))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = tt.host
			res, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != tt.status || !isRequestID(res.Header.Get(requestIDHeader)) {
				t.Errorf("%s, multi-value %v: %d %v", tt.name, multiValue, res.StatusCode, res.Header)
			}
			res.Body.Close()
			srv.Close()
		}
	}
}

// panicking and hanging are Limiters that answer nothing.
type (
	panicking struct{}
	hanging   struct{}
)

func (panicking) Take(context.Context, netip.Prefix) (time.Duration, error) { panic("oops") }

func (hanging) Take(ctx context.Context, _ netip.Prefix) (time.Duration, error) {
	<-ctx.Done()
	return 0, ctx.Err()
}
