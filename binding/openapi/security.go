package openapi

// SecurityScheme is a way for clients to say who they are, in the words of OpenAPI's Security Scheme Object. The functions below
// make the usual ones; set a Description to tell a client where its credentials come from.
type SecurityScheme struct {
	Type             string `json:"type"`                       // "apiKey", "http", "mutualTLS" or "openIdConnect"
	Description      string `json:"description,omitempty"`      // may be CommonMark
	Name             string `json:"name,omitempty"`             // of an apiKey's header, query parameter or cookie
	In               string `json:"in,omitempty"`               // of an apiKey: "header", "query" or "cookie"
	Scheme           string `json:"scheme,omitempty"`           // of http: "bearer", "basic", …
	BearerFormat     string `json:"bearerFormat,omitempty"`     // a hint for readers: "JWT"
	OpenIDConnectURL string `json:"openIdConnectUrl,omitempty"` // of openIdConnect: the discovery document
}

// Bearer is a token in the Authorization header, RFC 6750: a JWT, say.
func Bearer() SecurityScheme {
	return SecurityScheme{Type: "http", Scheme: "bearer"}
}

// OpenIDConnect is a token of an OpenID provider, in the Authorization header; url is that of the provider's discovery document,
// which ends in /.well-known/openid-configuration. For a login that the load balancer does, see [LoadBalancerLogin].
func OpenIDConnect(url string) SecurityScheme {
	return SecurityScheme{Type: "openIdConnect", OpenIDConnectURL: url}
}

// MutualTLS is a client certificate, which the load balancer asks for.
func MutualTLS() SecurityScheme {
	return SecurityScheme{Type: "mutualTLS"}
}

// APIKey is a secret under a name in a "header", the "query" or a "cookie".
func APIKey(in, name string) SecurityScheme {
	return SecurityScheme{Type: "apiKey", In: in, Name: name}
}

// LoadBalancerLogin is a login that the load balancer does itself, with its authenticate-oidc or authenticate-cognito action.
//
// What such a client holds is the load balancer's session cookie and no token: it is not [OpenIDConnect] for the service's clients,
// and the X-Amzn-Oidc-* headers are the load balancer's to send, not theirs. The cookie has its default name here; where the
// listener's rule gives another, use [APIKey] with "cookie" and that name followed by "-0".
func LoadBalancerLogin() SecurityScheme {
	return SecurityScheme{
		Type: "apiKey", In: "cookie", Name: "AWSELBAuthSessionCookie-0",
		Description: "The session cookie of the load balancer, which sends browsers without one to the login page.",
	}
}
