package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// Keys are fetched from where the guide says, for the region of the ARN that was configured.
func TestKeyURL(t *testing.T) {
	tests := []struct{ name, arn, want string }{
		{"commercial", shop, "https://public-keys.auth.elb.eu-west-1.amazonaws.com/" + kid},
		{"GovCloud west", "arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
			"https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1/" + kid},
		{"GovCloud east", "arn:aws-us-gov:elasticloadbalancing:us-gov-east-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
			"https://s3-us-gov-east-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-east-1/" + kid},
		{"China", "arn:aws-cn:elasticloadbalancing:cn-north-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188",
			"https://public-keys.auth.elb.cn-north-1.amazonaws.com.cn/" + kid},
	}
	key := newKey(t, elliptic.P256())
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got string
			h := oidc.New(tt.arn, transport(func(r *http.Request) (*http.Response, error) {
				got = r.URL.String()
				return response(200, pemOf(t, key)), nil
			}))(http.HandlerFunc(whoami))
			token := sign(t, key, base64.URLEncoding, headerOf(map[string]any{"signer": tt.arn}), adaSays)
			if a := ask(h, login(token)); a.status != 200 || got != tt.want {
				t.Errorf("status %d, asked %s, want %s", a.status, got, tt.want)
			}
		})
	}
}

// No fault that a token shows by itself makes the key's address be asked.
func TestAsksForNoKeyInVain(t *testing.T) {
	key := newKey(t, elliptic.P256())
	h := oidc.New(shop, oidc.WithClientID(client), transport(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked %s", r.URL)
		return response(404, nil), nil
	}))(http.HandlerFunc(whoami))
	for _, changes := range []map[string]any{
		{"kid": "../x"}, {"kid": "https://evil.example/"}, {"alg": "none"}, {"signer": stranger}, {"client": "x"}, {"exp": 1},
	} {
		if a := ask(h, login(sign(t, key, base64.URLEncoding, headerOf(changes), adaSays))); a.status != 401 {
			t.Errorf("%v: status %d", changes, a.status)
		}
	}
}

// keyServer serves keys by kid, and counts.
type keyServer struct {
	keys    map[string][]byte
	fetches atomic.Int64
}

func (s *keyServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.fetches.Add(1)
	time.Sleep(10 * time.Millisecond) // so that requests meet
	text, ok := s.keys[strings.TrimPrefix(r.URL.Path, "/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(text)
}

func TestOneFetchForManyRequests(t *testing.T) {
	key := newKey(t, elliptic.P256())
	keys := &keyServer{keys: map[string][]byte{kid: pemOf(t, key)}}
	srv := httptest.NewServer(keys)
	defer srv.Close()
	h := oidc.New(shop, oidc.WithKeyURL(func(_, kid string) string { return srv.URL + "/" + kid }))(http.HandlerFunc(whoami))

	token := validToken(t, key)
	var refused atomic.Int64
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 200 {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, get(login(token)))
				if w.Code != 200 {
					refused.Add(1)
				}
			}
		})
	}
	wg.Wait()
	if fetches := keys.fetches.Load(); fetches != 1 || refused.Load() != 0 {
		t.Errorf("10,000 requests: %d fetches, want 1; %d refused", fetches, refused.Load())
	}
}

// A kid that is not known yet is fetched, whatever is known already.
func TestNewKey(t *testing.T) {
	first, second := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	const next = "00000000-0000-4000-8000-000000000002"
	keys := &keyServer{keys: map[string][]byte{kid: pemOf(t, first), next: pemOf(t, second)}}
	srv := httptest.NewServer(keys)
	defer srv.Close()
	h := oidc.New(shop, oidc.WithKeyURL(func(_, kid string) string { return srv.URL + "/" + kid }))(http.HandlerFunc(whoami))
	renewed := sign(t, second, base64.URLEncoding, headerOf(map[string]any{"kid": next}), adaSays)
	for range 2 {
		for _, token := range []string{validToken(t, first), renewed} {
			if a := ask(h, login(token)); a.status != 200 {
				t.Errorf("status %d: %s", a.status, a.cause)
			}
		}
	}
	if n := keys.fetches.Load(); n != 2 {
		t.Errorf("%d fetches, want 2", n)
	}
}

// What a key's address answers decides what clients get, and how soon it is asked again.
func TestKeyServerFails(t *testing.T) {
	key := newKey(t, elliptic.P256())
	good := pemOf(t, key)
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	answers := func(status int, body []byte) roundTripper {
		return func(*http.Request) (*http.Response, error) { return response(status, body), nil }
	}
	tests := []struct {
		name    string
		fault   roundTripper
		status  int
		answers time.Duration // at most
		again   time.Duration // until it is asked again
	}{
		{"unknown kid", answers(404, nil), 401, 0, time.Minute},
		{"refused", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, 503, 0, 5 * time.Second},
		{"silent", hang, 503, 2 * time.Second, 5 * time.Second},
		{"broken", answers(500, good), 503, 0, 5 * time.Second},
		{"forbidden", answers(403, nil), 503, 0, 5 * time.Second},
		{"not PEM", answers(200, []byte("<html>")), 503, 0, 5 * time.Second},
		{"PEM without a key", answers(200, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY"})), 503, 0, 5 * time.Second},
		{"too long", answers(200, append(good, make([]byte, 4<<10)...)), 503, 0, 5 * time.Second},
		{"panics", func(*http.Request) (*http.Response, error) { panic("no transport") }, 503, 0, 5 * time.Second},
		{"redirects", func(r *http.Request) (*http.Response, error) {
			if r.URL.Host == "evil.example" {
				return response(200, good), nil
			}
			res := response(302, nil)
			res.Header.Set("Location", "https://evil.example/key")
			return res, nil
		}, 503, 0, 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault, asked := tt.fault, 0
				h := oidc.New(shop, transport(func(r *http.Request) (*http.Response, error) {
					if r.URL.Host != "evil.example" {
						asked++
					}
					return fault(r)
				}))(http.HandlerFunc(whoami))
				token := sign(t, key, base64.URLEncoding, headerOf(map[string]any{"exp": time.Now().Add(time.Hour).Unix()}), adaSays)

				start := time.Now()
				a := ask(h, login(token))
				if took := time.Since(start); a.status != tt.status || took > tt.answers {
					t.Fatalf("status %d after %v, want %d after %v: %s", a.status, took, tt.status, tt.answers, a.cause)
				}
				if got := a.header.Get("Retry-After"); tt.status == 503 && got != "5" {
					t.Errorf("Retry-After %q", got)
				}
				if tt.status == 503 && a.body !=
					`{"title":"Service Unavailable","status":503,"detail":"Your login cannot be checked at the moment."}` {
					t.Errorf("body %s", a.body)
				}
				time.Sleep(tt.again - time.Millisecond)
				if a := ask(h, login(token)); a.status != tt.status || asked != 1 {
					t.Errorf("before the time: status %d, asked %d times", a.status, asked)
				}
				fault = answers(200, good)
				time.Sleep(time.Millisecond)
				if a := ask(h, login(token)); a.status != 200 || asked != 2 {
					t.Errorf("recovered: status %d, asked %d times: %s", a.status, asked, a.cause)
				}
			})
		})
	}
}

// Who gives up waiting is answered at once, and the others get the key.
func TestWaitingRequestEnds(t *testing.T) {
	key := newKey(t, elliptic.P256())
	synctest.Test(t, func(t *testing.T) {
		h := oidc.New(shop, transport(func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(time.Second):
				return response(200, pemOf(t, key)), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		}))(http.HandlerFunc(whoami))
		token := validToken(t, key)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		first, second := httptest.NewRecorder(), httptest.NewRecorder()
		go h.ServeHTTP(second, get(login(token)))
		start := time.Now()
		h.ServeHTTP(first, get(login(token)).WithContext(ctx))
		if took := time.Since(start); first.Code != 503 || took != 100*time.Millisecond {
			t.Errorf("status %d after %v", first.Code, took)
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if second.Code != 200 {
			t.Errorf("the other: status %d", second.Code)
		}
	})
}

// Invented kids neither push known keys out nor become a flood.
func TestInventedKids(t *testing.T) {
	key := newKey(t, elliptic.P256())
	synctest.Test(t, func(t *testing.T) {
		var running, most, fetchedGood atomic.Int64
		h := oidc.New(shop, transport(func(r *http.Request) (*http.Response, error) {
			n := running.Add(1)
			defer running.Add(-1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(10 * time.Millisecond)
			if strings.HasSuffix(r.URL.Path, kid) {
				fetchedGood.Add(1)
				return response(200, pemOf(t, key)), nil
			}
			return response(404, nil), nil
		}))(http.HandlerFunc(whoami))
		token := validToken(t, key)
		ask(h, login(token))
		var wg sync.WaitGroup
		for i := range 500 {
			invented := sign(t, key, base64.URLEncoding,
				headerOf(map[string]any{"kid": fmt.Sprintf("00000000-0000-4000-8000-%012x", i)}), adaSays)
			wg.Go(func() {
				if a := ask(h, login(invented)); a.status != 401 && a.status != 503 { // 503 where too many are asked for at once
					t.Errorf("status %d: %s", a.status, a.cause)
				}
			})
		}
		wg.Wait()
		if a := ask(h, login(token)); a.status != 200 || fetchedGood.Load() != 1 {
			t.Errorf("status %d, %d fetches of the good key", a.status, fetchedGood.Load())
		}
		if most.Load() > 8 {
			t.Errorf("%d fetches at a time, want at most 8", most.Load())
		}
	})
}

// A login whose key finds no place among the fetches is refused at once, and as soon as there is one it is not.
func TestNoPlaceIsNotRemembered(t *testing.T) {
	key := newKey(t, elliptic.P256())
	synctest.Test(t, func(t *testing.T) {
		h := oidc.New(shop, transport(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			if strings.HasSuffix(r.URL.Path, kid) {
				return response(200, pemOf(t, key)), nil
			}
			return response(404, nil), nil
		}))(http.HandlerFunc(whoami))
		for i := range 8 {
			invented := sign(t, key, base64.URLEncoding,
				headerOf(map[string]any{"kid": fmt.Sprintf("00000000-0000-4000-8000-%012x", i)}), adaSays)
			go ask(h, login(invented))
		}
		synctest.Wait()
		start := time.Now()
		if a := ask(h, login(validToken(t, key))); a.status != 503 || time.Since(start) > 0 {
			t.Errorf("status %d after %v, want 503 at once", a.status, time.Since(start))
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if a := ask(h, login(validToken(t, key))); a.status != 200 {
			t.Errorf("status %d afterwards: %s", a.status, a.cause)
		}
	})
}

// Of more keys than are kept some are fetched again; of fewer none.
func TestKeysAreBounded(t *testing.T) {
	key := newKey(t, elliptic.P256())
	fetches := 0
	h := oidc.New(shop, transport(func(*http.Request) (*http.Response, error) {
		fetches++
		return response(200, pemOf(t, key)), nil
	}))(http.HandlerFunc(whoami))
	all := func(n int) {
		for i := range n {
			token := sign(t, key, base64.URLEncoding, headerOf(map[string]any{"kid": fmt.Sprintf("00000000-0000-4000-8000-%012x", i)}), adaSays)
			if a := ask(h, login(token)); a.status != 200 {
				t.Fatalf("status %d: %s", a.status, a.cause)
			}
		}
	}
	all(64)
	if all(64); fetches != 64 {
		t.Errorf("%d fetches of 64 keys", fetches)
	}
	all(100)
	before := fetches
	if all(100); fetches == before {
		t.Error("100 keys are kept, want 64 at most")
	}
}

// WithKeys asks nobody, and what the caller does with its map and keys afterwards changes nothing.
func TestWithKeys(t *testing.T) {
	key, other := newKey(t, elliptic.P256()), newKey(t, elliptic.P256())
	token := validToken(t, key)
	public := key.PublicKey
	keys := map[string]*ecdsa.PublicKey{kid: &public}
	h := oidc.New(shop, oidc.WithKeys(keys), transport(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked %s", r.URL)
		return nil, errors.New("no network")
	}))(http.HandlerFunc(whoami))
	public = other.PublicKey
	delete(keys, kid)
	if a := ask(h, login(token)); a.status != 200 {
		t.Errorf("status %d: %s", a.status, a.cause)
	}
	unknown := sign(t, key, base64.URLEncoding, headerOf(map[string]any{"kid": "00000000-0000-4000-8000-000000000000"}), adaSays)
	if a := ask(h, login(unknown)); a.status != 401 || !strings.Contains(a.cause, "WithKeys") {
		t.Errorf("another kid: status %d: %s", a.status, a.cause)
	}
}
