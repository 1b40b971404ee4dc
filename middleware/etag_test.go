package middleware_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/middleware"
)

func text(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, body)
	}
}

// tagOf is the documented tag: 128 bits of SHA-256 of content type and body.
func tagOf(contentType, body string) string {
	sum := sha256.Sum256([]byte(contentType + "\n" + body))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`
}

func TestETag(t *testing.T) {
	tag := tagOf("text/plain", "hello")
	tests := []struct {
		name        string
		method      string
		ifNoneMatch string
		handler     http.HandlerFunc
		status      int
		tag         string
		body        string
	}{
		{"new tag", "GET", "", text("hello"), 200, tag, "hello"},
		{"HEAD", "HEAD", "", text("hello"), 200, tag, ""},
		{"post", "POST", tag, text("hello"), 200, "", "hello"},
		{"match", "GET", tag, text("hello"), 304, tag, ""},
		{"match of HEAD", "HEAD", tag, text("hello"), 304, tag, ""},
		{"no match", "GET", `"other"`, text("hello"), 200, tag, "hello"},
		{"weak comparison", "GET", "W/" + tag, text("hello"), 304, tag, ""},
		{"list", "GET", `"a", W/"b" ,` + tag, text("hello"), 304, tag, ""},
		{"comma inside a tag", "GET", `"a,b",` + tag, text("hello"), 304, tag, ""},
		{"tag inside a tag is none", "GET", `"x` + strings.Trim(tag, `"`) + `"`, text("hello"), 200, tag, "hello"},
		{"any", "GET", "*", text("hello"), 304, tag, ""},
		{"star in a list is no tag", "GET", `"a", *`, text("hello"), 200, tag, "hello"},
		{"no quotes", "GET", strings.Trim(tag, `"`), text("hello"), 200, tag, "hello"},
		{"unfinished", "GET", strings.TrimSuffix(tag, `"`), text("hello"), 200, tag, "hello"},
		{"lower-case w/", "GET", "w/" + tag, text("hello"), 200, tag, "hello"},
		{"empty body", "GET", "*", func(http.ResponseWriter, *http.Request) {}, 200, "", ""},
		{"HEAD without a body", "HEAD", "*", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "5") }, 200, "", ""},
		{
			"handler's own tag", "GET", "",
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `"v7"`)
				text("hello")(w, r)
			}, 200, `"v7"`, "hello",
		},
		{
			"handler's own tag matches", "GET", `W/"v7"`,
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `"v7"`)
				text("hello")(w, r)
			}, 304, `"v7"`, "",
		},
		{
			"handler's own tag is none", "GET", `*`,
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `v7`)
				text("hello")(w, r)
			}, 200, `v7`, "hello",
		},
		{
			"handler wants none", "GET", "*",
			func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Etag"] = nil
				text("hello")(w, r)
			}, 200, "", "hello",
		},
		{
			"no-store", "GET", "*",
			func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Cache-Control", "private, No-Store")
				text("hello")(w, r)
			}, 200, "", "hello",
		},
		{
			"not found", "GET", "*",
			func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(404)
				text("hello")(w, r)
			}, 404, "", "hello",
		},
		{
			"flushed", "GET", "*",
			func(w http.ResponseWriter, r *http.Request) {
				text("hel")(w, r)
				_ = http.NewResponseController(w).Flush()
				text("lo")(w, r)
			}, 200, "", "hello",
		},
		{
			"written in pieces", "GET", "",
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(200)
				_, _ = io.Copy(w, io.MultiReader(strings.NewReader("he"), strings.NewReader("l")))
				_, _ = io.WriteString(w, "lo")
			}, 200, tag, "hello",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			header := http.Header{}
			if tt.ifNoneMatch != "" {
				header.Set("If-None-Match", tt.ifNoneMatch)
			}
			viaEach(t, middleware.ETag(tt.handler), tt.method, "/", header, func(t *testing.T, res *http.Response, body string) {
				if got := res.Header.Get("ETag"); res.StatusCode != tt.status || got != tt.tag || body != tt.body {
					t.Errorf("got %d %s %q, want %d %s %q", res.StatusCode, got, body, tt.status, tt.tag, tt.body)
				}
			})
		})
	}
}

// RFC 9110 section 15.4.5: a 304 has the fields that a 200 would have had and that guide a cache, and not those of the content.
func TestETagNotModifiedHeader(t *testing.T) {
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, field := range []string{
			"Cache-Control: max-age=60", "Content-Location: /a.txt", "Expires: Thu, 01 Dec 2094 16:00:00 GMT", "Vary: Accept",
			"Content-Security-Policy: default-src 'self'", "Set-Cookie: a=b", "Content-Type: text/plain", "Content-Language: de",
			"Content-Length: 5", "Last-Modified: Thu, 01 Dec 1994 16:00:00 GMT",
		} {
			name, value, _ := strings.Cut(field, ": ")
			w.Header().Set(name, value)
		}
		fmt.Fprint(w, "hello")
	}))
	viaEach(t, h, http.MethodGet, "/", http.Header{"If-None-Match": {"*"}}, func(t *testing.T, res *http.Response, body string) {
		if res.StatusCode != 304 || body != "" {
			t.Errorf("status %d, body %q", res.StatusCode, body)
		}
		for _, name := range []string{"Cache-Control", "Content-Location", "Etag", "Expires", "Vary", "Content-Security-Policy", "Set-Cookie"} {
			if res.Header.Get(name) == "" {
				t.Errorf("%s is lost", name)
			}
		}
		for _, name := range []string{"Content-Type", "Content-Language", "Content-Encoding", "Last-Modified"} {
			if got, ok := res.Header[name]; ok {
				t.Errorf("%s: %q", name, got)
			}
		}
		if got := res.Header.Get("Content-Length"); got != "" && got != "0" {
			t.Errorf("Content-Length %s", got)
		}
	})
}

func TestETagServeContent(t *testing.T) {
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		http.ServeContent(w, r, "a.txt", time.Time{}, strings.NewReader("0123456789"))
	}))
	tests := []struct {
		name   string
		header http.Header
		status int
		body   string
	}{
		{"whole", nil, 200, "0123456789"},
		{"not modified", http.Header{"If-None-Match": {`"v1"`}}, 304, ""},
		{"range", http.Header{"Range": {"bytes=2-4"}}, 206, "234"},
		{"range of what the client has", http.Header{"Range": {"bytes=2-4"}, "If-Range": {`"v1"`}}, 206, "234"},
		{"range out of bounds", http.Header{"Range": {"bytes=20-"}}, 416, "invalid range: failed to overlap\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			viaEach(t, h, http.MethodGet, "/", tt.header, func(t *testing.T, res *http.Response, body string) {
				if res.StatusCode != tt.status || body != tt.body {
					t.Errorf("got %d %q, want %d %q", res.StatusCode, body, tt.status, tt.body)
				}
			})
		})
	}
}

func TestETagSize(t *testing.T) {
	const limit = 1 << 20
	tests := []struct {
		name     string
		size     int
		declared bool
		tagged   bool
	}{
		{"at the limit", limit, false, true},
		{"over the limit", limit + 1, false, false},
		{"over the limit, announced", limit + 1, true, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := bytes.Repeat([]byte("x"), tt.size)
			rec := httptest.NewRecorder()
			middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tt.declared {
					w.Header().Set("Content-Length", fmt.Sprint(tt.size))
				}
				w.WriteHeader(200)
				for chunk := range bytes.Lines(body) {
					_, _ = w.Write(chunk)
				}
			})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
			if got := rec.Header().Get("ETag") != ""; got != tt.tagged || !bytes.Equal(rec.Body.Bytes(), body) {
				t.Errorf("tagged: %t, want %t; %d of %d bytes", got, tt.tagged, rec.Body.Len(), tt.size)
			}
		})
	}
}

// No header that a handler or a client can send makes it panic.
func TestETagOddContentLength(t *testing.T) {
	for _, length := range []string{"-5", "x", "99999999999999999999999", ""} {
		rec := httptest.NewRecorder()
		middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", length)
			text("hello")(w, r)
		})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		if rec.Body.String() != "hello" {
			t.Errorf("Content-Length %q: body %q", length, rec.Body)
		}
	}
}

// The header is frozen when the handler begins to write, as it is without the middleware.
func TestETagLateHeader(t *testing.T) {
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Early", "1")
		fmt.Fprint(w, "hello")
		w.Header().Set("X-Late", "1")
		w.Header().Del("X-Early")
	}))
	viaEach(t, h, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, _ string) {
		if res.Header.Get("X-Early") == "" || res.Header.Get("X-Late") != "" || res.Header.Get("ETag") == "" {
			t.Errorf("header %v", res.Header)
		}
	})
}

// Trailers go where the server below sends them.
func TestETagTrailers(t *testing.T) {
	srv := httptest.NewServer(middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/declared" {
			w.Header().Set("Trailer", "X-Sum")
		}
		fmt.Fprint(w, "hello")
		_ = http.NewResponseController(w).Flush()
		w.Header().Set("X-Sum", "7")
		w.Header().Set(http.TrailerPrefix+"X-More", "8")
	})))
	defer srv.Close()
	res, err := srv.Client().Get(srv.URL + "/declared")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	_, _ = io.ReadAll(res.Body)
	if diff := cmp.Diff(http.Header{"X-Sum": {"7"}, "X-More": {"8"}}, res.Trailer); diff != "" {
		t.Error(diff)
	}
}

// A panic is answered in place of what the handler has written.
func TestETagPanic(t *testing.T) {
	rec := httptest.NewRecorder()
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half of")
		panic("broken")
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if panicOf(func() { h.ServeHTTP(rec, r) }) == nil {
		t.Fatal("the panic is lost")
	}
	http.Error(rec, "sorry", 500)
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "half") {
		t.Errorf("got %d %s", rec.Code, rec.Body)
	}
}

func TestETagWriteAfterReturn(t *testing.T) {
	var leaked http.ResponseWriter
	rec := httptest.NewRecorder()
	middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked = w
		text("hello")(w, r)
	})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	if _, err := io.WriteString(leaked, "more"); err == nil || rec.Body.String() != "hello" {
		t.Errorf("error %v, body %q", err, rec.Body)
	}
}

// Equal answers have equal tags, and others others: a cache never takes one for another.
func TestETagTellsAnswersApart(t *testing.T) {
	tag := func(contentType, body string) string {
		rec := httptest.NewRecorder()
		middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = io.WriteString(w, body)
		})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		return rec.Header().Get("ETag")
	}
	rapid.Check(t, func(t *rapid.T) {
		types := rapid.SampledFrom([]string{"text/plain", "text/html", "text/html; charset=utf-8"})
		bodies := rapid.StringMatching(`[ab<]{1,4}`)
		type1, type2, body1, body2 := types.Draw(t, "type1"), types.Draw(t, "type2"), bodies.Draw(t, "body1"), bodies.Draw(t, "body2")
		if same := type1 == type2 && body1 == body2; (tag(type1, body1) == tag(type2, body2)) != same {
			t.Fatalf("%s %q and %s %q: same tag: %t", type1, body1, type2, body2, !same)
		}
	})
}

func FuzzETagIfNoneMatch(f *testing.F) {
	tag := tagOf("text/plain", "hello")
	for _, s := range []string{tag, "*", `W/"a", ` + tag, `"`, `,,"a`, `W/`, `"a""b"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ifNoneMatch string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["If-None-Match"] = []string{ifNoneMatch}
		rec := httptest.NewRecorder()
		middleware.ETag(text("hello")).ServeHTTP(rec, r)
		if rec.Code == 304 && !strings.Contains(ifNoneMatch, tag) && strings.Trim(ifNoneMatch, " \t") != "*" {
			t.Errorf("304 for If-None-Match: %q", ifNoneMatch)
		}
	})
}

func ExampleETag() {
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "hello")
	}))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(rec.Code, rec.Body)

	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("If-None-Match", rec.Header().Get("ETag"))
	rec = httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	fmt.Println(rec.Code, rec.Body.Len())
	// Output:
	// 200 hello
	// 304 0
}

func BenchmarkETag(b *testing.B) {
	body := bytes.Repeat([]byte("0123456789abcdef"), 256)
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("If-None-Match", "*")
	w := httptest.NewRecorder()
	b.ReportAllocs()
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		clear(w.Header())
		h.ServeHTTP(w, r)
	}
}

// RFC 9110 section 13.1.2: HEAD is answered as GET would be, though the handler writes nothing.
func TestETagOfHead(t *testing.T) {
	h := middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v1"`)
		if r.Method == http.MethodGet {
			_, _ = io.WriteString(w, "body")
		}
	}))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		viaEach(t, h, method, "/", http.Header{"If-None-Match": {`"v1"`}}, func(t *testing.T, res *http.Response, _ string) {
			if res.StatusCode != http.StatusNotModified {
				t.Errorf("%s: %d, want 304", method, res.StatusCode)
			}
		})
	}
}

// Nothing is held back of what gets no tag anyhow.
func TestETagHoldsNothingBack(t *testing.T) {
	for name, field := range map[string][2]string{
		"too long":          {"Content-Length", "1048577"},
		"ranges":            {"Accept-Ranges", "bytes"},
		"declared trailers": {"Trailer", "X-Sum"},
		"no-store":          {"Cache-Control", "no-store"},
	} {
		rec := httptest.NewRecorder()
		middleware.ETag(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(field[0], field[1])
			_, _ = io.WriteString(w, "begin")
			if rec.Body.String() != "begin" {
				t.Errorf("%s: the body is held back", name)
			}
		})).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
		if tag := rec.Header().Get("Etag"); tag != "" {
			t.Errorf("%s: the tag is %s", name, tag)
		}
	}
}
