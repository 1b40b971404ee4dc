package benchmarks_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
)

const (
	binary = "application/octet-stream"
	csv    = "text/csv"
)

const orders = `{"orders":[{"id":"o-1017","status":"open","total":"59.90"},{"id":"o-1012","status":"open","total":"8.00"}],"page":2}`

// A site is what every implementation serves. Its handlers do next to nothing and allocate two objects at most, since what they
// take is in everybody's figure alike.
type site struct {
	http.Handler
	catalogue []byte // 99 KB of JSON
	export    []byte // 20 KB of gzip
}

func newSite() *site {
	s := &site{catalogue: newCatalogue(99 << 10), export: newExport(20 << 10)}
	r := chi.NewRouter()
	r.Get("/orders", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, orders)
	})
	r.Post("/orders", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(strconv.AppendInt(nil, n, 10))
	})
	r.Post("/echo", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", binary)
		io.Copy(w, r.Body)
	})
	r.Get("/catalogue", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(s.catalogue)
	})
	r.Get("/export.csv", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", csv)
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(s.export)
	})
	r.Get("/health", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "ok")
	})
	s.Handler = r
	return s
}

// newCatalogue is a JSON list of small objects as services answer them, with a quote every six bytes or so.
func newCatalogue(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `,{"id":"6f1c9e52-8d3b-4a70-b1f4-%012d","sku":"KLP-%06d","name":"Larch bowl, %d cm","description":"Turned by hand, oiled twice.",`+
			`"colour":"fjord","price":{"amount":"%d.90","currency":"EUR"},"stock":%d,"updatedAt":"2026-03-%02dT09:12:44Z"}`,
			i, i*37%1_000_000, 10+i%30, i%90, i%50, 1+i%28)
	}
	b.WriteByte(']')
	list := b.Bytes()
	list[0] = '['
	return list
}

// newExport is a table that fills size bytes once it is compressed.
func newExport(size int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for b.Len() < size {
		fmt.Fprintf(w, "%06d,open,%d.%02d\n", random.IntN(1_000_000), random.IntN(500), random.IntN(100))
	}
	w.Close()
	return b.Bytes()
}

// newUpload is size bytes that are not UTF-8.
func newUpload(size int) []byte {
	b := make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}
