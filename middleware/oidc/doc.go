// Package oidc tells a handler who is logged in at an Application Load Balancer, having verified it.
//
// A listener rule with an authenticate-oidc or authenticate-cognito action logs the user in and passes X-Amzn-Oidc-Data on, a token
// that the load balancer signs with its own key. Whoever reads that token without verifying it believes any client that writes
// one. [New] verifies it:
//
//	r := router.New()
//	r.Use(middleware.HealthCheck(nil)) // a health check has no login
//	r.Use(oidc.New("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/50dc6c495c0c9188"))
//	r.Get("/me", func(w http.ResponseWriter, r *http.Request) {
//		user, _ := oidc.IdentityFromContext(r.Context())
//		fmt.Fprintln(w, "Hello,", user.Subject)
//	})
//
// The handler runs only if the token is one of that load balancer's and has not expired. Without a login a client gets 401, and 503
// while the load balancer's public key cannot be fetched, both as problem details. Why, only the observer learns, see package
// problem.
//
// # What is verified
//
// The token looks like a JWT and is none: its segments are padded, the signature covers the padding, and what says who signed for
// whom and until when is in the token's header, not in its payload. The last X-Amzn-Oidc-Data line has to be in this format, with
// an ES256 signature of 64 bytes over the text as it came, by a P-256 key that AWS publishes under the token's kid for the region
// of your load balancer. In the header, signer has to be your load balancer, exp in the future, without any leeway, and client and
// iss what [WithClientID] and [WithIssuer] ask for. The payload's own exp and iss count for nothing. A token over 32 KiB is refused
// unread.
//
// Source: Elastic Load Balancing guide, "Authenticate users using an Application Load Balancer", User claims encoding and signature
// verification.
//
// # Keys
//
// Keys are fetched from AWS when a token first names them and kept as long as the process lives. A function in a VPC without a way
// out cannot do that: give it the keys, [WithKeys].
//
// # When not to use it
//
// For access tokens that clients send in Authorization use a JWT library, or let the load balancer check them and read
// [VerifiedByALB]. For who may do what: this package only says who it is.
package oidc
