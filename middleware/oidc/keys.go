package oidc

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	maxKeys      = 64              // kept, and as many failures; a region has a few
	maxFetches   = 8               // at a time: tokens with invented kids must not become a flood of requests to AWS
	maxKeyBytes  = 4 << 10         // of PEM; a P-256 key has 178
	fetchTimeout = 2 * time.Second // to connect and to read
	unknownFor   = time.Minute     // for a kid that AWS does not know
	failedFor    = 5 * time.Second // after any other failure
)

var (
	// errNoKey says that it is not known whether a token is good.
	errNoKey = errors.New("oidc: the load balancer's public key cannot be fetched")

	errTooMany    = fmt.Errorf("%w: too many are being fetched", errNoKey)
	errUnknownKey = errors.New("oidc: no load balancer has a key with the token's kid")
)

type keyID struct{ region, kid string }

// keyStore fetches keys and keeps them. A kid always means the same key, so what was fetched once is good for ever.
//
// Keys and failures have a place each: whoever invents kids fills only the second.
type keyStore struct {
	client *http.Client
	url    func(region, kid string) string
	places chan struct{} // one for each fetch under way

	mu      sync.Mutex
	keys    map[keyID]*ecdsa.PublicKey
	failed  map[keyID]failure
	pending map[keyID]*fetch
}

type failure struct {
	err   error
	until time.Time
}

// fetch is one that requests wait for. Once done is closed, the rest does not change.
type fetch struct {
	done chan struct{}
	key  *ecdsa.PublicKey
	err  error
}

func newKeyStore(client *http.Client, url func(region, kid string) string) *keyStore {
	own := http.Client{}
	if client != nil {
		own = *client
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &keyStore{
		client:  &own,
		url:     url,
		places:  make(chan struct{}, maxFetches),
		keys:    make(map[keyID]*ecdsa.PublicKey),
		failed:  make(map[keyID]failure),
		pending: make(map[keyID]*fetch),
	}
}

// key returns a key that is known, or waits for the one fetch of it. A request that gives up does not end it for the others.
func (s *keyStore) key(ctx context.Context, region, kid string) (*ecdsa.PublicKey, error) {
	id := keyID{region, kid}
	s.mu.Lock()
	if key, ok := s.keys[id]; ok {
		s.mu.Unlock()
		return key, nil
	}
	if f, ok := s.failed[id]; ok && time.Now().Before(f.until) {
		s.mu.Unlock()
		return nil, f.err
	}
	f, ok := s.pending[id]
	if !ok {
		select {
		case s.places <- struct{}{}:
		default:
			s.mu.Unlock()
			return nil, errTooMany // which says nothing of this key, and is not kept
		}
		f = &fetch{done: make(chan struct{})}
		s.pending[id] = f
		go s.run(id, f) //nolint:gosec // not in the request's context: the key is for all who wait
	}
	s.mu.Unlock()

	select {
	case <-f.done:
		return f.key, f.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: request ended while waiting: %w", errNoKey, context.Cause(ctx))
	}
}

// run fetches a key for all who wait for it.
func (s *keyStore) run(id keyID, f *fetch) {
	ctx, cancel := context.WithTimeout(context.Background(), fetchTimeout)
	defer cancel()
	f.key, f.err = s.fetch(ctx, id)
	<-s.places

	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pending, id)
	delete(s.failed, id)
	if f.err == nil {
		makeRoom(s.keys)
		s.keys[id] = f.key
	} else {
		again := failedFor
		if errors.Is(f.err, errUnknownKey) {
			again = unknownFor
		}
		makeRoom(s.failed)
		s.failed[id] = failure{err: f.err, until: time.Now().Add(again)}
	}
	close(f.done)
}

// makeRoom removes an entry of a full map, whichever comes first.
func makeRoom[V any](m map[keyID]V) {
	if len(m) < maxKeys {
		return
	}
	for id := range m {
		delete(m, id)
		return
	}
}

// fetch gets a key from where it is published. A panic in what the options gave would end the process here, so it is an error.
func (s *keyStore) fetch(ctx context.Context, id keyID) (key *ecdsa.PublicKey, err error) {
	defer func() {
		if p := recover(); p != nil {
			key, err = nil, fmt.Errorf("%w: panic: %v", errNoKey, p)
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url(id.region, id.kid), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoKey, err)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoKey, err)
	}
	defer res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, errUnknownKey
	default: // 403 too, which may be a proxy's. Whether the hosts that are S3 answer so for a key that is none is not documented.
		return nil, fmt.Errorf("%w: %s: %s", errNoKey, req.URL.Host, res.Status)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxKeyBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errNoKey, err)
	}
	key, err = parseKey(body)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", errNoKey, req.URL.Host, err)
	}
	return key, nil
}

// parseKey reads a P-256 public key in PEM.
func parseKey(text []byte) (*ecdsa.PublicKey, error) {
	if len(text) > maxKeyBytes {
		return nil, errors.New("response is too long for a key")
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("response is not PEM")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("key is not on P-256")
	}
	return key, nil
}
