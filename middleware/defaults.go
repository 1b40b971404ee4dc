package middleware

import (
	"net/http"
	"time"

	"go.uber.org/zap"
)

// defaultMargin leaves time for the 504 to be written and sent.
const defaultMargin = 500 * time.Millisecond

// Defaults returns the recommended chain, outermost first, as chi's Use takes it. Elements may be replaced: behind CloudFront the
// second by ClientIP(TrustedHops(2)). It panics if l is nil.
//
//  1. [HealthCheck] comes before all else: a check is no client's request, fills no log and needs no rights.
//  2. [ClientIP] and
//  3. [TraceID] find out what the logger tells.
//  4. [Logger] stands around whatever may answer in the handler's place, so that its line tells that answer.
//  5. [SecureHeaders] stands around them too, so that an error has the fields as well.
//  6. [Recoverer] is inside Logger, which gets the stack from it, and around Timeout, whose handler's panic passes on to it.
//  7. [Timeout] answers half a second before the function's deadline. It is next to the handler: what stands around it is done in
//     time.
//
// What depends on the application is left to it. Before these go metrics, which would take a timeout for a success, and [CORS],
// without whose fields a page's script cannot read an error. Behind them go [CSRF], [BodyLimit], [RequireContentType],
// compression, [ETag], [CacheControl] and [ContentType], in this order.
func Defaults(l *zap.Logger) []func(http.Handler) http.Handler {
	return []func(http.Handler) http.Handler{
		HealthCheck(nil),
		ClientIP(),
		TraceID,
		Logger(l),
		SecureHeaders,
		Recoverer,
		Timeout(defaultMargin),
	}
}
