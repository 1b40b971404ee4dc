// Package mtls is middleware that tells handlers which client certificate a request came with, where a load balancer's HTTPS
// listener has mutual TLS on.
//
//	roots := x509.NewCertPool()
//	roots.AppendCertsFromPEM(authority)
//
//	r := router.New()
//	r.Use(
//		middleware.AllowTargetGroups(mutualTLSTargetGroup),
//		middleware.HealthCheck(nil), // health checks have no certificate
//		mtls.Passthrough(roots),
//	)
//	r.Get("/whoami", func(w http.ResponseWriter, r *http.Request) {
//		cert, _ := mtls.CertificateFromContext(r.Context())
//		fmt.Fprintln(w, cert.Subject)
//	})
//
// A listener has one of two modes, and each has its function here:
//
//   - passthrough: the load balancer passes on the chain that the client presented, and has verified nothing of it. [Passthrough]
//     verifies it against roots of yours.
//   - verify: the load balancer has verified the chain against its trust store, and passes on the leaf. [VerifiedByALB] reads it,
//     and believes it.
//
// Handlers find the certificate in the context. The headers, verified or forged, are taken out of the request that they see: so
// there is one place to look, and a second of these middlewares in the same chain would find nothing.
//
// A request without a certificate, or with one that is not accepted, is answered with 403 and not with 401: that would have to name
// a challenge (RFC 9110, section 15.5.2), and there is none for a certificate, which belongs to the connection. The observer of
// package problem learns the reason; the client learns no more than whether there was a certificate.
//
// # When the headers can be forged
//
// Neither mode signs its headers. A client can write every one of them wherever the load balancer does not, and whether a load
// balancer removes such headers from a client is not documented. They can be forged
//
//   - when mutual TLS is off on the listener, or is turned off later;
//   - when the listener has the other mode;
//   - when another listener of any load balancer, HTTP, or HTTPS without mutual TLS, forwards to the same function;
//   - when a passthrough listener lets a client connect without a certificate;
//   - by whoever may invoke the function.
//
// Passthrough helps against that less than it seems to. A forger needs a certificate that verifies, but not its key: certificates
// are no secret. They cross the network in the clear up to TLS 1.2, and stand in logs and repositories. With VerifiedByALB a forger
// needs nothing at all.
//
// So let nothing but the right listener reach the handlers. Give that listener a target group of its own and allow this one alone,
// with middleware.AllowTargetGroups. In addition the listener can give the headers names that no client can guess, see
// [WithHeaderNames]: they are then a secret between the listener and the function. And try it: send the headers yourself, without a
// certificate, through every listener.
//
// # What a certificate proves
//
// Who presents a certificate in a TLS handshake signs the handshake with its key, and a server must check that signature whether or
// not it trusts the certificate (RFC 8446, section 4.4.3). So on a passthrough listener, too, the client has the key of the first
// certificate of its chain. That follows from TLS; the load balancer's documentation speaks only of the chain, which is not
// verified. The other certificates prove nothing by being there.
//
// Nothing here checks revocation. A listener in verify mode does if its trust store has revocation lists.
//
// Source: Elastic Load Balancing guide, "Mutual authentication with TLS in Application Load Balancer".
package mtls
