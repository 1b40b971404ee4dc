package serve_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/serve"
)

// BenchmarkServe is what a request costs with all that is between a client and a function: listener, load balancer, recording, HTTP on
// loopback; and what the function alone costs through the Runtime API.
func BenchmarkServe(b *testing.B) {
	fn := spec(b, "orders")
	b.Run("runtime-api", func(b *testing.B) {
		f := function.New(fn.Spec, function.Options{})
		b.Cleanup(f.Close)
		if err := f.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		event := []byte(`{"path":"/","httpMethod":"GET","headers":{"host":"localhost"},"body":"","isBase64Encoded":false}`)
		for b.Loop() {
			if _, err := f.Invoke(b.Context(), event); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("serve", func(b *testing.B) {
		r := run(b, serve.Config{Functions: []serve.Function{fn}})
		for b.Loop() {
			res, err := http.Get(r.url)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
	})
}
