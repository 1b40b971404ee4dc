package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Identity is who is logged in, and where, as the load balancer signed it. The zero value is nobody.
//
// It can be logged as it is: the access token is not among what fmt, slog and encoding/json show.
type Identity struct {
	Subject  string    // of the user at the issuer: unique there, and only there
	Issuer   string    // URL of the identity provider
	ClientID string    // of the application at the issuer, in the listener rule's action
	Signer   string    // ARN of the load balancer
	Expiry   time.Time // of the token, not of the session: the load balancer makes new tokens while that lasts

	accessToken *string // a pointer, which logs do not follow
}

// AccessToken returns the user's access token at the identity provider, to call it or an API in the user's name, or "".
//
// Safe only when you let the API that it is for verify it: the load balancer does not sign it. It comes from the header
// X-Amzn-Oidc-Accesstoken and is returned only if X-Amzn-Oidc-Identity came too and names the same user as the verified token.
func (id Identity) AccessToken() string {
	if id.accessToken == nil {
		return ""
	}
	return *id.accessToken
}

// IdentityFromContext returns who is logged in. It reports false if nobody is, see [Optional], and if [New] is not in the chain.
// After [VerifiedByALB] alone it reports false too: an Identity is always verified here.
func IdentityFromContext(ctx context.Context) (Identity, bool) {
	id, _ := ctx.Value(identityKey{}).(*Identity)
	if id == nil {
		return Identity{}, false
	}
	return *id, true
}

// ErrNoClaims is the error of [ClaimsFromContext] where nobody is logged in.
var ErrNoClaims = errors.New("oidc: there are no claims; nobody is logged in, or neither New nor VerifiedByALB is in the chain")

// ClaimsFromContext decodes the claims about the user into a T, usually a struct with json tags. After [New] they are what the
// identity provider's user info endpoint said, after [VerifiedByALB] the bearer token's; of two in a chain the inner one counts.
//
// encoding/json takes a claim for a field whose name differs in case only. Claims that have one name in two cases are refused before.
//
// Some providers write numbers and booleans as strings: Cognito's email_verified is "true". Each call decodes anew.
func ClaimsFromContext[T any](ctx context.Context) (T, error) {
	var claims T
	payload, _ := ctx.Value(claimsKey{}).(json.RawMessage)
	if payload == nil {
		return claims, ErrNoClaims
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		var zero T
		return zero, fmt.Errorf("oidc: claims do not fit %T: %w", zero, err)
	}
	return claims, nil
}

type (
	identityKey struct{}
	claimsKey   struct{}
)
