package openapi

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
)

// route is one method of one pattern.
type route struct {
	method  string
	pattern string // in chi's syntax, with those of the outer routers before it
	every   bool   // the handler was registered for all methods
	handler http.Handler
}

// routesOf returns the routes of r, and of all that is mounted there, sorted by pattern and method.
func routesOf(r chi.Routes) []route {
	var found []route
	walk(r, "", func(prefix string, at chi.Route) {
		for method, h := range at.Handlers {
			every := same(h, at.Handlers["*"])
			if !documented(method, every) {
				continue
			}
			pattern := prefix + at.Pattern
			// A router mounted at /orders serves its own "/" as /orders and as /orders/, unless it was mounted at /orders/.
			if at.Pattern == "/" && prefix != "" && r.Match(chi.NewRouteContext(), method, prefix) {
				pattern = prefix
			}
			found = append(found, route{method, pattern, every, endpoint(h)})
		}
	})
	slices.SortFunc(found, func(a, b route) int {
		return cmp.Or(cmp.Compare(a.pattern, b.pattern), cmp.Compare(a.method, b.method))
	})
	return found
}

// walk is chi.Walk, but tells a route of all methods from one of each.
func walk(r chi.Routes, prefix string, visit func(prefix string, at chi.Route)) {
	for _, at := range r.Routes() {
		if at.SubRoutes != nil {
			walk(at.SubRoutes, prefix+strings.TrimSuffix(at.Pattern, "/*"), visit)
		} else {
			visit(prefix, at)
		}
	}
}

// documented tells whether an operation is written for a method. OpenAPI 3.1 has none for CONNECT and QUERY. A handler of all
// methods is documented under those that it is likely to be meant for.
func documented(method string, every bool) bool {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	case http.MethodHead, http.MethodOptions, http.MethodTrace:
		return !every
	default:
		return false
	}
}

// same reports whether h is the handler of all methods. Functions cannot be compared; they are taken for the same.
func same(h, all http.Handler) bool {
	return all != nil && (!reflect.ValueOf(h).Comparable() || h == all)
}

// endpoint is the handler within the middleware that Router.With puts around it.
func endpoint(h http.Handler) http.Handler {
	for {
		chain, ok := h.(*chi.ChainHandler)
		if !ok {
			return h
		}
		h = chain.Endpoint
	}
}

// template is a path with parameters.
type template struct {
	literals []string // before, between and after the parameters
	params   []pathParameter
}

type pathParameter struct {
	key     string // chi's name of it
	name    string // in the document
	pattern string // a regular expression that the whole value matches, or ""
}

// parse reads a pattern that chi has accepted.
func parse(pattern string) template {
	var t template
	for {
		at := strings.IndexAny(pattern, "{*")
		if at < 0 {
			t.literals = append(t.literals, pattern)
			return t
		}
		t.literals = append(t.literals, pattern[:at])
		end := at + 1
		p := pathParameter{key: "*", name: "path"} // OpenAPI has no word for the rest of a path
		if pattern[at] == '{' {
			end = at + braces(pattern[at:])
			var expr string
			p.key, expr, _ = strings.Cut(pattern[at+1:end-1], ":")
			p.name = cmp.Or(p.key, "segment")
			if expr != "" {
				p.pattern = "^" + strings.TrimSuffix(strings.TrimPrefix(expr, "^"), "$") + "$" // as chi does
			}
		}
		for t.has(p.name) {
			p.name += "_"
		}
		t.params = append(t.params, p)
		pattern = pattern[end:]
	}
}

// braces returns the length of the parameter that s begins with; a regular expression may have braces of its own.
func braces(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(s)
}

func (t template) has(name string) bool {
	return slices.ContainsFunc(t.params, func(p pathParameter) bool { return p.name == name })
}

// shape is the same for templates that OpenAPI takes for the same path, whatever their parameters are called.
func (t template) shape() string { return strings.Join(t.literals, "{}") }

// path is the key of a Path Item Object.
func (t template) path() string {
	var b strings.Builder
	for i, p := range t.params {
		b.WriteString(t.literals[i] + "{" + p.name + "}")
	}
	b.WriteString(t.literals[len(t.params)])
	return b.String()
}
