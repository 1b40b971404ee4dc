package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"fmt"
	"net/http"
)

// Option changes what [New] returns.
type Option interface{ apply(c *config) }

type config struct {
	regions  map[string]string // of each load balancer that may sign, by its ARN
	clientID string
	issuer   string
	optional bool

	keys   map[string]*ecdsa.PublicKey // by kid; nil to fetch them
	client *http.Client
	keyURL func(region, kid string) string
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

// WithLoadBalancers accepts the tokens of further load balancers, named by ARN. It panics as [New] does.
func WithLoadBalancers(arns ...string) Option {
	regions := make(map[string]string, len(arns))
	for _, arn := range arns {
		regions[arn] = regionOf(arn)
	}
	return option(func(c *config) {
		for arn, region := range regions {
			c.regions[arn] = region
		}
	})
}

// WithClientID accepts only logins for this client id, the one in the listener rule's action. Use it where one load balancer logs
// users in for several applications: without it a login for any of them is one for all.
func WithClientID(id string) Option {
	if id == "" {
		panic("oidc: WithClientID was given an empty id; leave the option out to accept the logins of every client")
	}
	return option(func(c *config) { c.clientID = id })
}

// WithIssuer accepts only logins at this identity provider, the issuer in the listener rule's action, compared exactly.
func WithIssuer(issuer string) Option {
	if issuer == "" {
		panic("oidc: WithIssuer was given an empty issuer; leave the option out to accept the logins of every issuer")
	}
	return option(func(c *config) { c.issuer = issuer })
}

// WithKeys names the load balancers' public keys by kid, for functions that cannot reach AWS. Nothing is fetched then: a token with
// another kid is refused. AWS does not say when it changes keys, so watch for 401 responses.
//
// It panics without keys, and if a kid is no lower-case UUID or a key is not on P-256.
func WithKeys(keys map[string]*ecdsa.PublicKey) Option {
	if len(keys) == 0 {
		panic("oidc: WithKeys was given no key and would refuse everything; name the keys, or leave it out to fetch them")
	}
	own := make(map[string]*ecdsa.PublicKey, len(keys))
	for kid, key := range keys {
		if !isUUID(kid) {
			panic(fmt.Sprintf("oidc: WithKeys was given kid %q; a load balancer's kid is a UUID in lower case", kid))
		}
		if key == nil || key.Curve != elliptic.P256() {
			panic(fmt.Sprintf("oidc: WithKeys was given a key for %s that is not on P-256; load balancers sign with ES256", kid))
		}
		own[kid] = copyOf(kid, key)
	}
	return option(func(c *config) { c.keys = own })
}

// copyOf returns a key that the caller cannot change.
func copyOf(kid string, key *ecdsa.PublicKey) *ecdsa.PublicKey {
	point, err := key.Bytes()
	if err != nil {
		panic(fmt.Sprintf("oidc: WithKeys was given an invalid key for %s (%v); read it with x509.ParsePKIXPublicKey", kid, err))
	}
	own, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		panic(fmt.Sprintf("oidc: WithKeys was given an invalid key for %s (%v); read it with x509.ParsePKIXPublicKey", kid, err))
	}
	return own
}

// WithHTTPClient fetches keys with this client instead of one with net/http's default transport. Its redirects are not followed:
// what a key's address answers is the key. A fetch ends after two seconds, or after the client's own shorter timeout.
func WithHTTPClient(client *http.Client) Option {
	if client == nil {
		panic("oidc: WithHTTPClient was given nil; leave the option out for a client of its own")
	}
	return option(func(c *config) { c.client = client })
}

// WithKeyURL fetches keys from url(region, kid) instead of from AWS: from a mirror that a VPC can reach, or from a local load
// balancer. The region is that of the ARN as you configured it, and kid is a UUID in lower case, so both can go into a URL as
// they are. The function may be called concurrently.
//
// Safe only when nobody else can answer for that URL: who serves the keys decides who is logged in. Use https, or loopback.
func WithKeyURL(url func(region, kid string) string) Option {
	if url == nil {
		panic("oidc: WithKeyURL was given nil; leave the option out to fetch keys from AWS")
	}
	return option(func(c *config) { c.keyURL = url })
}

// Optional lets requests without X-Amzn-Oidc-Data through, for listener rules whose action allows unauthenticated requests
// (OnUnauthenticatedRequest: allow). [IdentityFromContext] reports false for them. A token that does not verify is refused all the
// same.
func Optional() Option {
	return option(func(c *config) { c.optional = true })
}
