package benchmarks_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/httplog/v3"
	"github.com/go-chi/httprate"
	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/handlers"
	"github.com/rs/cors"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// newEcosystem is a chain of the recommended middleware and of what others have made for net/http, as it comes.
func newEcosystem(accessLog io.Writer) http.Handler {
	r := router.New()
	r.Use(middleware.Defaults(zap.NewNop())...)
	logger := slog.New(slog.NewJSONHandler(accessLog, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.Use(
		httplog.RequestLogger(logger, &httplog.Options{Level: slog.LevelDebug, Schema: httplog.SchemaOTEL}),
		handlers.CompressHandler,
		cors.New(cors.Options{AllowedOrigins: []string{"https://app.example"}}).Handler,
		httprate.LimitBy(2, time.Hour, func(r *http.Request) (string, error) { return r.URL.Path, nil }),
		func(next http.Handler) http.Handler {
			return http.TimeoutHandler(next, 200*time.Millisecond, "too late")
		},
		handlers.RecoveryHandler(),
	)
	r.Get("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8") // else a compressed body has none on a plain server
		fmt.Fprintf(w, "order %s\n", chi.URLParam(r, "id"))
	})
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("broken") })
	r.Get("/slow", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return r
}

// Middleware of others runs in one chain with the project's own, behind a load balancer in both header modes and on a plain server.
// Clients get the same.
func TestEcosystem(t *testing.T) {
	requests := []struct {
		name, method, path string
		header             map[string]string
		want               string
	}{
		{"plain", http.MethodGet, "/orders/7", nil, "200 order 7\n"},
		{"compressed", http.MethodGet, "/orders/7", map[string]string{"Accept-Encoding": "gzip"}, "200 \x1f\x8b"},
		{"over the rate", http.MethodGet, "/orders/7", nil, "429 Too Many Requests\n"},
		{"preflight", http.MethodOptions, "/orders/7", map[string]string{"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}, "204 "},
		{"panic", http.MethodGet, "/panic", nil, "500 "},
		{"too slow", http.MethodGet, "/slow", nil, "503 too late"},
		{"no route", http.MethodGet, "/nothing", nil, "404 {"},
		{"wrong method", http.MethodDelete, "/orders/8", nil, "405 {"},
	}
	var logs [3]bytes.Buffer
	plain := httptest.NewServer(newEcosystem(&logs[0]))
	defer plain.Close()
	single := albtest.NewServer(newEcosystem(&logs[1]))
	defer single.Close()
	multi := albtest.NewServer(newEcosystem(&logs[2]), balancer.WithMultiValueHeaders(true))
	defer multi.Close()
	for _, rq := range requests {
		t.Run(rq.name, func(t *testing.T) {
			send := func(base string) string {
				r, err := http.NewRequestWithContext(t.Context(), rq.method, base+rq.path, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range rq.header {
					r.Header.Set(name, value)
				}
				return exchange(t, r)
			}
			want := send(plain.URL)
			if !strings.HasPrefix(want, rq.want) {
				t.Errorf("a plain server answers %.200q, want it to begin with %q", want, rq.want)
			}
			if diff := cmp.Diff(want, send(single.URL)); diff != "" {
				t.Errorf("in single-value mode (-plain server +load balancer):\n%s", diff)
			}
			if diff := cmp.Diff(want, send(multi.URL)); diff != "" {
				t.Errorf("in multi-value mode (-plain server +load balancer):\n%s", diff)
			}
		})
	}
	for i := range logs {
		if lines := strings.Count(logs[i].String(), "\n"); lines != len(requests) {
			t.Errorf("httplog wrote %d lines, want %d:\n%s", lines, len(requests), &logs[i])
		}
	}
}

// exchange returns what the client gets, without what a server adds of its own.
func exchange(t *testing.T, r *http.Request) string {
	t.Helper()
	resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var header bytes.Buffer
	for name, lines := range resp.Header { // single-value mode joins lines
		resp.Header[name] = []string{strings.Join(lines, ", ")}
	}
	err = resp.Header.WriteSubset(&header, map[string]bool{
		"Date": true, "Server": true, "Content-Length": true, "X-Ratelimit-Reset": true, "Retry-After": true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s\n\n%s", resp.StatusCode, body, &header)
}
