package compress_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/middleware/compress"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

var article = strings.Repeat("A load balancer takes 1 MB of a function. ", 100)

func answer(contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		_, _ = io.WriteString(w, body)
	}
}

// with sets fields before the handler runs, each "Name: value".
func with(h http.HandlerFunc, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, field := range fields {
			name, value, _ := strings.Cut(field, ": ")
			w.Header().Set(name, value)
		}
		h(w, r)
	}
}

// decode undoes Content-Encoding.
func decode(t testing.TB, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
	}
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return string(plain)
}

// viaEach asks h through a load balancer in both header modes and through a plain HTTP server.
func viaEach(t *testing.T, h http.Handler, method string, header http.Header, check func(*testing.T, *http.Response, []byte)) {
	t.Helper()
	servers := []struct {
		name  string
		start func() (url string, stop func())
	}{
		{"single-value", func() (string, func()) {
			srv := albtest.NewServer(h)
			return srv.URL, srv.Close
		}},
		{"multi-value", func() (string, func()) {
			srv := albtest.NewServer(h, balancer.WithMultiValueHeaders(true))
			return srv.URL, srv.Close
		}},
		{"net/http", func() (string, func()) {
			srv := httptest.NewServer(h)
			return srv.URL, srv.Close
		}},
	}
	for _, s := range servers {
		t.Run(s.name, func(t *testing.T) {
			url, stop := s.start()
			defer stop()
			r, err := http.NewRequestWithContext(t.Context(), method, url, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name, values := range header {
				r.Header[name] = values
			}
			res, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			check(t, res, body)
		})
	}
}

func TestNegotiation(t *testing.T) {
	tests := []struct{ accept, want string }{
		{"", ""},
		{"gzip", "gzip"},
		{"zstd", "zstd"},
		{"gzip, deflate, br, zstd", "zstd"},
		{"gzip;q=1.0, zstd;q=0.5", "gzip"},
		{"gzip;q=0.5, zstd;q=0.501", "zstd"},
		{"GZIP", "gzip"},
		{"x-gzip", "gzip"},
		{"gzip ; q=0.2", "gzip"},
		{"gzip;q=0", ""},
		{"gzip;q=0.000, zstd;q=0", ""},
		{"*", "gzip"},
		{"*;q=0.1", "gzip"},
		{"*;q=0", ""},
		{"gzip;q=0, *", ""},
		{"zstd;q=0, *", "gzip"},
		{"zstd;q=0.5, *;q=1", "gzip"},
		{"identity", ""},
		{"identity;q=0.5, gzip;q=0.8", "gzip"},
		{"identity, gzip;q=0.8", ""},
		{"br, deflate", ""},
		{"gzip;q=x", ""},
		{"gzip;q=NaN", ""},
		{"gzip;q=2", ""},
		{"gzip;level=9", ""},
		{",, ,gzip,", "gzip"},
		{"gzipped", ""},
	}
	for _, tt := range tests {
		t.Run(tt.accept, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tt.accept != "" {
				r.Header.Set("Accept-Encoding", tt.accept)
			}
			rec := httptest.NewRecorder()
			compress.New()(answer("text/plain", article)).ServeHTTP(rec, r)
			got := rec.Header().Get("Content-Encoding")
			if got != tt.want || decode(t, got, rec.Body.Bytes()) != article {
				t.Errorf("coding %q, want %q", got, tt.want)
			}
			if vary := rec.Header()["Vary"]; len(vary) != 1 || vary[0] != "Accept-Encoding" {
				t.Errorf("Vary %q", vary) // in the uncompressed answer too
			}
		})
	}
}

func TestCompress(t *testing.T) {
	png := "\x89PNG\x0d\x0a\x1a\x0a" + article
	tests := []struct {
		name    string
		method  string
		handler http.HandlerFunc
		coding  string
		body    string
		header  map[string]string // to be found in the response
	}{
		{"text", "GET", answer("text/html; charset=utf-8", article), "gzip", article, map[string]string{"Vary": "Accept-Encoding"}},
		{"JSON of a problem", "GET", answer("application/problem+json", article), "gzip", article, nil},
		{"post", "POST", answer("application/json", article), "gzip", article, nil},
		{"not found", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(404)
			_, _ = io.WriteString(w, article)
		}, "gzip", article, nil},
		{"type found by its content", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, article) }, "gzip", article,
			map[string]string{"Content-Type": "text/plain; charset=utf-8"}},
		{"image found by its content", "GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, png) }, "", png,
			map[string]string{"Content-Type": "image/png"}},
		{"image", "GET", answer("image/jpeg", article), "", article, map[string]string{"Vary": ""}},
		{"archive", "GET", answer("application/zip", article), "", article, nil},
		{"too short", "GET", answer("text/plain", article[:1023]), "", article[:1023], nil},
		{"just long enough", "GET", answer("text/plain", article[:1024]), "gzip", article[:1024], nil},
		{"announced as too short", "GET", with(answer("text/plain", "hello"), "Content-Length: 5"), "", "hello",
			map[string]string{"Content-Length": "5"}},
		{"encoded by the handler", "GET", with(answer("text/plain", article), "Content-Encoding: br"), "br", article, map[string]string{"Vary": ""}},
		{"no-transform", "GET", with(answer("text/plain", article), "Cache-Control: public, No-Transform"), "", article, nil},
		{"part of something", "GET", with(answer("text/plain", article), "Content-Range: bytes */10"), "", article, map[string]string{"Vary": ""}},
		{"digest", "GET", with(answer("text/plain", article), "Content-Digest: sha-256=:x:"), "", article, nil},
		{"strong tag becomes weak", "GET", with(answer("text/plain", article), `ETag: "v1"`), "gzip", article, map[string]string{"Etag": `W/"v1"`}},
		{"weak tag stays", "GET", with(answer("text/plain", article), `ETag: W/"v1"`), "gzip", article, map[string]string{"Etag": `W/"v1"`}},
		{"uncompressed keeps its tag", "GET", with(answer("image/png", article), `ETag: "v1"`), "", article, map[string]string{"Etag": `"v1"`}},
		{"ranges are of what is not sent", "GET", with(answer("text/plain", article), "Accept-Ranges: bytes"), "gzip", article,
			map[string]string{"Accept-Ranges": ""}},
		{"varies already", "GET", with(answer("text/plain", article), "Vary: origin, accept-encoding"), "gzip", article,
			map[string]string{"Vary": "origin, accept-encoding"}},
		{"varies by more", "GET", with(answer("text/plain", article), "Vary: Origin"), "gzip", article,
			map[string]string{"Vary": "Origin, Accept-Encoding"}},
		{"handler's length is corrected", "GET", with(answer("text/plain", article), fmt.Sprint("Content-Length: ", len(article))), "gzip", article, nil},
		{"events", "GET", func(w http.ResponseWriter, r *http.Request) {
			answer("text/event-stream", "data: 1\n\n"+article)(w, r)
			_ = http.NewResponseController(w).Flush()
		}, "", "data: 1\n\n" + article, nil},
		{"no content", "GET", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, "", "", map[string]string{"Vary": ""}},
		{"not modified", "GET", with(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, `ETag: "v1"`), "", "",
			map[string]string{"Etag": `"v1"`, "Vary": "Accept-Encoding"}},
		{"nothing", "GET", func(http.ResponseWriter, *http.Request) {}, "", "", nil},
		{"HEAD", "HEAD", with(answer("text/plain", article), `ETag: "v1"`), "gzip", "", map[string]string{"Etag": `W/"v1"`}},
		{"HEAD without a body", "HEAD", with(func(http.ResponseWriter, *http.Request) {}, "Content-Type: text/plain", "Content-Length: 5000", `ETag: "v1"`), "", "",
			map[string]string{"Etag": `W/"v1"`}},
		{"long", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			for range 1000 {
				_, _ = io.WriteString(w, article)
			}
		}, "gzip", strings.Repeat(article, 1000), nil}, // 4.2 MB, which no load balancer takes uncompressed
		{"long, read from a stream", "GET", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.Copy(w, strings.NewReader(strings.Repeat(article, 50)))
		}, "gzip", strings.Repeat(article, 50), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := compress.New()(tt.handler)
			viaEach(t, h, tt.method, http.Header{"Accept-Encoding": {"gzip"}}, func(t *testing.T, res *http.Response, body []byte) {
				coding := res.Header.Get("Content-Encoding")
				if coding != tt.coding {
					t.Fatalf("coding %q, want %q", coding, tt.coding)
				}
				if tt.method == http.MethodHead {
					if len(body) != 0 || coding == "" && res.ContentLength > 0 {
						t.Errorf("%d bytes, Content-Length %d", len(body), res.ContentLength)
					}
				} else {
					if got := decode(t, coding, body); got != tt.body {
						t.Errorf("body of %d bytes, want %d", len(got), len(tt.body))
					}
					if res.ContentLength >= 0 && res.ContentLength != int64(len(body)) {
						t.Errorf("Content-Length %d of %d bytes", res.ContentLength, len(body))
					}
				}
				for name, want := range tt.header {
					if got := strings.Join(res.Header[name], ", "); got != want {
						t.Errorf("%s: %q, want %q", name, got, want)
					}
				}
			})
		})
	}
}

// A 304 has the tag that the 200 had: the weak one, if the client shows that it got that.
func TestNotModified(t *testing.T) {
	h := compress.New()(with(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(304) }, `ETag: "v1"`))
	header := http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": {`"v0", W/"v1"`}}
	viaEach(t, h, http.MethodGet, header, func(t *testing.T, res *http.Response, _ []byte) {
		if got := res.Header.Get("ETag"); got != `W/"v1"` {
			t.Errorf("ETag %s", got)
		}
	})
}

func TestRangesAreLeftAlone(t *testing.T) {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.txt", httpTime, strings.NewReader(article))
	}))
	header := http.Header{"Accept-Encoding": {"gzip"}, "Range": {"bytes=10-2009"}}
	viaEach(t, h, http.MethodGet, header, func(t *testing.T, res *http.Response, body []byte) {
		if res.StatusCode != 206 || res.Header.Get("Content-Encoding") != "" || string(body) != article[10:2010] {
			t.Errorf("status %d, %d bytes, header %v", res.StatusCode, len(body), res.Header)
		}
	})
}

// noise returns n bytes of text, six and a half bits a character: what compression saves of it, base64 adds again.
func noise(n int) string {
	random := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('#' + random.IntN(90))
		if b[i] == '\\' {
			b[i] = '!'
		}
	}
	return string(b)
}

// Behind a load balancer a body is compressed only if it is smaller as base64 too; elsewhere if it is smaller.
func TestBase64(t *testing.T) {
	tests := []struct{ name, body, balanced, direct string }{
		{"little saved is eaten by base64", noise(3600) + strings.Repeat(" ", 200), "", "gzip"},
		{"much saved is not", noise(1600) + strings.Repeat(" ", 2200), "gzip", "gzip"},
		{"escapes make text longer as JSON", noise(3600) + strings.Repeat("\x01", 200), "gzip", "gzip"},
		{"long, nothing saved", noise(200 << 10), "", "gzip"}, // a server does not wait to see that
		{"what is no text is base64 anyway", noise(3600) + strings.Repeat(" ", 200) + "\xff", "gzip", "gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := compress.New()(answer("text/plain", tt.body))
			viaEach(t, h, http.MethodGet, http.Header{"Accept-Encoding": {"gzip"}}, func(t *testing.T, res *http.Response, body []byte) {
				want := tt.balanced
				if strings.HasSuffix(t.Name(), "net/http") {
					want = tt.direct
				}
				coding := res.Header.Get("Content-Encoding")
				if coding != want || decode(t, coding, body) != tt.body {
					t.Errorf("coding %q, want %q", coding, want)
				}
			})
		})
	}
}

// The function's response, as JSON, is compressed where that makes it shorter, and nowhere else. At the boundary up to four bytes of
// gain are left: the brackets that the header field has in multi-value mode only, "true" for "false", a digit of Content-Length.
func TestShorterAsJSON(t *testing.T) {
	source := noise(4000)
	rapid.Check(t, func(rt *rapid.T) {
		body := source[:rapid.IntRange(1, 4000).Draw(rt, "noise")]
		filler := rapid.SampledFrom([]string{" ", "\n", "\"", "\\", "\x01", "\x7f", "é", "\xff", "<"}).Draw(rt, "filler")
		body += strings.Repeat(filler, rapid.IntRange(0, 800).Draw(rt, "times"))
		coding := rapid.SampledFrom([]string{"gzip", "zstd"}).Draw(rt, "coding")
		mode := rapid.SampledFrom([]albtest.Mode{albtest.SingleValue, albtest.MultiValue}).Draw(rt, "mode")

		invoke := func(h http.Handler, accept string) string {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", accept)
			response, err := alb.NewHandler(h).Invoke(t.Context(), albtest.Event(t, r, mode))
			if err != nil {
				rt.Fatal(err)
			}
			return string(response)
		}
		h := compress.New(compress.WithMinSize(0))(answer("text/plain", body))
		plain := invoke(h, "identity")
		got := invoke(h, coding)

		rec := httptest.NewRecorder() // compressed wherever that makes the body shorter, as without base64
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", coding)
		h.ServeHTTP(rec, r)
		if len(got) > len(plain) {
			rt.Errorf("compressed it is %d bytes of JSON, uncompressed %d", len(got), len(plain))
		}
		if rec.Header().Get("Content-Encoding") != "" {
			encoded := invoke(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Encoding", coding)
				w.Header().Set("Vary", "Accept-Encoding")
				answer("text/plain", rec.Body.String())(w, r)
			}), coding)
			if len(encoded)+4 < len(plain) && got != encoded {
				rt.Errorf("uncompressed it is %d bytes of JSON, compressed %d", len(plain), len(encoded))
			}
		}
	})
}

// On a plain server a stream reaches the client piece by piece; what has grown before the first flush goes on compressed.
func TestFlush(t *testing.T) {
	next := make(chan struct{})
	srv := httptest.NewServer(compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		if r.URL.Path == "/long" {
			_, _ = io.WriteString(w, strings.Repeat(article, 20)) // 84 kB
		}
		_, _ = io.WriteString(w, "first\n")
		w.(http.Flusher).Flush()
		<-next
		_, _ = io.WriteString(w, "second\n")
	})))
	defer srv.Close()
	for path, coding := range map[string]string{"/short": "", "/long": "gzip"} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if got := res.Header.Get("Content-Encoding"); got != coding {
			t.Fatalf("%s: coding %q, want %q", path, got, coding)
		}
		body := io.Reader(res.Body)
		if coding != "" {
			if body, err = gzip.NewReader(body); err != nil {
				t.Fatal(err)
			}
		}
		var got strings.Builder
		for !strings.HasSuffix(got.String(), "first\n") { // arrives while the handler waits
			if _, err := io.CopyN(&got, body, 1); err != nil {
				t.Fatal(err)
			}
		}
		next <- struct{}{}
		rest, err := io.ReadAll(body)
		if err != nil || string(rest) != "second\n" {
			t.Errorf("%s: %q, %v", path, rest, err)
		}
	}
}

// Behind a load balancer nothing is sent before the handler returns, flushed or not.
func TestFlushBehindLoadBalancer(t *testing.T) {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer("text/plain", article[:2000])(w, r)
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, article[2000:])
	}))
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "zstd")
		res := albtest.Do(t, h, r, mode)
		body, _ := io.ReadAll(res.Body)
		coding := res.Header.Get("Content-Encoding")
		if got := decode(t, coding, body); coding != "zstd" || got != article {
			t.Errorf("%s: coding %q, body of %d bytes", mode, coding, len(got))
		}
	}
}

// A stream that a panic cuts short does not look whole.
func TestPanic(t *testing.T) {
	for name, size := range map[string]int{"held back": 1, "streaming": 50} {
		t.Run(name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic is lost")
					}
				}()
				compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Content-Type", "text/plain")
					_, _ = io.WriteString(w, strings.Repeat(article, size))
					panic("broken")
				})).ServeHTTP(rec, r)
			}()
			if size == 1 {
				if rec.Body.Len() != 0 {
					t.Errorf("%d bytes were sent", rec.Body.Len())
				}
				return
			}
			zr, err := gzip.NewReader(rec.Body)
			if err == nil {
				_, err = io.ReadAll(zr)
			}
			if err == nil {
				t.Error("the cut stream reads as if it were whole")
			}
		})
	}
}

func TestLateHeader(t *testing.T) {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Early", "1")
		answer("text/plain", article)(w, r)
		w.Header().Set("X-Late", "1")
		w.Header().Del("X-Early")
		w.WriteHeader(500)
	}))
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "zstd")
	h.ServeHTTP(rec, r)
	if rec.Code != 200 || rec.Header().Get("X-Early") == "" || rec.Header().Get("X-Late") != "" {
		t.Errorf("status %d, header %v", rec.Code, rec.Header())
	}
}

func TestWriteAfterReturn(t *testing.T) {
	var leaked http.ResponseWriter
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	rec := httptest.NewRecorder()
	compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked = w
		answer("text/plain", strings.Repeat(article, 50))(w, r)
	})).ServeHTTP(rec, r)
	if _, err := leaked.Write([]byte("more")); err == nil {
		t.Error("a write after the handler returned succeeds")
	}
}

func TestTrailers(t *testing.T) {
	srv := httptest.NewServer(compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/declared" {
			w.Header().Set("Trailer", "X-Sum")
		}
		answer("text/plain", noise(300<<10))(w, r)
		w.Header().Set("X-Sum", "7")
		w.Header().Set(http.TrailerPrefix+"X-More", "8")
	})))
	defer srv.Close()
	for path, want := range map[string]string{"/declared": "7", "/": ""} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		got := decode(t, res.Header.Get("Content-Encoding"), body)
		if res.Trailer.Get("X-Sum") != want || res.Trailer.Get("X-More") != "8" || len(got) != 300<<10 {
			t.Errorf("%s: trailer %v, %d bytes", path, res.Trailer, len(got))
		}
	}
}

// Whatever is written in whatever pieces, flushed or not, arrives.
func TestBodyArrives(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pieces := rapid.SliceOfN(rapid.IntRange(0, 40<<10), 0, 8).Draw(rt, "pieces")
		flush := rapid.IntRange(-1, 8).Draw(rt, "flush")
		coding := rapid.SampledFrom([]string{"gzip", "zstd", ""}).Draw(rt, "coding")
		source := noise(40 << 10)
		want := ""
		h := compress.New(compress.WithMinSize(0))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			for i, n := range pieces {
				if i == flush {
					_ = http.NewResponseController(w).Flush()
				}
				want += source[:n]
				_, _ = io.WriteString(w, source[:n])
			}
		}))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", coding)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		if got := decode(t, rec.Header().Get("Content-Encoding"), rec.Body.Bytes()); got != want {
			rt.Fatalf("%d bytes arrived, want %d", len(got), len(want))
		}
	})
}

func TestWithMinSizePanics(t *testing.T) {
	defer func() {
		if message, _ := recover().(string); !strings.HasPrefix(message, "compress: ") {
			t.Errorf("panics with %q", message)
		}
	}()
	compress.WithMinSize(-1)
}

// RFC 9110 section 15.3.7: a range has the Vary that the whole would have had.
func TestRangeVaries(t *testing.T) {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "article.txt", time.Unix(1e9, 0), strings.NewReader(article))
	}))
	viaEach(t, h, http.MethodGet, http.Header{"Range": {"bytes=0-9"}}, func(t *testing.T, res *http.Response, _ []byte) {
		if res.StatusCode != http.StatusPartialContent || res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%d, Vary %q", res.StatusCode, res.Header.Get("Vary"))
		}
	})
}

// RFC 6838 section 4.2.8: the suffix is what follows the last plus. A response that declares trailers is left alone.
func TestWhatIsCompressed(t *testing.T) {
	for contentType, want := range map[string]string{"application/vnd.a+b+json": "gzip", "application/json": "gzip", "application/vnd.json": ""} {
		rec := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		compress.New()(answer(contentType, article)).ServeHTTP(rec, r)
		if got := rec.Header().Get("Content-Encoding"); got != want {
			t.Errorf("%s: coding %q, want %q", contentType, got, want)
		}
	}
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	compress.New()(with(answer("text/plain", article), "Trailer: X-Sum")).ServeHTTP(rec, r)
	if got := rec.Header().Get("Content-Encoding"); got != "" {
		t.Errorf("with trailers: coding %q", got)
	}
}
