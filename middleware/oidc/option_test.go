package oidc_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware/oidc"
)

func TestMistakesPanic(t *testing.T) {
	p384 := newKey(t, elliptic.P384())
	const notARN = `" is not the ARN of an Application Load Balancer; give it whole: arn:aws:elasticloadbalancing:region:account:loadbalancer/app/name/id`
	tests := []struct {
		name string
		do   func()
		want string
	}{
		{"no ARN", func() { oidc.New("") }, `oidc: "` + notARN},
		{"target group", func() {
			oidc.New("arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/50dc6c495c0c9188")
		},
			`oidc: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/50dc6c495c0c9188` + notARN},
		{"network load balancer", func() { oidc.WithLoadBalancers(strings.Replace(shop, "/app/", "/net/", 1)) },
			`oidc: "` + strings.Replace(shop, "/app/", "/net/", 1) + notARN},
		{"wildcard", func() { oidc.New(shop[:len(shop)-1] + "*") }, `oidc: "` + shop[:len(shop)-1] + "*" + notARN},
		{"line break", func() { oidc.New(shop + "\n") }, `oidc: "` + shop + `\n` + notARN},
		{"region of another partition", func() { oidc.New(strings.Replace(shop, "eu-west-1", "cn-north-1", 1)) },
			`oidc: "` + strings.Replace(shop, "eu-west-1", "cn-north-1", 1) + notARN},
		{"region is a host", func() { oidc.New(strings.Replace(shop, "eu-west-1", "evil.example/x-1", 1)) },
			`oidc: "` + strings.Replace(shop, "eu-west-1", "evil.example/x-1", 1) + notARN},
		{"nil option", func() { oidc.New(shop, nil) }, "oidc: New was given a nil option; leave it out"},
		{"client", func() { oidc.WithClientID("") },
			"oidc: WithClientID was given an empty id; leave the option out to accept the logins of every client"},
		{"issuer", func() { oidc.WithIssuer("") },
			"oidc: WithIssuer was given an empty issuer; leave the option out to accept the logins of every issuer"},
		{"HTTP client", func() { oidc.WithHTTPClient(nil) }, "oidc: WithHTTPClient was given nil; leave the option out for a client of its own"},
		{"key URL", func() { oidc.WithKeyURL(nil) }, "oidc: WithKeyURL was given nil; leave the option out to fetch keys from AWS"},
		{"no keys", func() { oidc.WithKeys(nil) },
			"oidc: WithKeys was given no key and would refuse everything; name the keys, or leave it out to fetch them"},
		{"kid", func() { oidc.WithKeys(map[string]*ecdsa.PublicKey{"k": &p384.PublicKey}) },
			`oidc: WithKeys was given kid "k"; a load balancer's kid is a UUID in lower case`},
		{"nil key", func() { oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: nil}) },
			"oidc: WithKeys was given a key for " + kid + " that is not on P-256; load balancers sign with ES256"},
		{"P-384", func() { oidc.WithKeys(map[string]*ecdsa.PublicKey{kid: &p384.PublicKey}) },
			"oidc: WithKeys was given a key for " + kid + " that is not on P-256; load balancers sign with ES256"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != tt.want {
					t.Errorf("panic %v\nwant  %s", got, tt.want)
				}
			}()
			tt.do()
		})
	}
}
