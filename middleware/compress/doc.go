// Package compress is middleware that compresses responses, with zstd or gzip as the client prefers.
//
//	r := router.New()
//	r.Use(compress.New())
//
// # Behind a load balancer
//
// A function's response travels as JSON, of which a load balancer takes 1 MB. Text goes nearly as it is; a compressed body is
// binary and goes as base64, which is a third longer. So behind a load balancer a body is sent compressed only where it is the
// smaller one in that form as well. What compresses well gains more than bandwidth there: JSON of 5 MB, which could not be sent at
// all, often fits. On a plain HTTP server, where there is no base64, it only has to be smaller.
//
// # When not to use it
//
// Not where something in front of the function compresses, as CloudFront does. Not for pages that show a secret, such as a token
// against forged requests, beside text that the client has sent: whoever sees the length of many such answers can guess the secret
// (the BREACH attack), TLS or not. Leave those routes out, or answer them with Cache-Control: no-transform, or mask the secret anew
// in every answer.
//
// It links an implementation of zstd; a function that serves no large answers is smaller and starts sooner without.
package compress
