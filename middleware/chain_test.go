package middleware_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/cors"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/compress"
	"github.com/albatross-go/albatross/middleware/metrics"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// newChain has every middleware that a plain server can have too, around handlers of several kinds.
func newChain(logs, measured io.Writer) http.Handler {
	core := zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(logs), zap.InfoLevel)
	r := router.New()
	r.Use(
		metrics.New(metrics.WithNamespace("Test"), metrics.WithOutput(measured)),
		middleware.CORS(cors.Options{AllowedOrigins: []string{"https://app.example"}}),
	)
	r.Use(middleware.Defaults(zap.New(core))...)
	r.Use(
		middleware.CSRF(nil),
		middleware.BodyLimit(100),
		middleware.RequireContentType("application/json"),
		compress.New(),
		middleware.ETag,
		middleware.CacheControl("max-age=60"),
		middleware.ContentType("application/json"),
	)
	r.With(middleware.CacheControl("no-transform")).Get("/signed", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("0123456789 ", 2000))
	})
	r.Get("/file", func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "file.txt", time.Unix(1e9, 0), strings.NewReader(strings.Repeat("0123456789 ", 2000)))
	})
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{"orders":[]}`) })
	r.Post("/orders", router.Func(func(w http.ResponseWriter, r *http.Request) error {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return err
		}
		w.WriteHeader(http.StatusCreated)
		_, err = w.Write(body)
		return err
	}))
	r.Get("/long", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("0123456789 ", 2000)) })
	r.Get("/panic", func(http.ResponseWriter, *http.Request) { panic("secret") })
	r.Get("/error", router.Func(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("secret") }))
	r.Delete("/orders", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return middleware.StripPrefix("/api")(r)
}

// All middleware in one chain, behind a load balancer in both header modes and on a plain server: clients get the same.
func TestChain(t *testing.T) {
	requests := []struct {
		name, method, path, body string
		header                   map[string]string
		want                     string
	}{
		{"GET", http.MethodGet, "/api/orders", "", nil, `200 {"orders":[]}`},
		{"HEAD", http.MethodHead, "/api/orders", "", nil, "200 "},
		{"POST", http.MethodPost, "/api/orders", `{"a":1}`, map[string]string{"Content-Type": "application/json"}, `201 {"a":1}`},
		{"another media type", http.MethodPost, "/api/orders", "a=1", map[string]string{"Content-Type": "text/plain"}, "415 {"},
		{"a body over the limit", http.MethodPost, "/api/orders", strings.Repeat("1", 101), map[string]string{"Content-Type": "application/json"}, "413 {"},
		{"from another site", http.MethodDelete, "/api/orders", "", map[string]string{"Sec-Fetch-Site": "cross-site"}, "403 {"},
		{"no content", http.MethodDelete, "/api/orders", "", nil, "204 "},
		{"preflight", http.MethodOptions, "/api/orders", "", map[string]string{"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}, "204 "},
		{"cross-origin", http.MethodGet, "/api/orders", "", map[string]string{"Origin": "https://app.example"}, `200 {"orders":[]}`},
		{"compressed", http.MethodGet, "/api/long", "", map[string]string{"Accept-Encoding": "gzip"}, "200 \x1f\x8b"},
		{"not modified", http.MethodGet, "/api/orders", "", map[string]string{"If-None-Match": "*"}, "304 "},
		{"panic", http.MethodGet, "/api/panic", "", nil, "500 {"},
		{"error", http.MethodGet, "/api/error", "", nil, "500 {"},
		{"panic before another site", http.MethodGet, "/api/panic", "", map[string]string{"Origin": "https://app.example"}, "500 {"},
		{"not to be compressed", http.MethodGet, "/api/signed", "", map[string]string{"Accept-Encoding": "gzip"}, "200 0123"},
		{"a file", http.MethodGet, "/api/file", "", nil, "200 0123"},
		{"a range", http.MethodGet, "/api/file", "", map[string]string{"Range": "bytes=1-3"}, "206 123"},
		{"a range of what has changed", http.MethodGet, "/api/file", "", map[string]string{"Range": "bytes=1-3", "If-Range": `"x"`}, "200 0123"},
		{"a health check by name alone", http.MethodGet, "/api/orders", "", map[string]string{"User-Agent": "ELB-HealthChecker/2.0"}, "200 {"},
		{"no route", http.MethodGet, "/api/nothing", "", nil, "404 {"},
		{"outside the prefix", http.MethodGet, "/orders", "", nil, "404 {"},
		{"wrong method", http.MethodPut, "/api/orders", "", nil, "405 {"},
	}
	var logs, measured [3]bytes.Buffer
	plain := httptest.NewServer(newChain(&logs[0], &measured[0]))
	defer plain.Close()
	deadline := balancer.WithFunctionTimeout(time.Minute) // so that Timeout has something to do
	single := albtest.NewServer(newChain(&logs[1], &measured[1]), deadline)
	defer single.Close()
	multi := albtest.NewServer(newChain(&logs[2], &measured[2]), deadline, balancer.WithMultiValueHeaders(true))
	defer multi.Close()
	for _, rq := range requests {
		t.Run(rq.name, func(t *testing.T) {
			send := func(base string) string {
				r, err := http.NewRequestWithContext(t.Context(), rq.method, base+rq.path, strings.NewReader(rq.body))
				if err != nil {
					t.Fatal(err)
				}
				for name, value := range rq.header {
					r.Header.Set(name, value)
				}
				return exchange(t, r)
			}
			want := send(plain.URL)
			if rq.header["Origin"] != "" && !strings.Contains(want, "Access-Control-Allow-Origin: https://app.example") {
				t.Errorf("a script cannot read %.300q", want)
			}
			if !strings.HasPrefix(want, rq.want) || strings.Contains(want, "secret") {
				t.Errorf("a plain server answers %.300q, want it to begin with %q", want, rq.want)
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
		if lines := strings.Count(logs[i].String(), "\n"); lines != len(requests)-2 { // not those that StripPrefix and CORS answer
			t.Errorf("%d access lines, want %d:\n%s", lines, len(requests)-2, &logs[i])
		}
		if lines := strings.Count(measured[i].String(), "\n"); lines != len(requests)-1 {
			t.Errorf("%d lines of metrics, want %d:\n%s", lines, len(requests)-1, &measured[i])
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
	for name, lines := range resp.Header { // single-value mode joins lines
		resp.Header[name] = []string{strings.Join(lines, ", ")}
	}
	var header bytes.Buffer
	if err := resp.Header.WriteSubset(&header, map[string]bool{"Date": true, "Server": true, "Content-Length": true}); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d %s\n\n%s", resp.StatusCode, body, &header)
}
