// Package alb is the function's side of an Application Load Balancer's contract with a Lambda target: it turns the load
// balancer's event into an [http.Request], runs an [http.Handler], and turns the response into the JSON that the load balancer
// accepts. Both header modes of a target group work, each invocation is answered in its own.
//
//	package main
//
//	import (
//		"fmt"
//		"net/http"
//
//		"github.com/aws/aws-lambda-go/lambda"
//
//		"github.com/albatross-go/albatross/router/alb"
//	)
//
//	func main() {
//		mux := http.NewServeMux()
//		mux.HandleFunc("GET /hello/{name}", func(w http.ResponseWriter, r *http.Request) {
//			fmt.Fprintf(w, "hello, %s\n", r.PathValue("name"))
//		})
//		lambda.Start(alb.NewHandler(mux))
//	}
//
// Package router wraps this in Start, which also serves the same handler on a laptop.
//
// # What a handler can tell
//
// A handler sees what net/http's server would have shown it for the same request, and its response reaches the client as
// net/http would have sent it, except:
//
//   - The response is buffered. Flush does nothing and succeeds, there are no trailers and no hijacking, and read or write
//     deadlines are not supported; [http.ResponseController] says so with [http.ErrNotSupported].
//   - The request body has arrived whole, so ContentLength is always known. Several Cookie lines are one, joined with "; ".
//     Connection, Keep-Alive, Proxy-Connection, TE and Upgrade are removed, as an intermediary must.
//   - The protocol is always HTTP/1.1 and there is no TLS state and no local address. RemoteAddr is the address that the load
//     balancer appended to X-Forwarded-For, with port 0 unless the listener preserves client ports; it is "" where the listener
//     removes the header. In preserve mode that header is the client's own text: see SECURITY.md.
//   - Where the load balancer adds its own line to one that the client sent, X-Forwarded-Proto, X-Forwarded-Port and X-Amzn-*
//     keep the load balancer's alone.
//   - The order of different query keys and of header lines is the load balancer's. "?a" reads as "?a=", a stray percent sign
//     as "%25", a semicolon as "%3B". In single-value mode the load balancer keeps only the last of repeated headers and keys.
//   - A path with a bad escape, which net/http refuses, is served with that escape taken literally.
//   - Each way carries 1 MB at most. A larger response becomes a 500. What a handler declares as Content-Length is not held against
//     what it writes: the load balancer counts for itself. Informational responses (1xx) are not sent.
//   - A response with a body always has a Content-Type. Content-Length, Server and hop-by-hop fields that a handler sets are
//     dropped: the load balancer writes its own. Of one cookie set twice, the last is sent.
//   - 204, 205 and 304 have neither body nor Content-Type. HEAD has no Content-Length.
//   - A panic, http.ErrAbortHandler, a status outside of 200 to 599 and headers of more than 32 KB are a 500, where net/http breaks off
//     or sends them. Names of headers are sent in canonical form.
//   - Control bytes in header values become spaces, bytes that are not UTF-8 become U+FFFD. In single-value mode several lines of one
//     header are joined, of several Content-Type, Content-Disposition or Location lines the first is sent, and cookies beyond the
//     512th from the end are dropped.
//   - The load balancer adds its port to Host, unless it is 80 or 443 or there is one.
//   - What http.ServerContextKey holds is no *http.Server. Temporary files of a multipart form are the handler's to remove, with
//     r.MultipartForm.RemoveAll, as they are behind every router that copies the request.
//
// # When not to use it
//
// For API Gateway and function URLs, use aws-lambda-go's lambdaurl or their own adapters: the events differ in every field that
// matters, and [Handler.Invoke] refuses them by name.
//
// Source: Elastic Load Balancing guide, "Use Lambda functions as targets of an Application Load Balancer".
package alb
