package inspector

import (
	"net/http"
	"strings"
	"sync"
)

// Options are what a [Handler] may be told. The zero value is usable.
type Options struct {
	Listener string // base URL of the load balancer, for curl commands; "" for http://localhost:8080
}

// A Handler serves the inspector. Make one with [New].
type Handler struct {
	http.Handler

	store    *Store
	backend  Backend
	listener string
	site     *http.ServeMux
	closed   chan struct{}
	close    func()
}

// New returns a handler that shows what store holds, and sends through backend.
func New(store *Store, backend Backend, options Options) *Handler {
	h := &Handler{store: store, backend: backend, listener: strings.TrimSuffix(options.Listener, "/"), closed: make(chan struct{})}
	if h.listener == "" {
		h.listener = "http://localhost:8080"
	}
	h.close = sync.OnceFunc(func() { close(h.closed) })

	api := http.NewServeMux()
	api.HandleFunc("GET /api/requests", h.list)
	api.HandleFunc("POST /api/requests", h.send)
	api.HandleFunc("DELETE /api/requests", h.clear)
	api.HandleFunc("GET /api/requests/{id}", h.get)
	api.HandleFunc("GET /api/requests/{id}/event", h.event)
	api.HandleFunc("GET /api/requests/{id}/curl", h.curl)
	api.HandleFunc("POST /api/requests/{id}/replay", h.replay)
	api.HandleFunc("POST /api/requests/{id}/compare", h.compare)
	api.HandleFunc("GET /api/functions", h.functions)
	api.HandleFunc("PUT /api/functions/{function}/mode", h.setMode)
	api.HandleFunc("POST /api/functions/{function}/restart", h.restart)
	api.HandleFunc("GET /api/stream", h.stream)

	h.site = http.NewServeMux()
	h.site.Handle("/api/", guardSite(requireJSON(api)))
	h.site.Handle("/", page())
	h.Handler = guardHost(secureHeaders(h.site))
	return h
}

// Handle registers what is served beside the page, behind the same guards: neither other sites' pages nor other names of this
// machine reach it. It is to be called before the first request.
func (h *Handler) Handle(pattern string, handler http.Handler) {
	h.site.Handle(pattern, guardSite(handler))
}

// Close ends the streams, so that the server can shut down: see [http.Server.RegisterOnShutdown].
func (h *Handler) Close() { h.close() }
