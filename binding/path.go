package binding

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/problem"
)

// readPath reads a path value. A request whose route has none is a mistake of the program, and its error a 500.
func (d *reading) readPath(q *parameter, p *plan, in reflect.Value) error {
	text, ok, err := pathValue(d.request, q.name)
	switch {
	case !ok:
		return problem.Wrap(fmt.Errorf("binding: %v.%s: the request's route %q has no {%s}; register the handler at a pattern that has",
			p.in, q.field.Name, d.request.Pattern, q.name), http.StatusInternalServerError, "")
	case err != nil:
		d.faults.Add("", q.name, badEscape)
	default:
		d.texts = append(d.textRoom[:0], text)
		q.read(in, d.texts, &d.faults)
	}
	return nil
}

// pathValue returns a path value decoded exactly once. chi routes by the escaped path where the URL has one, so its values are
// escaped then and only then; those of [http.ServeMux] never are.
func pathValue(r *http.Request, name string) (_ string, ok bool, _ error) {
	if route := chi.RouteContext(r.Context()); route != nil {
		for i := len(route.URLParams.Keys) - 1; i >= 0; i-- { // the innermost router's come last
			if route.URLParams.Keys[i] != name {
				continue
			}
			value := route.URLParams.Values[i]
			if r.URL.RawPath == "" || strings.IndexByte(value, '%') < 0 {
				return value, true, nil
			}
			value, err := url.PathUnescape(value)
			return value, true, err
		}
	}
	value := r.PathValue(name)
	ok = value != "" || strings.Contains(r.Pattern, "{"+name+"}") || strings.Contains(r.Pattern, "{"+name+"...}")
	return value, ok, nil
}

// checkPattern panics where the pattern and the input cannot go together.
func (p *plan) checkPattern(pattern string) {
	method, path, ok := strings.Cut(strings.ReplaceAll(pattern, "\t", " "), " ")
	if !ok {
		method, path = "", pattern
	}
	if p.body != nil && (strings.EqualFold(method, http.MethodGet) || strings.EqualFold(method, http.MethodHead)) {
		panic(fmt.Sprintf("binding: %v.%s: the body, %s, is read, but %q requests have none; use POST, PUT or PATCH, or take the value from the query",
			p.in, p.body.field.Name, p.body.tag(), pattern))
	}
	for _, name := range pathNames(path) {
		if !p.hasPath(name) {
			panic(fmt.Sprintf("binding: %v: no field takes {%s} of the pattern %q; add one with the tag `path:%q`", p.in, name, pattern, name))
		}
	}
}

func (p *plan) hasPath(name string) bool {
	for i := range p.parameters {
		if p.parameters[i].source == "path" && p.parameters[i].name == name {
			return true
		}
	}
	return false
}

// pathNames returns the names in a pattern: of {name}, of ServeMux's {name...}, and of chi's {name:expression}, whose braces nest.
func pathNames(pattern string) []string {
	var names []string
	depth, start := 0, 0
	for i := range len(pattern) {
		switch pattern[i] {
		case '{':
			if depth++; depth == 1 {
				start = i + 1
			}
		case '}':
			if depth--; depth == 0 {
				name, _, _ := strings.Cut(pattern[start:i], ":")
				if name = strings.TrimSuffix(name, "..."); name != "$" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}
