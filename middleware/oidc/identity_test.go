package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/oidc"
)

type profile struct {
	Subject string `json:"sub"`
	Email   string `json:"email"`
}

func TestClaims(t *testing.T) {
	key := newKey(t, elliptic.P256())
	ran := false
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ran = true
			got, err := oidc.ClaimsFromContext[profile](r.Context())
			if want := (profile{ada, "ada@example.com"}); err != nil || got != want {
				t.Errorf("struct: %v, %v", got, err)
			}
			raw, err := oidc.ClaimsFromContext[json.RawMessage](r.Context())
			if err != nil || string(raw) != adaSays {
				t.Errorf("raw: %s, %v", raw, err)
			}
			clear(raw) // the copy is the caller's
			all, err := oidc.ClaimsFromContext[map[string]any](r.Context())
			want := map[string]any{"sub": ada, "email": "ada@example.com", "email_verified": "true", "exp": 1687748045.0, "iss": issuer}
			if diff := cmp.Diff(want, all); diff != "" || err != nil {
				t.Errorf("map: %v, %v", diff, err)
			}
			wrong, err := oidc.ClaimsFromContext[struct {
				Subject string `json:"sub"`
				Email   int    `json:"email"`
			}](r.Context())
			if err == nil || errors.Is(err, oidc.ErrNoClaims) || wrong.Subject != "" {
				t.Errorf("of another type: %v, %v", wrong, err)
			}
		}))
	if a := ask(h, login(validToken(t, key))); !ran {
		t.Errorf("status %d: %s", a.status, a.cause)
	}
}

func TestNobody(t *testing.T) {
	if id, ok := oidc.IdentityFromContext(t.Context()); ok || id != (oidc.Identity{}) || id.AccessToken() != "" {
		t.Errorf("%v, %v", id, ok)
	}
	if claims, err := oidc.ClaimsFromContext[profile](t.Context()); !errors.Is(err, oidc.ErrNoClaims) || claims != (profile{}) {
		t.Errorf("%v, %v", claims, err)
	}
}

// An identity that is logged does not show the access token.
func TestIdentityHidesAccessToken(t *testing.T) {
	key := newKey(t, elliptic.P256())
	ran := false
	h := oidc.New(shop, oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &key.PublicKey}))(
		http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			ran = true
			id, _ := oidc.IdentityFromContext(r.Context())
			encoded, err := json.Marshal(id)
			if err != nil || id.AccessToken() != "secret" {
				t.Errorf("%q, %v", id.AccessToken(), err)
			}
			for _, logged := range []string{fmt.Sprintf("%v %+v %#v %#v", id, id, id, &id), string(encoded)} {
				if strings.Contains(logged, "secret") {
					t.Error(logged)
				}
			}
		}))
	fields := login(validToken(t, key))
	fields["X-Amzn-Oidc-Identity"], fields["X-Amzn-Oidc-Accesstoken"] = []string{ada}, []string{"secret"}
	if a := ask(h, fields); !ran {
		t.Errorf("status %d: %s", a.status, a.cause)
	}
}
