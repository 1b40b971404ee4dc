package openapi_test

import (
	"testing"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/openapi"
)

// The words are those of OpenAPI 3.1 section 4.8.27.
func TestSecuritySchemes(t *testing.T) {
	described := openapi.MutualTLS()
	described.Description = "Ask ops for one."
	tests := []struct {
		name   string
		scheme openapi.SecurityScheme
		want   string
	}{
		{"bearer", openapi.Bearer(), `{"type": "http", "scheme": "bearer"}`},
		{
			"OpenID Connect", openapi.OpenIDConnect("https://id.example.com/.well-known/openid-configuration"),
			`{"type": "openIdConnect", "openIdConnectUrl": "https://id.example.com/.well-known/openid-configuration"}`,
		},
		{"mutual TLS", described, `{"type": "mutualTLS", "description": "Ask ops for one."}`},
		{"API key", openapi.APIKey("header", "X-Key"), `{"type": "apiKey", "name": "X-Key", "in": "header"}`},
		{
			"login", openapi.LoadBalancerLogin(),
			`{"type": "apiKey", "in": "cookie", "name": "AWSELBAuthSessionCookie-0",
			  "description": "The session cookie of the load balancer, which sends browsers without one to the login page."}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantPart(t, one(&typed{}, openapi.WithSecurity("s", tt.scheme)), tt.want, "components", "securitySchemes", "s")
		})
	}
}

// Security Requirement Objects, OpenAPI 3.1 section 4.8.30: any one of the list is enough, and an empty one asks for nothing.
func TestSecurity(t *testing.T) {
	tests := []struct {
		name      string
		standard  []string
		operation []string
		want      string
		wantTop   string
	}{
		{"nothing said", nil, nil, `null`, `null`},
		{"the default", []string{"token", "cert"}, nil, `null`, `[{"token": []}, {"cert": []}]`},
		{"optional", []string{"token", ""}, nil, `null`, `[{"token": []}, {}]`},
		{"its own", []string{"token"}, []string{"cert"}, `[{"cert": []}]`, `[{"token": []}]`},
		{"for everyone", []string{"token"}, []string{""}, `[{}]`, `[{"token": []}]`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := one(&typed{Doc: operation.Doc{Security: tt.operation}},
				openapi.WithSecurity("token", openapi.Bearer()), openapi.WithSecurity("cert", openapi.MutualTLS()),
				openapi.WithDefaultSecurity(tt.standard...))
			wantPart(t, d, tt.want, "paths", "/", "get", "security")
			wantPart(t, d, tt.wantTop, "security")
		})
	}
}
