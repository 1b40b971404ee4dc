package main

import (
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/router/albtest"
)

var modes = []albtest.Mode{albtest.SingleValue, albtest.MultiValue}

func handler(t *testing.T) http.Handler {
	t.Helper()
	s, err := newSite(embedded, "site")
	if err != nil {
		t.Fatal(err)
	}
	return newHandler(s, zap.NewNop())
}

func content(t *testing.T, name string) string {
	t.Helper()
	b, err := fs.ReadFile(embedded, "site/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// ask sends a request through a load balancer. The header's names and values follow each other.
func ask(t *testing.T, mode albtest.Mode, method, target string, header ...string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(method, target, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	res := albtest.Do(t, handler(t), r, mode)
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestFiles(t *testing.T) {
	for _, tt := range []struct{ target, name, contentType string }{
		{"/", "index.html", "text/html; charset=utf-8"},
		{"/app.js", "app.js", "text/javascript; charset=utf-8"},
		{"/style.css", "style.css", "text/css; charset=utf-8"},
		{"/pixel.woff2", "pixel.woff2", "font/woff2"},
		{"/clip.webm", "clip.webm", "video/webm"},
	} {
		for _, mode := range modes {
			t.Run(tt.target+" "+mode.String(), func(t *testing.T) {
				want := content(t, tt.name)
				res, body := ask(t, mode, "GET", tt.target)
				tag := res.Header.Get("ETag")
				if res.StatusCode != 200 || body != want || res.Header.Get("Content-Type") != tt.contentType || len(tag) != 24 || tag[0] != '"' {
					t.Errorf("%d %v, %d bytes", res.StatusCode, res.Header, len(body))
				}
				if res.Header.Get("Accept-Ranges") != "bytes" {
					t.Errorf("Accept-Ranges: %q", res.Header.Get("Accept-Ranges"))
				}
				if head, body := ask(t, mode, "HEAD", tt.target); head.StatusCode != 200 || body != "" || head.Header.Get("ETag") != tag {
					t.Errorf("HEAD: %d %v %q", head.StatusCode, head.Header, body)
				}
				for _, list := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} { // RFC 9110 section 13.1.2
					if res, body := ask(t, mode, "GET", tt.target, "If-None-Match", list); res.StatusCode != 304 || body != "" || strings.TrimPrefix(res.Header.Get("ETag"), "W/") != tag {
						t.Errorf("If-None-Match: %s: %d %v", list, res.StatusCode, res.Header)
					}
				}
				if res, _ := ask(t, mode, "GET", tt.target, "If-None-Match", `"other"`); res.StatusCode != 200 {
					t.Errorf("another tag: %d", res.StatusCode)
				}
			})
		}
	}
}

// RFC 9110 sections 13.1.5, 14.2 and 15.5.17. What may be compressed has the same ranges, whether or not the client takes
// compression.
func TestRanges(t *testing.T) {
	for _, name := range []string{"clip.webm", "app.js"} {
		whole := content(t, name)
		size := strconv.Itoa(len(whole))
		res, _ := ask(t, albtest.MultiValue, "GET", "/"+name)
		tag := res.Header.Get("ETag")
		for _, tt := range []struct {
			name, ranges, ifRange string
			status                int
			contentRange, want    string
		}{
			{"first", "bytes=0-3", "", 206, "bytes 0-3/" + size, whole[:4]},
			{"middle", "bytes=1000-1999", "", 206, "bytes 1000-1999/" + size, whole[1000:2000]},
			{"open", "bytes=1000-", "", 206, "bytes 1000-" + strconv.Itoa(len(whole)-1) + "/" + size, whole[1000:]},
			{"suffix", "bytes=-100", "", 206, "bytes " + strconv.Itoa(len(whole)-100) + "-" + strconv.Itoa(len(whole)-1) + "/" + size, whole[len(whole)-100:]},
			{"same version", "bytes=0-3", tag, 206, "bytes 0-3/" + size, whole[:4]},
			{"other version", "bytes=0-3", `"other"`, 200, "", whole},
			{"version known compressed", "bytes=0-3", "W/" + tag, 200, "", whole},
			{"beyond the end", "bytes=" + size + "-", "", 416, "bytes */" + size, ""},
			{"unknown unit", "lines=0-3", "", 416, "", ""}, // net/http's answer; the RFC lets a server ignore it as well
		} {
			for _, mode := range modes {
				for _, coding := range []string{"identity", "gzip, zstd"} {
					header := []string{"Range", tt.ranges, "Accept-Encoding", coding}
					if tt.ifRange != "" {
						header = append(header, "If-Range", tt.ifRange)
					}
					res, body := ask(t, mode, "GET", "/"+name, header...)
					if res.StatusCode != tt.status || res.Header.Get("Content-Range") != tt.contentRange {
						t.Errorf("%s, %s, %s, %s: %d %v", name, tt.name, mode, coding, res.StatusCode, res.Header)
					}
					if tt.status < 400 && decode(t, res, body) != tt.want {
						t.Errorf("%s, %s, %s, %s: other bytes", name, tt.name, mode, coding)
					}
					if tt.status == 206 && (res.Header.Get("Content-Encoding") != "" || res.Header.Get("ETag") != tag) {
						t.Errorf("%s, %s, %s, %s: %v", name, tt.name, mode, coding, res.Header)
					}
				}
			}
		}
	}
}

func TestCompression(t *testing.T) {
	for _, tt := range []struct{ target, accept, coding string }{
		{"/app.js", "gzip", "gzip"},
		{"/app.js", "zstd", "zstd"},
		{"/app.js", "gzip, deflate, br, zstd", "zstd"},
		{"/app.js", "", ""},
		{"/app.js", "identity", ""},
		{"/clip.webm", "gzip, zstd", ""}, // compressed already
		{"/pixel.woff2", "gzip, zstd", ""},
	} {
		for _, mode := range modes {
			res, body := ask(t, mode, "GET", tt.target, "Accept-Encoding", tt.accept)
			if got := res.Header.Get("Content-Encoding"); got != tt.coding || decode(t, res, body) != content(t, tt.target[1:]) {
				t.Errorf("%s as %q, %s: %q", tt.target, tt.accept, mode, got)
			}
			if tt.coding == "" {
				continue
			}
			// Another representation has another tag (RFC 9110 section 8.8.3), offers no ranges, and is known by its tag again.
			tag := res.Header.Get("ETag")
			if !strings.HasPrefix(tag, "W/") || res.Header.Get("Accept-Ranges") != "" || res.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: %v", mode, res.Header)
			}
			if res, _ := ask(t, mode, "GET", tt.target, "Accept-Encoding", tt.accept, "If-None-Match", tag); res.StatusCode != 304 {
				t.Errorf("%s, If-None-Match: %s: %d", mode, tag, res.StatusCode)
			}
		}
	}
}

func decode(t *testing.T, res *http.Response, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	var err error
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}
