package oidc

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// maxToken is more than a load balancer sends: it fails logins with more than 11 KB of claims.
const maxToken = 32 << 10

// tokenHeader is the first segment. Its other members, typ among them, decide nothing.
type tokenHeader struct {
	Algorithm string          `json:"alg"`
	KeyID     string          `json:"kid"`
	Signer    string          `json:"signer"`
	Issuer    string          `json:"iss"`
	ClientID  string          `json:"client"`
	Expiry    float64         `json:"exp"`
	Critical  json.RawMessage `json:"crit"`
}

// verifier knows whose tokens to believe.
type verifier struct {
	config

	segments *jwt.Parser
	key      func(ctx context.Context, region, kid string) (*ecdsa.PublicKey, error)
}

// verify returns who is logged in by a token, and the claims. Its error is errNoKey if the token may be good.
//
// jwt.Parser cannot do it whole: to decode the standard alphabet it needs another text than the one that is signed, and its map of
// the header alone takes more allocations than all of this. Its decoder and its ES256 are what is used.
//
// What is promised is the signed text. Other signatures for it, in the other alphabet or with s for n-s, are as good.
//
// No name may stand twice in either object, in whatever case.
func (v *verifier) verify(ctx context.Context, token string) (*Identity, json.RawMessage, error) {
	if len(token) > maxToken {
		return nil, nil, fmt.Errorf("oidc: token of %d bytes, more than a load balancer sends", len(token))
	}
	signedEnd := strings.LastIndexByte(token, '.')
	headerEnd := strings.IndexByte(token, '.')
	if headerEnd == signedEnd || strings.Count(token, ".") != 2 {
		return nil, nil, errors.New("oidc: token is not three segments")
	}
	decoded, err := v.decode(token[:headerEnd])
	if err != nil {
		return nil, nil, err
	}
	var h tokenHeader
	if err := json.Unmarshal(decoded, &h); err != nil {
		return nil, nil, fmt.Errorf("oidc: token's header: %w", err)
	}
	if _, err := memberNames(decoded); err != nil {
		return nil, nil, err
	}
	region, err := v.check(&h, time.Now())
	if err != nil {
		return nil, nil, err
	}
	payload, err := v.decode(token[headerEnd+1 : signedEnd])
	if err != nil {
		return nil, nil, err
	}
	signature, err := v.decode(token[signedEnd+1:])
	if err != nil {
		return nil, nil, err
	}
	if len(signature) != 64 { // a signature in DER is refused before its key is fetched
		return nil, nil, fmt.Errorf("oidc: signature of %d bytes; ES256 has 64", len(signature))
	}

	key, err := v.key(ctx, region, h.KeyID)
	if err != nil {
		return nil, nil, err
	}
	if err := jwt.SigningMethodES256.Verify(token[:signedEnd], signature, key); err != nil {
		return nil, nil, fmt.Errorf("oidc: token's signature: %w", err)
	}

	var claims struct {
		Subject string `json:"sub"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		return nil, nil, fmt.Errorf("oidc: token's payload: %w", err)
	}
	names, err := memberNames(payload)
	if err != nil {
		return nil, nil, err
	}
	named := slices.ContainsFunc(names, func(name []byte) bool { return string(name) == "sub" })
	if !named || claims.Subject == "" { // OpenID Connect Core section 5.3.2 requires it
		return nil, nil, errors.New("oidc: token's payload has no sub")
	}
	return &Identity{
		Subject:  claims.Subject,
		Issuer:   h.Issuer,
		ClientID: h.ClientID,
		Signer:   h.Signer,
		Expiry:   time.Unix(int64(h.Expiry), 0),
	}, payload, nil
}

// check decides whether a token that says this of itself would be believed, and returns the region whose keys to ask.
func (v *verifier) check(h *tokenHeader, now time.Time) (region string, err error) {
	region, known := v.regions[h.Signer]
	switch {
	case h.Algorithm != jwt.SigningMethodES256.Alg():
		return "", fmt.Errorf("oidc: token's alg is %.100q; load balancers sign with ES256", h.Algorithm)
	case h.Critical != nil: // RFC 7515 section 4.1.11: extensions that must be understood, and none is
		return "", errors.New("oidc: token's header has crit")
	case !known:
		return "", fmt.Errorf("oidc: token's signer %.300q is none of the load balancers that New was given", h.Signer)
	case !isUUID(h.KeyID):
		return "", fmt.Errorf("oidc: token's kid %.100q is not a UUID", h.KeyID)
	case !isFuture(h.Expiry, now):
		return "", fmt.Errorf("oidc: token's header has exp %v, and it is %d", h.Expiry, now.Unix())
	case v.clientID != "" && h.ClientID != v.clientID:
		return "", fmt.Errorf("oidc: token is for client %.300q, not the one that WithClientID names", h.ClientID)
	case v.issuer != "" && h.Issuer != v.issuer:
		return "", fmt.Errorf("oidc: token is of issuer %.300q, not the one that WithIssuer names", h.Issuer)
	}
	return region, nil
}

// isFuture reports whether a NumericDate, RFC 7519 section 2, is after now, and before the year 10000. A missing one is 0.
func isFuture(date float64, now time.Time) bool {
	return date > float64(now.UnixMilli())/1000 && date < 253402300800
}

// decode reads a segment: base64 with padding, in the URL's alphabet or, as load balancers once sent it, the standard one.
func (v *verifier) decode(segment string) ([]byte, error) {
	if len(segment)%4 != 0 {
		return nil, errors.New("oidc: token's padding is missing; it must come as the load balancer sent it")
	}
	if strings.ContainsAny(segment, "\r\n") { // which encoding/base64 skips
		return nil, errors.New("oidc: line break in token")
	}
	if strings.ContainsAny(segment, "+/") {
		segment = strings.NewReplacer("+", "-", "/", "_").Replace(segment)
	}
	b, err := v.segments.DecodeSegment(segment)
	if err != nil {
		return nil, fmt.Errorf("oidc: token's base64: %w", err)
	}
	return b, nil
}

// isUUID reports whether s is a UUID as RFC 9562 section 4 writes it, in lower case: nothing that could lead a URL astray.
func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}
