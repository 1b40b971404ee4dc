package compress_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/middleware/compress"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/albtest"
)

var httpTime = time.Date(1994, time.December, 1, 16, 0, 0, 0, time.UTC)

func Example() {
	r := router.New()
	r.Use(compress.New())
	r.Get("/birds", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, "["+strings.Repeat(`"wandering albatross",`, 100_000)+`"gull"]`) // 2 MB, of which a load balancer takes one
	})

	srv := albtest.NewServer(r) // router.Start(r) in a function
	defer srv.Close()
	request, _ := http.NewRequest(http.MethodGet, srv.URL+"/birds", http.NoBody)
	request.Header.Set("Accept-Encoding", "gzip") // as browsers do
	res, err := srv.Client().Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status, res.Header.Get("Content-Encoding"), res.ContentLength < 20_000)
	// Output: 200 OK gzip true
}

func ExampleNew() {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "["+strings.Repeat(`"albatross",`, 1000)+"0]")
	}))
	r := httptest.NewRequest(http.MethodGet, "/birds", nil)
	r.Header.Set("Accept-Encoding", "gzip, zstd")
	res := albtest.Do(new(testing.T), h, r, albtest.SingleValue) // your test's own t
	body, _ := io.ReadAll(res.Body)
	fmt.Println(res.Header.Get("Content-Encoding"), res.Header.Get("Vary"), len(body) < 200)
	// Output: zstd Accept-Encoding true
}

func ExampleWithMinSize() {
	h := compress.New(compress.WithMinSize(100))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, strings.Repeat("ha", 60))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Header().Get("Content-Encoding"))
	// Output: gzip
}

func BenchmarkNew(b *testing.B) {
	body := []byte(strings.Repeat(`{"bird":"albatross","span":3.5},`, 1000))
	for _, coding := range []string{"identity", "gzip", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write(body)
			}))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", coding)
			w := httptest.NewRecorder()
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				clear(w.Header())
				w.Body.Reset()
				h.ServeHTTP(w, r)
			}
		})
	}
}
