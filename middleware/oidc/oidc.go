package oidc

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/golang-jwt/jwt/v5"

	"github.com/albatross-go/albatross/router/problem"
)

// The fields that a load balancer adds once a user is logged in, as the keys of an http.Header.
const (
	dataField     = "X-Amzn-Oidc-Data"
	identityField = "X-Amzn-Oidc-Identity"
	accessField   = "X-Amzn-Oidc-Accesstoken"
)

// New returns middleware that lets requests through whose user is logged in at the load balancer with this ARN, for
// [IdentityFromContext] and [ClaimsFromContext].
//
// Other requests are answered 401, with one exception: while the load balancer's key cannot be fetched it is 503 with Retry-After,
// since the user may be logged in. See the package's text for what is verified, and [Optional] for rules that allow requests
// without a login.
//
// The X-Amzn-Oidc fields that a handler, or a server behind it, then still sees can be believed as far as they go. Of
// X-Amzn-Oidc-Data the last line is left, the one that verified. X-Amzn-Oidc-Identity, which has to be the same user, and
// X-Amzn-Oidc-Accesstoken are not signed: of each the last line is left, of the access token none without an identity. All others
// are removed, and all of them where nobody is logged in. The request that New was given keeps its own.
//
// Safe only when every listener rule that reaches the handler has the authenticate action. The token is a bearer's: elsewhere, or
// around the load balancer, whoever has seen somebody's token is that user until it expires. Let the function be
// invoked by its target group only, and do not log the header. Where one load balancer logs users in for several applications, use
// [WithClientID].
//
// Put it after middleware.HealthCheck: a health check has no login.
//
// New panics if the ARN is not an Application Load Balancer's. A login costs one ECDSA verification and at most 40 allocations more:
// TestAllocations.
func New(loadBalancerARN string, opts ...Option) func(http.Handler) http.Handler {
	c := config{regions: map[string]string{loadBalancerARN: regionOf(loadBalancerARN)}, keyURL: awsKeyURL}
	for _, o := range opts {
		if o == nil {
			panic("oidc: New was given a nil option; leave it out")
		}
		o.apply(&c)
	}
	v := &verifier{config: c, segments: jwt.NewParser(jwt.WithPaddingAllowed(), jwt.WithStrictDecoding())}
	if c.keys != nil {
		v.key = func(_ context.Context, _, kid string) (*ecdsa.PublicKey, error) {
			if key, ok := c.keys[kid]; ok {
				return key, nil
			}
			return nil, fmt.Errorf("%w %s: WithKeys does not name it", errUnknownKey, kid)
		}
	} else {
		v.key = newKeyStore(c.client, c.keyURL).key
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			logged, err := v.logIn(r)
			if err != nil {
				refuse(w, r, err)
				return
			}
			next.ServeHTTP(w, logged)
		})
	}
}

var errNoLogin = errors.New("oidc: the request has no X-Amzn-Oidc-Data")

// logIn returns the request as the handler may see it.
func (v *verifier) logIn(r *http.Request) (*http.Request, error) {
	lines := r.Header[dataField]
	if len(lines) == 0 {
		if !v.optional {
			return nil, errNoLogin
		}
		ctx := context.WithValue(r.Context(), identityKey{}, (*Identity)(nil)) // nor what another New or VerifiedByALB found
		return withFields(context.WithValue(ctx, claimsKey{}, json.RawMessage(nil)), r), nil
	}
	id, payload, err := v.verify(r.Context(), lines[len(lines)-1]) // earlier lines may be the client's own
	if err != nil {
		return nil, err
	}
	believed := []string{dataField}
	if names := r.Header[identityField]; len(names) > 0 {
		if name := names[len(names)-1]; name != id.Subject {
			return nil, fmt.Errorf("oidc: X-Amzn-Oidc-Identity is %.300q and the token's sub %.300q", name, id.Subject)
		}
		believed = append(believed, identityField)
		if tokens := r.Header[accessField]; len(tokens) > 0 {
			token := tokens[len(tokens)-1]
			id.accessToken = &token
			believed = append(believed, accessField)
		}
	}
	ctx := context.WithValue(r.Context(), identityKey{}, id)
	return withFields(context.WithValue(ctx, claimsKey{}, payload), r, believed...), nil
}

// withFields returns r in ctx, with the last lines of these X-Amzn-Oidc fields and without all the others.
func withFields(ctx context.Context, r *http.Request, believed ...string) *http.Request {
	own := r.WithContext(ctx)
	own.Header = make(http.Header, len(r.Header))
	for name, lines := range r.Header {
		if !strings.HasPrefix(name, "X-Amzn-Oidc-") {
			own.Header[name] = lines
		}
	}
	for _, name := range believed {
		lines := r.Header[name]
		own.Header[name] = []string{lines[len(lines)-1]} // of its own: what it was verified as is not to change with it
	}
	return own
}

// refuse answers a request that does not get through.
func refuse(w http.ResponseWriter, r *http.Request, cause error) {
	var d *problem.Details
	switch {
	case errors.Is(cause, errNoKey):
		d = problem.Wrap(cause, http.StatusServiceUnavailable, "Your login cannot be checked at the moment.")
		d.Header = http.Header{"Retry-After": {strconv.Itoa(int(failedFor.Seconds()))}}
	case errors.Is(cause, errNoLogin):
		d = unauthorized(cause, "You are not logged in.")
	default:
		d = unauthorized(cause, "Your login is not valid. Log in again.")
	}
	problem.Write(w, r, d)
}

// unauthorized is a 401. RFC 9110 section 15.5.2 requires a challenge, and no registered scheme is this one: the login is a
// redirect that only the load balancer makes. The scheme named here tells who looks what is missing, and browsers pass over it.
func unauthorized(cause error, detail string) *problem.Details {
	d := problem.Wrap(cause, http.StatusUnauthorized, detail)
	d.Header = http.Header{"Www-Authenticate": {dataField}}
	return d
}
