package router

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/problem"
)

// New returns a router that answers what it has no route for with problem details: 404, or 405 with the Allow field that
// RFC 9110 section 15.5.6 asks for. A HEAD request is served by the GET route, unless the path has a HEAD route of its own.
//
// It is a plain chi.Mux: groups, sub-routers, middleware and chi's documentation apply unchanged.
func New() *chi.Mux {
	r := chi.NewRouter()
	r.Use(headByGet)
	r.NotFound(notFound)
	r.MethodNotAllowed(methodNotAllowed)
	return r
}

func notFound(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, problem.NotFound("There is nothing at this path."))
}

// methods are those that chi knows without registration.
var methods = [...]string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"}

// methodNotAllowed finds the methods of the path again: chi keeps them from a handler of one's own. To a method that it does not know,
// chi says 405 before it looks at the path.
func methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	allow, known := "", false
	for _, method := range &methods {
		known = known || method == r.Method
		if matches(r, method) || method == http.MethodHead && matches(r, http.MethodGet) {
			allow += ", " + method //nolint:perfsprint // nine at most, for an error
		}
	}
	if allow == "" && !known {
		notFound(w, r)
		return
	}
	p := problem.New(http.StatusMethodNotAllowed, "This path does not answer to that method.")
	p.Header = http.Header{"Allow": {strings.TrimPrefix(allow, ", ")}}
	problem.Write(w, r, p)
}

// headByGet routes HEAD as GET where the path has no HEAD route. Whoever sends the response leaves the body out: net/http does,
// and package alb.
func headByGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead && !matches(r, http.MethodHead) {
			chi.RouteContext(r.Context()).RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// matches reports whether the root router has a route for the path of r with that method.
func matches(r *http.Request, method string) bool {
	path := r.URL.RawPath
	if path == "" {
		path = r.URL.Path
	}
	if path == "" {
		path = "/"
	}
	return chi.RouteContext(r.Context()).Routes.Match(chi.NewRouteContext(), method, path)
}
