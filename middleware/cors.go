package middleware

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rs/cors"
)

// CORS lets pages of other origins read the answers, by the rules of github.com/rs/cors. A preflight is answered with 204 and does
// not reach next: a load balancer passes OPTIONS on like any method, so put CORS before whatever asks for a login. Use it on the router
// itself: chi runs what a group has for its routes only, and no route is one of OPTIONS. Put it before [Defaults]: a script can read
// no error without the fields, and an answer of [Recoverer] or [Timeout] has only those that were there before them.
//
// Safe only when AllowedOrigins names the origins you trust. CORS panics where that cannot be so or cannot work:
//   - any origin ("*", or an empty list, which means the same) together with AllowCredentials: every site could read what the user
//     sees;
//   - a pattern that is open to strangers: https://*, https://*.com, https://*example.com. A wildcard stands for subdomains, as in
//     https://*.example.com, or for the port of a host, as in http://localhost:*. Whether strangers can register names below the
//     domain, as below co.uk, is not known here;
//   - null, the origin of every sandboxed page;
//   - what no browser sends as an origin: a path, a trailing slash, a default port.
//
// The functions of options (AllowOriginFunc and its relatives) take the place of AllowedOrigins and cannot be checked: one that
// returns true for everything, together with AllowCredentials, is open to every site.
//
// Beside [CSRF], origins that may send more than GET have to be trusted there too.
//
// Answers carry Vary: Origin. A handler that varies by more adds to it and does not replace it.
func CORS(options cors.Options) func(http.Handler) http.Handler {
	if options.AllowOriginFunc == nil && options.AllowOriginVaryRequestFunc == nil &&
		options.AllowOriginRequestFunc == nil { //nolint:staticcheck // deprecated, but it still goes before AllowedOrigins
		checkOrigins(options.AllowedOrigins, options.AllowCredentials)
	}
	options.AllowedMethods = slices.Clone(options.AllowedMethods) // the one slice that cors keeps
	return cors.New(options).Handler
}

func checkOrigins(origins []string, credentials bool) {
	if credentials && (len(origins) == 0 || slices.Contains(origins, "*")) {
		panic("middleware: CORS allows credentials to any origin; name the origins in AllowedOrigins or unset AllowCredentials")
	}
	for _, origin := range origins {
		if fault := originFault(origin); origin != "*" && fault != "" {
			panic("middleware: CORS origin \"" + origin + "\" " + fault)
		}
	}
}

// originFault tells what is wrong with an origin or a pattern of origins, and the remedy; "" if nothing is.
func originFault(origin string) string {
	scheme, host, ok := strings.Cut(origin, "://")
	if !ok || scheme == "" || host == "" {
		return "has no scheme or no host; write it as https://example.com"
	}
	if rest, ok := strings.CutPrefix(host, "*"); ok {
		domain, _, _ := strings.Cut(rest, ":")
		if !strings.HasPrefix(domain, ".") || !strings.Contains(strings.Trim(domain, "."), ".") {
			return "is open to strangers; let the wildcard stand for subdomains of a domain of yours, as in https://*.example.com"
		}
		host = "any" + rest
	} else if name, ok := strings.CutSuffix(host, ":*"); ok {
		host = name
	}
	if strings.Contains(scheme+host, "*") {
		return "has a wildcard in a place where strangers can match it; write https://*.example.com, or http://localhost:* for any port"
	}
	u, err := url.Parse(scheme + "://" + host)
	switch {
	case err != nil || u.Host != host || u.Hostname() == "":
		return "is no scheme and host; leave path, query and trailing slash out, as in https://example.com"
	case strings.HasSuffix(host, ":"), u.Scheme == "https" && u.Port() == "443", u.Scheme == "http" && u.Port() == "80":
		return "never matches; browsers leave the default port out"
	case strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return "never matches; browsers send international names in ASCII, as xn--"
	}
	return ""
}
