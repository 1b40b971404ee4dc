package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/middleware/oidc"
)

// A signed token whose names differ in case only, or occur twice, could be read as somebody else's.
func TestConfusedNames(t *testing.T) {
	key := newKey(t, elliptic.P256())
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(http.HandlerFunc(whoami))
	for name, payload := range map[string]string{
		"another case":       `{"sub":"` + ada + `","SUB":"admin"}`,
		"folded":             `{"sub":"` + ada + `","ſub":"admin"}`,
		"escaped":            `{"sub":"` + ada + `","s\u0075b":"admin"}`,
		"twice":              `{"sub":"admin","sub":"` + ada + `"}`,
		"only another case":  `{"Sub":"` + ada + `"}`,
		"groups in two ways": `{"sub":"` + ada + `","groups":["staff"],"Groups":["admin"]}`,
	} {
		if a := ask(h, login(sign(t, key, base64.URLEncoding, headerOf(nil), payload))); a.status != 401 {
			t.Errorf("%s: status %d, want 401", name, a.status)
		}
	}
	if a := ask(h, login(sign(t, key, base64.URLEncoding, headerOf(nil), `{"x":{"sub":"admin"},"sub":"`+ada+`"}`))); a.status != 200 {
		t.Errorf("a nested name: status %d, want 200: %s", a.status, a.cause)
	}
}

// What a handler writes over in its header is not what was verified, nor the outer request's.
func TestHeaderIsOfItsOwn(t *testing.T) {
	key := newKey(t, elliptic.P256())
	token := validToken(t, key)
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for _, lines := range r.Header {
			for i := range lines {
				lines[i] = "redacted"
			}
		}
		if id, _ := oidc.IdentityFromContext(r.Context()); id.AccessToken() != "secret" {
			t.Errorf("the access token is %q", id.AccessToken())
		}
	}))
	fields := login(token)
	fields["X-Amzn-Oidc-Identity"], fields["X-Amzn-Oidc-Accesstoken"] = []string{ada}, []string{"secret"}
	r := get(fields)
	h.ServeHTTP(httptest.NewRecorder(), r)
	if r.Header.Get("X-Amzn-Oidc-Data") != token {
		t.Errorf("the outer request's token is %q", r.Header.Get("X-Amzn-Oidc-Data"))
	}
}

// Where New finds nobody logged in, claims that something further out believed are not the user's.
func TestOptionalHidesOuterClaims(t *testing.T) {
	var err error
	inner := oidc.New(shop, oidc.Optional())(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err = oidc.ClaimsFromContext[map[string]any](r.Context())
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256"}`))
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"iss":"https://idp.example","exp":4102444800,"groups":["admin"]}`))
	r.Header.Set("Authorization", "Bearer "+header+"."+payload+".c2ln")
	rec := httptest.NewRecorder()
	oidc.VerifiedByALB()(inner).ServeHTTP(rec, r)
	if rec.Code != 200 || err == nil {
		t.Errorf("status %d, claims readable: %v", rec.Code, err == nil)
	}
}

// Nobody has checked what a client sends beside its bearer token.
func TestVerifiedByALBHidesLogin(t *testing.T) {
	fields := login("forged")
	fields["Authorization"] = []string{"Bearer " + bearer(`{"alg":"RS256"}`, `{"iss":"https://idp.example","exp":4102444800}`)}
	a := ask(oidc.VerifiedByALB()(http.HandlerFunc(whoami)), fields)
	if seen := a.header["X-Amzn-Oidc-Data"]; a.status != 200 || seen != nil {
		t.Errorf("status %d, the handler sees %v", a.status, seen)
	}
}

// endless is a response that goes on.
type endless struct{ read *int }

func (e endless) Read(p []byte) (int, error) {
	*e.read += len(p)
	if *e.read > 1<<20 {
		return 0, io.EOF
	}
	return len(p), nil
}

func (endless) Close() error { return nil }

func TestKeyIsReadToALimit(t *testing.T) {
	read := 0
	h := oidc.New(shop, transport(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: endless{&read}}, nil
	}))(http.HandlerFunc(whoami))
	if a := ask(h, login(validToken(t, newKey(t, elliptic.P256())))); a.status != 503 || read > 64<<10 {
		t.Errorf("status %d, %d bytes read", a.status, read)
	}
}
