package oidc_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/oidc"
	"github.com/albatross-go/albatross/router/albtest"
)

// bearer makes a token as identity providers do, without padding. Its signature is nobody's.
func bearer(header, payload string) string {
	enc := base64.RawURLEncoding
	return enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(payload)) + "." + enc.EncodeToString(make([]byte, 256))
}

func TestVerifiedByALB(t *testing.T) {
	const rs256 = `{"alg":"RS256","kid":"1","typ":"JWT"}`
	in := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	claims := func(more string) string { return `{"sub":"m2m","iss":"https://idp.example"` + more + `}` }
	exp := fmt.Sprintf(`,"exp":%d`, in(time.Hour))
	good := bearer(rs256, claims(exp))
	const invalid = `Bearer error="invalid_token"`
	tests := []struct {
		name      string
		lines     []string
		status    int
		challenge string
	}{
		{"token", []string{"Bearer " + good}, 200, ""},
		{"scheme in other case", []string{"bearer  " + good}, 200, ""},
		{"nbf in the past", []string{"Bearer " + bearer(rs256, claims(exp+`,"nbf":1687748045`))}, 200, ""},
		{"clocks that differ", []string{"Bearer " + bearer(rs256, claims(fmt.Sprintf(`,"exp":%d`, in(-30*time.Second))))}, 200, ""},
		{"none", nil, 401, "Bearer"},
		{"empty", []string{""}, 401, invalid},
		{"Basic", []string{"Basic " + good}, 401, invalid},
		{"no token", []string{"Bearer"}, 401, invalid},
		{"two segments", []string{"Bearer " + good[:strings.LastIndexByte(good, '.')]}, 401, invalid},
		{"alg none", []string{"Bearer " + bearer(`{"alg":"none"}`, claims(exp))}, 401, invalid},
		{"alg HS256", []string{"Bearer " + bearer(`{"alg":"HS256"}`, claims(exp))}, 401, invalid},
		{"alg ES256", []string{"Bearer " + bearer(`{"alg":"ES256"}`, claims(exp))}, 401, invalid},
		{"no exp", []string{"Bearer " + bearer(rs256, claims(""))}, 401, invalid},
		{"expired", []string{"Bearer " + bearer(rs256, claims(fmt.Sprintf(`,"exp":%d`, in(-2*time.Minute))))}, 401, invalid},
		{"not valid yet", []string{"Bearer " + bearer(rs256, claims(exp+fmt.Sprintf(`,"nbf":%d`, in(2*time.Minute))))}, 401, invalid},
		{"exp is no date", []string{"Bearer " + bearer(rs256, claims(`,"exp":1e300`))}, 401, invalid},
		{"nbf is no date", []string{"Bearer " + bearer(rs256, claims(exp+`,"nbf":1e300`))}, 401, invalid},
		{"a name in two cases", []string{"Bearer " + bearer(rs256, claims(exp+`,"SUB":"admin"`))}, 401, invalid},
		{"no iss", []string{"Bearer " + bearer(rs256, `{"sub":"m2m"`+exp+`}`)}, 401, invalid},
		{"payload is null", []string{"Bearer " + bearer(rs256, `null`)}, 401, invalid},
		{"payload is a list", []string{"Bearer " + bearer(rs256, `[]`)}, 401, invalid},
	}
	h := oidc.VerifiedByALB()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := oidc.IdentityFromContext(r.Context()); ok {
			t.Error("an identity, though nothing was verified")
		}
		claims, err := oidc.ClaimsFromContext[profile](r.Context())
		fmt.Fprint(w, claims.Subject, err)
	}))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fields := http.Header{}
			if tt.lines != nil {
				fields["Authorization"] = tt.lines
			}
			onEverySide(t, h, fields, func(t *testing.T, a answer) {
				if a.status != tt.status || a.header.Get("WWW-Authenticate") != tt.challenge {
					t.Errorf("status %d, challenge %q: %s", a.status, a.header.Get("WWW-Authenticate"), a.cause)
				}
				if tt.status == 200 && a.body != "m2m<nil>" {
					t.Errorf("body %q", a.body)
				}
			})
		})
	}
	t.Run("over 32 KiB", func(t *testing.T) { // which a load balancer refuses itself
		token := bearer(rs256, claims(exp+`,"a":"`+strings.Repeat("a", 32<<10)+`"`))
		if a := ask(h, http.Header{"Authorization": {"Bearer " + token}}); a.status != 401 || !strings.Contains(a.cause, "bytes") {
			t.Errorf("status %d: %s", a.status, a.cause)
		}
	})
	t.Run("two lines", func(t *testing.T) { // of which single-value mode shows one
		for _, lines := range [][]string{{"Bearer " + good, "Bearer " + good}, {"Basic x", "Bearer " + good}} {
			if a := ask(h, http.Header{"Authorization": lines}); a.status != 401 || !strings.Contains(a.cause, "2 lines") {
				t.Errorf("status %d: %s", a.status, a.cause)
			}
			if res := albtest.Do(t, h, get(http.Header{"Authorization": lines}), albtest.MultiValue); res.StatusCode != 401 {
				t.Errorf("multi-value mode: status %d", res.StatusCode)
			}
		}
	})
}
