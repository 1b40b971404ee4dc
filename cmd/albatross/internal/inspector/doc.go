// Package inspector is the page on which a developer watches requests pass through the local load balancer, and the HTTP API
// under it.
//
// A [Store] keeps the last requests. A [Handler] serves the page, the records, a stream of what changes, and calls that send a
// request again through a [Backend].
//
//	GET    /api/requests                       what the store holds, in short
//	GET    /api/requests/{id}                  one record
//	GET    /api/requests/{id}/event            the event that the function was given
//	GET    /api/requests/{id}/curl             the request as a curl command
//	POST   /api/requests/{id}/replay           send it again: {"request": …, "multiValueHeaders": …}, both optional
//	POST   /api/requests/{id}/compare          send it in both header modes: {"request": …}, optional
//	POST   /api/requests                       send a new one: {"request": …, "multiValueHeaders": …}
//	DELETE /api/requests                       forget all
//	GET    /api/functions                      the functions and their state
//	PUT    /api/functions/{function}/mode      switch the header mode: {"multiValueHeaders": …}
//	POST   /api/functions/{function}/restart   start it anew
//	GET    /api/stream                         server-sent events: hello, changes and functions
//
// Errors are RFC 9457 problems.
//
// # Secrets
//
// Credentials are masked before they leave the server: in headers, in the events and answers that carry them, and wherever a
// function repeats them in its log, its answer or the response. With ?reveal=1 a record, an event or a curl command is given in
// full. A request that comes back with masks in it is sent with the original values. Not masked are the target with its query,
// the request's body, and what a function encodes or cuts before it prints it.
//
// # Safety
//
// The page can run requests and read secrets, so it is for this machine alone: see [Listen]. A name that is not loopback is
// refused, which stops DNS rebinding; so is whatever another site's page sends, which stops forged requests. The page itself runs
// under a content security policy that allows nothing but its own files.
package inspector
