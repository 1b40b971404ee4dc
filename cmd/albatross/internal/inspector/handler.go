package inspector

import (
	"net/http"
	"strings"
	"sync"
)

// Options are what a [Handler] may be told. The zero value is usable.
type Options struct {
	Listener string   // base URL of the load balancer, for curl commands; "" for http://localhost:8080
	Hosts    []string // host:port under which the page is reached besides loopback, as through a forwarded port
}

// A Handler serves the inspector. Make one with [New].
type Handler struct {
	http.Handler

	store    *Store
	backend  Backend
	listener string
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

	site := http.NewServeMux()
	site.Handle("/api/", guardAPI(api))
	site.Handle("/", page())
	h.Handler = guardHost(options.Hosts, secureHeaders(site))
	return h
}

// Close ends the streams, so that the server can shut down: see [http.Server.RegisterOnShutdown].
func (h *Handler) Close() { h.close() }
