package compress_test

import (
	"net/http"
	"testing"

	"github.com/rs/cors"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/middleware/compress"
)

// In a chain a client gets a compressed answer once, and 304 with the same tag afterwards, by every way.
func TestChain(t *testing.T) {
	var h http.Handler = answer("text/plain", article)
	for _, mw := range []func(http.Handler) http.Handler{ // the innermost first
		middleware.ETag,
		middleware.CacheControl("max-age=60"),
		compress.New(),
		middleware.SecureHeaders,
		middleware.CORS(cors.Options{AllowedOrigins: []string{"https://a.example"}}),
	} {
		h = mw(h)
	}
	first := http.Header{"Accept-Encoding": {"gzip"}, "Origin": {"https://a.example"}}
	tag := ""
	kept := map[string]string{
		"Cache-Control": "max-age=60", "X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "https://a.example",
	}
	viaEach(t, h, http.MethodGet, first, func(t *testing.T, res *http.Response, body []byte) {
		coding := res.Header.Get("Content-Encoding")
		if coding != "gzip" || decode(t, coding, body) != article {
			t.Errorf("coding %q", coding)
		}
		tag = res.Header.Get("ETag")
		for name, want := range kept {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
	again := first.Clone()
	again.Set("If-None-Match", tag)
	viaEach(t, h, http.MethodGet, again, func(t *testing.T, res *http.Response, body []byte) {
		if res.StatusCode != 304 || len(body) != 0 || res.Header.Get("ETag") != tag || tag[:3] != `W/"` {
			t.Errorf("status %d, %d bytes, tag %s, want %s", res.StatusCode, len(body), res.Header.Get("ETag"), tag)
		}
		for name, want := range kept {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	})
}
