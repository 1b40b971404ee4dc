package middleware

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// RequireContentType answers 415 to requests whose body is of none of these media types, and to those that do not say of which. A
// request without a body passes.
//
// A type is written whole, "application/json", or with a wildcard for the subtype, "image/*", or for what is before its suffix,
// "application/*+json", which leaves out application/json itself. Letter case and the request's parameters do not matter. A request
// with several Content-Type lines is refused: whoever reads it next might go by another one.
//
// The response names the types in Accept (RFC 9110 section 15.5.16), and in Accept-Post for POST (W3C Linked Data Platform 1.0,
// section 7.1) or Accept-Patch for PATCH (RFC 5789 section 3.1).
//
// RequireContentType panics without types, and if one is no such type or has parameters.
func RequireContentType(types ...string) func(http.Handler) http.Handler {
	if len(types) == 0 {
		panic("middleware: RequireContentType was given no media type and would refuse every body; name those that the handler reads")
	}
	patterns := make([]mediaPattern, len(types))
	for i, t := range types {
		var ok bool
		if patterns[i], ok = parseMediaPattern(t); !ok {
			panic(fmt.Sprintf("middleware: RequireContentType was given %q; give a media type without parameters, "+
				"such as application/json, image/* or application/*+json", t))
		}
	}
	accept := []string{strings.Join(types, ", ")}
	refusals := map[string]*problem.Details{
		"":               unsupportedMediaType(http.Header{"Accept": accept}),
		http.MethodPost:  unsupportedMediaType(http.Header{"Accept": accept, "Accept-Post": accept}),
		http.MethodPatch: unsupportedMediaType(http.Header{"Accept": accept, "Accept-Patch": accept}),
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody || matchesAny(patterns, r.Header["Content-Type"]) {
				next.ServeHTTP(w, r)
				return
			}
			p, ok := refusals[r.Method]
			if !ok {
				p = refusals[""]
			}
			problem.Write(w, r, p)
		})
	}
}

func unsupportedMediaType(header http.Header) *problem.Details {
	p := problem.New(http.StatusUnsupportedMediaType, "The request body is of a media type that is not read here; see Accept.")
	p.Header = header
	return p
}

func matchesAny(patterns []mediaPattern, contentType []string) bool {
	if len(contentType) != 1 {
		return false
	}
	essence, _, _ := strings.Cut(contentType[0], ";")
	kind, subtype := parseMediaType(strings.Trim(essence, " \t"))
	return kind != "" && slices.ContainsFunc(patterns, func(p mediaPattern) bool { return p.matches(kind, subtype) })
}

// mediaPattern is a media type whose subtype may begin with a wildcard.
type mediaPattern struct {
	kind, subtype string
	wildcard      bool // then subtype is what follows it: "" or a suffix such as "+json"
}

func parseMediaPattern(s string) (mediaPattern, bool) {
	kind, subtype, _ := strings.Cut(s, "/")
	suffix, wildcard := strings.CutPrefix(subtype, "*")
	if wildcard {
		subtype = suffix
		if suffix != "" && (suffix[0] != '+' || !isMediaName(suffix[1:])) {
			return mediaPattern{}, false
		}
	} else if !isMediaName(subtype) {
		return mediaPattern{}, false
	}
	return mediaPattern{kind, subtype, wildcard}, isMediaName(kind)
}

func (p mediaPattern) matches(kind, subtype string) bool {
	if p.wildcard {
		n := len(subtype) - len(p.subtype) // of them the wildcard takes one at least
		if n <= 0 {
			return false
		}
		subtype = subtype[n:]
	}
	return strings.EqualFold(p.kind, kind) && strings.EqualFold(p.subtype, subtype)
}

// parseMediaType returns the two names of a media type without parameters, or none.
func parseMediaType(s string) (kind, subtype string) {
	kind, subtype, _ = strings.Cut(s, "/")
	if !isMediaName(kind) || !isMediaName(subtype) {
		return "", ""
	}
	return kind, subtype
}

// isMediaName reports whether s is a restricted-name of RFC 6838 section 4.2, but for its length and what it may begin with. That
// is a token without the wildcard.
func isMediaName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("!#$&-^_.+", c) < 0 {
			return false
		}
	}
	return s != ""
}
