package middleware

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/middleware/internal/response"
)

// CacheControl sets the default Cache-Control of answers to GET and HEAD. A handler that sets Cache-Control or Expires has its way;
// else
//   - 2xx and 304 get value, as in "public, max-age=300";
//   - errors, 400 and above, get no-store, because caches may keep a 404 for as long as they think fit (RFC 9110 section 15.1);
//   - a 2xx or 304 that is personal, because the request has Authorization or the response sets a cookie, gets value for the
//     client's own cache only: "private, max-age=300".
//
// Redirects and other methods are left alone. Put it outside of [ETag], whose 304 then gets the value too.
//
// Safe only when answers without a Cache-Control of their own are the same for everybody: an answer made for the sender of a
// session cookie looks like any other. Where there is a login by cookie, value is "private, …", "no-cache" or "no-store".
//
// It panics if value is empty, malformed, or has a directive that RFC 9111 section 5.2.2, RFC 5861 or RFC 8246 does not define for
// responses. The forms of private and no-cache that name fields are refused too: caches hardly know them.
func CacheControl(value string) func(http.Handler) http.Handler {
	personal := personalCacheControl(value)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				next.ServeHTTP(w, r)
				return
			}
			rw := &response.Writer{ResponseWriter: w}
			rw.Freeze = func(status int) {
				h := w.Header()
				_, own := h["Cache-Control"]
				switch {
				case own:
				case status >= 400:
					h.Set("Cache-Control", "no-store")
				case h["Expires"] != nil:
				case status >= 300 && status != http.StatusNotModified, status < 200:
				case r.Header["Authorization"] != nil || h["Set-Cookie"] != nil:
					h.Set("Cache-Control", personal)
				default:
					h.Set("Cache-Control", value)
				}
			}
			next.ServeHTTP(rw, r)
			rw.Begin(http.StatusOK) // a handler that wrote nothing
		})
	}
}

// personalCacheControl checks a Cache-Control and returns it for private caches: without what is meant for shared ones.
func personalCacheControl(value string) string {
	personal := "private"
	for directive := range strings.SplitSeq(value, ",") {
		directive = strings.Trim(directive, " \t")
		name, argument, hasArgument := strings.Cut(directive, "=")
		name = strings.ToLower(name)
		seconds := false
		switch name {
		case "max-age", "s-maxage", "stale-while-revalidate", "stale-if-error":
			seconds = true
		case "public", "private", "no-cache", "no-store", "no-transform", "must-revalidate", "proxy-revalidate", "must-understand",
			"immutable":
		default:
			panic(cacheControlFault(value, directive, "is no directive for responses; see RFC 9111 section 5.2.2"))
		}
		if _, err := strconv.ParseUint(argument, 10, 31); seconds && err != nil {
			panic(cacheControlFault(value, directive, "needs a number of seconds, as in max-age=300"))
		}
		if hasArgument && !seconds {
			panic(cacheControlFault(value, directive, "takes no argument here; leave it out"))
		}
		switch name {
		case "public", "private", "s-maxage", "proxy-revalidate":
		default:
			personal += ", " + directive
		}
	}
	return personal
}

func cacheControlFault(value, directive, fault string) string {
	return "middleware: CacheControl(" + strconv.Quote(value) + "): " + strconv.Quote(directive) + " " + fault
}
