//go:build !race

package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// The race detector allocates on its own account.

// A login costs at most 40 allocations more than the verification of its signature.
func TestAllocations(t *testing.T) {
	key := newKey(t, elliptic.P256())
	token := validToken(t, key)
	fields := login(token)
	fields["X-Amzn-Oidc-Identity"], fields["X-Amzn-Oidc-Accesstoken"] = []string{ada}, []string{"secret"}
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := httptest.NewRecorder(), get(fields)
	whole := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) })

	end := strings.LastIndexByte(token, '.')
	sum := sha256.Sum256([]byte(token[:end]))
	raw, _ := base64.URLEncoding.DecodeString(token[end+1:])
	verification := testing.AllocsPerRun(100, func() {
		if !ecdsa.Verify(&key.PublicKey, sum[:], new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])) {
			t.Error("not verified")
		}
	})
	t.Logf("%v allocations, of them %v of the verification", whole, verification)
	if whole-verification > 40 {
		t.Errorf("%v allocations over the verification's %v, want at most 40", whole-verification, verification)
	}
}

func BenchmarkLogin(b *testing.B) {
	key := newKey(b, elliptic.P256())
	fields := login(validToken(b, key))
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	w, r := httptest.NewRecorder(), get(fields)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(w, r)
	}
}
