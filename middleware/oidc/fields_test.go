package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// What clients send themselves never reaches the handler.
func TestFields(t *testing.T) {
	key := newKey(t, elliptic.P256())
	valid := validToken(t, key)
	eve := sign(t, newKey(t, elliptic.P256()), base64.URLEncoding, headerOf(nil), `{"sub":"eve"}`)
	const (
		data, identity, access = "X-Amzn-Oidc-Data", "X-Amzn-Oidc-Identity", "X-Amzn-Oidc-Accesstoken"
		other                  = "X-Amzn-Oidc-Whatever"
	)
	tests := []struct {
		name   string
		fields http.Header
		opts   []oidc.Option
		status int
		body   string
		seen   http.Header
	}{
		{name: "load balancer's three", fields: http.Header{data: {valid}, identity: {ada}, access: {"secret"}},
			status: 200, body: ada + " secret", seen: http.Header{data: {valid}, identity: {ada}, access: {"secret"}}},
		{name: "forged first lines", fields: http.Header{data: {eve, valid}, identity: {"eve", ada}, access: {"evil", "secret"}},
			status: 200, body: ada + " secret", seen: http.Header{data: {valid}, identity: {ada}, access: {"secret"}}},
		{name: "forged last line", fields: http.Header{data: {valid, eve}}, status: 401},
		{name: "another identity", fields: http.Header{data: {valid}, identity: {"eve"}, access: {"evil"}}, status: 401},
		{name: "another identity last", fields: http.Header{data: {valid}, identity: {ada, "eve"}}, status: 401},
		{name: "empty identity", fields: http.Header{data: {valid}, identity: {""}}, status: 401},
		{name: "access token without identity", fields: http.Header{data: {valid}, access: {"evil"}},
			status: 200, body: ada + " ", seen: http.Header{data: {valid}}},
		{name: "unknown field", fields: http.Header{data: {valid}, other: {"x"}},
			status: 200, body: ada + " ", seen: http.Header{data: {valid}}},
		{name: "no login", status: 401},
		{name: "no token", fields: http.Header{identity: {ada}, access: {"evil"}}, status: 401},
		{name: "no login, optional", opts: []oidc.Option{oidc.Optional()}, status: 200, body: " ", seen: http.Header{}},
		{name: "no token, optional", fields: http.Header{identity: {ada}, access: {"evil"}, other: {"x"}},
			opts: []oidc.Option{oidc.Optional()}, status: 200, body: " ", seen: http.Header{}},
		{name: "forged, optional", fields: http.Header{data: {eve}}, opts: []oidc.Option{oidc.Optional()}, status: 401},
		{name: "empty token, optional", fields: http.Header{data: {""}}, opts: []oidc.Option{oidc.Optional()}, status: 401},
		{name: "login, optional", fields: http.Header{data: {valid}}, opts: []oidc.Option{oidc.Optional()},
			status: 200, body: ada + " ", seen: http.Header{data: {valid}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			opts := append(tt.opts, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))
			onEverySide(t, oidc.New(shop, opts...)(http.HandlerFunc(whoami)), tt.fields, func(t *testing.T, a answer) {
				if a.status != tt.status {
					t.Fatalf("status %d, want %d: %s", a.status, tt.status, a.cause)
				}
				if a.status != 200 {
					return
				}
				seen := http.Header{}
				for _, name := range []string{data, identity, access, other} {
					if lines := a.header[name]; lines != nil {
						seen[name] = lines
					}
				}
				if diff := cmp.Diff(tt.seen, seen); diff != "" || a.body != tt.body {
					t.Errorf("body %q, want %q; fields %s", a.body, tt.body, diff)
				}
			})
		})
	}
}

// The request that came in is not changed: who is outside in the chain still sees what the client sent.
func TestLeavesRequestAlone(t *testing.T) {
	h := oidc.New(shop, oidc.Optional())(http.HandlerFunc(whoami))
	r := get(http.Header{"X-Amzn-Oidc-Identity": {"eve"}, "Accept": {"*/*"}})
	want := r.Header.Clone()
	h.ServeHTTP(httptest.NewRecorder(), r)
	if diff := cmp.Diff(want, r.Header); diff != "" {
		t.Error(diff)
	}
}
