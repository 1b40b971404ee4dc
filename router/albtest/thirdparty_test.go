package albtest_test

import (
	"bytes"
	"errors"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// TestUnchangedHandlers runs handlers that know nothing of load balancers.
func TestUnchangedHandlers(t *testing.T) {
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Run("FileServerFS", func(t *testing.T) { testFileServer(t, mode) })
			t.Run("ReverseProxy", func(t *testing.T) { testReverseProxy(t, mode) })
			t.Run("multipart upload", func(t *testing.T) { testUpload(t, mode) })
			t.Run("MaxBytesHandler", func(t *testing.T) { testMaxBytes(t, mode) })
			t.Run("TimeoutHandler", func(t *testing.T) { testTimeout(t, mode) })
			t.Run("CrossOriginProtection", func(t *testing.T) { testCrossOrigin(t, mode) })
			t.Run("chi sub-routers", func(t *testing.T) { testSubRouters(t, mode) })
		})
	}
}

// serve starts a server that ends with the test.
func serve(t *testing.T, h http.Handler, mode albtest.Mode) *albtest.Server {
	t.Helper()
	s := albtest.NewServer(h, balancer.WithMultiValueHeaders(mode == albtest.MultiValue), balancer.WithErrorLog(log.New(io.Discard, "", 0)))
	t.Cleanup(s.Close)
	return s
}

// do sends a request and returns the response with its body read.
func do(t *testing.T, s *albtest.Server, method, path string, body io.Reader, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

func testFileServer(t *testing.T, mode albtest.Mode) {
	png := "\x89PNG\r\n\x1a\n\x00\xff"
	modified := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	s := serve(t, http.FileServerFS(fstest.MapFS{
		"index.html":    {Data: []byte("<h1>hello</h1>"), ModTime: modified},
		"logo.png":      {Data: []byte(png), ModTime: modified},
		"dir/a b.txt":   {Data: []byte("0123456789"), ModTime: modified},
		"dir/other.css": {Data: []byte("p{}"), ModTime: modified},
	}), mode)
	tests := []struct {
		name, method, path string
		header             []string
		status             int
		body               string
		contentType        string
	}{
		{"index", "GET", "/", nil, 200, "<h1>hello</h1>", "text/html; charset=utf-8"},
		{"binary", "GET", "/logo.png", nil, 200, png, "image/png"},
		{"escaped name", "GET", "/dir/a%20b.txt", nil, 200, "0123456789", "text/plain; charset=utf-8"},
		{"range", "GET", "/dir/a%20b.txt", []string{"Range", "bytes=2-4"}, 206, "234", "text/plain; charset=utf-8"},
		{"suffix range", "GET", "/dir/a%20b.txt", []string{"Range", "bytes=-2"}, 206, "89", "text/plain; charset=utf-8"},
		{"range not there", "GET", "/dir/a%20b.txt", []string{"Range", "bytes=100-"}, 416, "invalid range: failed to overlap\n", "text/plain; charset=utf-8"},
		{"not modified", "GET", "/logo.png", []string{"If-Modified-Since", modified.Format(http.TimeFormat)}, 304, "", ""},
		{"head", "HEAD", "/logo.png", nil, 200, "", "image/png"},
		{"missing", "GET", "/none", nil, 404, "404 page not found\n", "text/plain; charset=utf-8"},
		{"climbing", "GET", "/../../etc/passwd", nil, 404, "404 page not found\n", "text/plain; charset=utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, body := do(t, s, tt.method, tt.path, nil, tt.header...)
			if res.StatusCode != tt.status || body != tt.body || res.Header.Get("Content-Type") != tt.contentType {
				t.Errorf("%d %q %q", res.StatusCode, body, res.Header.Get("Content-Type"))
			}
		})
	}
	if res, _ := do(t, s, "GET", "/dir", nil); res.StatusCode != 301 || res.Header.Get("Location") != "dir/" {
		t.Errorf("directory: %d %q", res.StatusCode, res.Header.Get("Location"))
	}
}

func testReverseProxy(t *testing.T, mode albtest.Mode) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cut" {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
			return
		}
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Seen", r.Method+" "+r.RequestURI+" "+string(body))
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "\x00\xff")
	}))
	defer upstream.Close()
	target, err := url.Parse(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorLog: log.New(io.Discard, "", 0),
	}, mode)
	res, body := do(t, s, "PUT", "/a%2Fb?x=1&y=%20", strings.NewReader("payload"))
	if res.StatusCode != http.StatusAccepted || body != "\x00\xff" || res.Header.Get("X-Seen") != "PUT /a%2Fb?x=1&y=%20 payload" {
		t.Errorf("%d %q %q", res.StatusCode, body, res.Header.Get("X-Seen"))
	}
	if res, body := do(t, s, "GET", "/cut", nil); res.StatusCode != http.StatusInternalServerError || strings.Contains(body, "half") {
		t.Errorf("a response cut short: %d %q", res.StatusCode, body)
	}
}

func testUpload(t *testing.T, mode albtest.Mode) {
	content := bytes.Repeat([]byte("\x00\xff\r\n--"), 5000)
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		defer file.Close()
		got, err := io.ReadAll(file)
		if err != nil || !bytes.Equal(got, content) || header.Filename != "é.bin" || r.FormValue("title") != "a & b" {
			t.Errorf("%v %d bytes %q %q", err, len(got), header.Filename, r.FormValue("title"))
		}
		w.WriteHeader(http.StatusCreated)
	}), mode)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("title", "a & b"); err != nil {
		t.Fatal(err)
	}
	part, err := form.CreateFormFile("file", "é.bin")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(content)
	form.Close()
	if res, body := do(t, s, "POST", "/", &body, "Content-Type", form.FormDataContentType()); res.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", res.StatusCode, body)
	}
}

func testMaxBytes(t *testing.T, mode albtest.Mode) {
	s := serve(t, http.MaxBytesHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}), 10), mode)
	if res, _ := do(t, s, "POST", "/", strings.NewReader("0123456789")); res.StatusCode != http.StatusOK {
		t.Errorf("10 bytes: %d", res.StatusCode)
	}
	if res, _ := do(t, s, "POST", "/", strings.NewReader("0123456789x")); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("11 bytes: %d", res.StatusCode)
	}
}

func testTimeout(t *testing.T, mode albtest.Mode) {
	s := serve(t, http.TimeoutHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			<-r.Context().Done()
		}
		w.Header().Set("X-A", "1")
		io.WriteString(w, "done")
	}), 50*time.Millisecond, "too slow"), mode)
	if res, body := do(t, s, "GET", "/", nil); res.StatusCode != http.StatusOK || body != "done" || res.Header.Get("X-A") != "1" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
	if res, body := do(t, s, "GET", "/slow", nil); res.StatusCode != http.StatusServiceUnavailable || body != "too slow" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
}

func testCrossOrigin(t *testing.T, mode albtest.Mode) {
	s := serve(t, http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})), mode)
	for _, tt := range []struct {
		name, method string
		header       []string
		status       int
	}{
		{"safe method", "GET", []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"same origin", "POST", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"cross site", "POST", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"same Origin and Host", "POST", []string{"Origin", s.URL}, 200},
		{"other Origin", "POST", []string{"Origin", "https://evil.example"}, 403},
		{"no browser", "POST", nil, 200},
	} {
		if res, _ := do(t, s, tt.method, "/", nil, tt.header...); res.StatusCode != tt.status {
			t.Errorf("%s: %d, want %d", tt.name, res.StatusCode, tt.status)
		}
	}
}

func testSubRouters(t *testing.T, mode albtest.Mode) {
	r := chi.NewRouter()
	r.Route("/v1/{tenant}", func(r chi.Router) {
		r.Get("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, chi.URLParam(r, "tenant")+" "+r.PathValue("id")+" "+chi.RouteContext(r.Context()).RoutePattern())
		})
	})
	files := chi.NewRouter()
	files.Get("/*", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, chi.URLParam(r, "*")) })
	r.Mount("/files", files)
	s := serve(t, r, mode)
	for path, want := range map[string]string{
		"/v1/acme/items/7":      "acme 7 /v1/{tenant}/items/{id}",
		"/v1/acme/items/a%2Fb":  "acme a%2Fb /v1/{tenant}/items/{id}", // chi matches RawPath
		"/files/a/b%20c":        "a/b c",
		"/v1/acme/items/%C3%A9": "acme é /v1/{tenant}/items/{id}",
	} {
		if res, body := do(t, s, "GET", path, nil); res.StatusCode != 200 || body != want {
			t.Errorf("%s: %d %q, want %q", path, res.StatusCode, body, want)
		}
	}
}
