package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/albatross-go/albatross/router/problem"
)

// VerifiedByALB returns middleware that BELIEVES the bearer token in Authorization WITHOUT VERIFYING IT, for listeners whose rules
// have verified it already by the jwt-validation action. [ClaimsFromContext] then returns its claims, [IdentityFromContext] does
// not report it.
//
// The load balancer passes a valid token on as it came and adds nothing that would tell a function that it did so. Everything here
// rests on how the listener is configured, and nothing notices when that changes.
//
// Safe only when all of this holds; otherwise verify the token with a JWT library and the issuer's keys, as if there were no load
// balancer:
//
//   - Every rule of every listener that forwards to the target group has the jwt-validation action with your issuer, the default
//     rule included.
//   - Nobody but that target group may invoke the function: no other trigger, no function URL, no role with lambda:InvokeFunction.
//     On a server, nothing but the load balancer can connect.
//   - The target group is in multi-value mode. There a second Authorization line is seen and refused. In single-value mode only
//     the last is seen, and AWS does not say which one the load balancer has verified.
//   - You check aud, scope and what else the token is limited by, in the action's additional claims or in the handler. A token that
//     the issuer made for another application is valid too.
//
// What is checked here catches a listener that verifies nothing only while nobody means harm: one Authorization line, Bearer, a JWT
// with alg RS256, iss, exp in the future and nbf in the past, with a minute's leeway. Anything else is answered 401. A token
// over 32 KiB is refused unread. Handlers see no X-Amzn-Oidc field: nobody has checked those.
//
// Source: Elastic Load Balancing guide, "Verify JWTs using an Application Load Balancer".
func VerifiedByALB() func(http.Handler) http.Handler {
	parser := jwt.NewParser(jwt.WithStrictDecoding())
	times := jwt.NewValidator(jwt.WithExpirationRequired(), jwt.WithLeeway(time.Minute))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			payload, err := readBearer(r.Header["Authorization"], parser, times)
			if err != nil {
				refuseBearer(w, r, err)
				return
			}
			next.ServeHTTP(w, withFields(context.WithValue(r.Context(), claimsKey{}, payload), r))
		})
	}
}

var errNoBearer = errors.New("oidc: the request has no Authorization")

// bearerClaims are those that decide whether a token is plausible, and the whole payload.
type bearerClaims struct {
	jwt.RegisteredClaims

	payload json.RawMessage
}

func (c *bearerClaims) UnmarshalJSON(b []byte) error {
	c.payload = bytes.Clone(b)
	return json.Unmarshal(b, &c.RegisteredClaims)
}

// readBearer returns the payload of the token in Authorization. It verifies no signature.
func readBearer(lines []string, parser *jwt.Parser, times *jwt.Validator) (json.RawMessage, error) {
	switch {
	case len(lines) == 0:
		return nil, errNoBearer
	case len(lines) > 1:
		return nil, fmt.Errorf("oidc: %d lines of Authorization; the load balancer verified one", len(lines))
	case len(lines[0]) > maxToken:
		return nil, fmt.Errorf("oidc: Authorization of %d bytes", len(lines[0]))
	}
	scheme, token, _ := strings.Cut(lines[0], " ")
	if !strings.EqualFold(scheme, "Bearer") { // RFC 9110 section 11.1
		return nil, errors.New("oidc: Authorization is not Bearer")
	}
	var claims bearerClaims
	parsed, _, err := parser.ParseUnverified(strings.TrimLeft(token, " "), &claims)
	switch {
	case err != nil:
		return nil, fmt.Errorf("oidc: bearer token: %w", err)
	case parsed.Method != jwt.SigningMethodRS256:
		return nil, fmt.Errorf("oidc: bearer token's alg is %s; the load balancer verifies RS256 only", parsed.Method.Alg())
	case claims.Issuer == "":
		return nil, errors.New("oidc: bearer token has no iss; the load balancer requires it")
	}
	for _, date := range []*jwt.NumericDate{claims.ExpiresAt, claims.NotBefore} {
		if date != nil && (date.Year() < 1970 || date.Year() > 9999) { // a number that overflows compares as it likes
			return nil, errors.New("oidc: bearer token's exp or nbf is no date")
		}
	}
	if err := times.Validate(&claims); err != nil {
		return nil, fmt.Errorf("oidc: bearer token: %w", err)
	}
	if _, err := memberNames(claims.payload); err != nil {
		return nil, err
	}
	return claims.payload, nil
}

// refuseBearer answers 401 with the challenge of RFC 6750 section 3.
func refuseBearer(w http.ResponseWriter, r *http.Request, cause error) {
	detail, challenge := "The bearer token is not valid.", `Bearer error="invalid_token"`
	if errors.Is(cause, errNoBearer) {
		detail, challenge = "A bearer token is required.", "Bearer"
	}
	d := problem.Wrap(cause, http.StatusUnauthorized, detail)
	d.Header = http.Header{"Www-Authenticate": {challenge}}
	problem.Write(w, r, d)
}
