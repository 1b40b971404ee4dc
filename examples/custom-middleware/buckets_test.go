package main

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albatross-go/albatross/middleware"
)

func TestBuckets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(3, time.Second)
		ann, bob := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
		take := func(client netip.Prefix, want time.Duration) {
			t.Helper()
			if got, err := b.Take(t.Context(), client); got != want || err != nil {
				t.Errorf("wait %v, want %v: %v", got, want, err)
			}
		}
		for range 3 {
			take(ann, 0)
		}
		take(ann, time.Second)
		take(ann, time.Second) // what was refused is not counted
		take(bob, 0)           // each has a bucket
		time.Sleep(400 * time.Millisecond)
		take(ann, 600*time.Millisecond)
		time.Sleep(600 * time.Millisecond)
		take(ann, 0)
		take(ann, time.Second)
		time.Sleep(time.Hour) // no more than a bucketful is saved up
		for range 3 {
			take(ann, 0)
		}
		take(ann, time.Second)
	})
}

func TestBucketsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBuckets(1, time.Second)
		fill := func(from byte) {
			for i := range maxBuckets {
				_, _ = b.Take(t.Context(), netip.PrefixFrom(netip.AddrFrom4([4]byte{from, 0, byte(i >> 8), byte(i)}), 32))
			}
		}
		fill(10)
		spender := netip.MustParsePrefix("10.0.0.0/32")
		if wait, _ := b.Take(t.Context(), spender); wait != time.Second {
			t.Errorf("forgotten before there was need: %v", wait)
		}
		time.Sleep(2 * time.Second)
		fill(11)
		if len(b.fullAt) > maxBuckets {
			t.Errorf("%d buckets", len(b.fullAt))
		}
		fill(12) // while all are in use
		if len(b.fullAt) > maxBuckets {
			t.Errorf("%d buckets", len(b.fullAt))
		}
	})
}

func TestClientOf(t *testing.T) {
	for line, want := range map[string]string{
		"192.0.2.1":                       "192.0.2.1/32",
		"8.8.8.8, 192.0.2.1":              "192.0.2.1/32",
		"2001:db8:1:2:3:4:5:6":            "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff:ffff::]:1234": "2001:db8:1:2::/64",
		"::ffff:192.0.2.1":                "192.0.2.1/32",
		"unknown":                         "invalid Prefix",
		"":                                "invalid Prefix",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.Header.Set("X-Forwarded-For", line)
		middleware.ClientIP()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if got := clientOf(r).String(); got != want {
				t.Errorf("%s: %s, want %s", line, got, want)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}
