package alb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

const textPlain = "text/plain; charset=utf-8"

// header writes the header member of one mode.
func header(multi bool, fields ...string) string {
	var b strings.Builder
	if b.WriteString(`"headers":{`); multi {
		b.Reset()
		b.WriteString(`"multiValueHeaders":{`)
	}
	for i := 0; i < len(fields); i += 2 {
		if i > 0 {
			b.WriteByte(',')
		}
		if multi {
			fmt.Fprintf(&b, `%q:[%q]`, fields[i], fields[i+1])
		} else {
			fmt.Fprintf(&b, `%q:%q`, fields[i], fields[i+1])
		}
	}
	return b.String() + "}"
}

func TestResponse(t *testing.T) {
	png := []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")
	type render = func(multi bool) string
	plain := func(status, contentType, body string) render {
		return func(multi bool) string {
			return `{"statusCode":` + status[:3] + `,"statusDescription":"` + status + `",` + header(multi, "Content-Type", contentType) +
				`,"body":` + body + `,"isBase64Encoded":false}`
		}
	}
	empty := func(status string, fields ...string) render {
		return func(multi bool) string {
			return `{"statusCode":` + status[:3] + `,"statusDescription":"` + status + `",` + header(multi, fields...) + `,"body":"","isBase64Encoded":false}`
		}
	}
	failed := func(multi bool) string {
		return `{"statusCode":500,"statusDescription":"500 Internal Server Error",` +
			header(multi, "Content-Type", "application/problem+json", "X-Content-Type-Options", "nosniff") +
			`,"body":"{\"title\":\"Internal Server Error\",\"status\":500}","isBase64Encoded":false}`
	}

	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    render
		reports string // substring of the error log; "" wants it empty
	}{
		{"W1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", textPlain)
			w.Write([]byte("ok"))
		}, plain("200 OK", textPlain, `"ok"`), ""},
		{"W2", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }, plain("200 OK", textPlain, `"ok"`), ""},
		{"W2 sniffed HTML", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<!DOCTYPE html>") }, plain("200 OK", "text/html; charset=utf-8", `"<!DOCTYPE html>"`), ""},
		{"W2 suppressed by nil", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "ok")
		}, plain("200 OK", "application/octet-stream", `"ok"`), ""},
		// UNK: no body and no type.
		{"W4", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", textPlain)
			w.WriteHeader(http.StatusNoContent)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("write to a 204: %v", err)
			}
		}, empty("204 No Content"), ""},
		// UNK: no body.
		{"W5", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"v1"`)
			w.WriteHeader(http.StatusNotModified)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("write to a 304: %v", err)
			}
		}, empty("304 Not Modified", "Etag", `"v1"`), ""},
		{"205", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusResetContent)
			io.WriteString(w, "x")
		}, empty("205 Reset Content"), "1 bytes of body left out of a response with status 205"},
		{"W6", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/b?c=1", http.StatusFound) }, func(multi bool) string {
			return `{"statusCode":302,"statusDescription":"302 Found",` + header(multi, "Content-Type", "text/html; charset=utf-8", "Location", "/b?c=1") +
				`,"body":"<a href=\"/b?c=1\">Found</a>.\n\n","isBase64Encoded":false}`
		}, ""},
		{"W7", func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
		}, func(multi bool) string {
			if multi {
				return `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Set-Cookie":["a=1","b=2"]},"body":"","isBase64Encoded":false}`
			}
			return `{"statusCode":200,"statusDescription":"200 OK","headers":{"Set-Cookie":"a=1","set-Cookie":"b=2"},"body":"","isBase64Encoded":false}`
		}, "single:multi_value_headers"},
		{"W8", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Set-Cookie", "a=1; Path=/; Domain=.Example.com")
			w.Header().Add("Set-Cookie", "a=9; Path=/other")
			w.Header().Add("Set-Cookie", "a=2; domain=example.com; path=/; Secure")
			w.Header().Add("Set-Cookie", "a=10; Path=/other")
		}, func(multi bool) string {
			if multi {
				return `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Set-Cookie":["a=2; domain=example.com; path=/; Secure","a=10; Path=/other"]},"body":"","isBase64Encoded":false}`
			}
			return `{"statusCode":200,"statusDescription":"200 OK","headers":{"Set-Cookie":"a=2; domain=example.com; path=/; Secure","set-Cookie":"a=10; Path=/other"},"body":"","isBase64Encoded":false}`
		}, "single:multi_value_headers"},
		{"W9", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Vary", "A")
			w.Header().Add("Vary", "B")
		}, func(multi bool) string {
			if multi {
				return `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Vary":["A","B"]},"body":"","isBase64Encoded":false}`
			}
			return `{"statusCode":200,"statusDescription":"200 OK","headers":{"Vary":"A, B"},"body":"","isBase64Encoded":false}`
		}, ""},
		{"W9 no list", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Location", "/a")
			w.Header().Add("Location", "/b")
		}, func(multi bool) string {
			if multi {
				return `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Location":["/a","/b"]},"body":"","isBase64Encoded":false}`
			}
			return `{"statusCode":200,"statusDescription":"200 OK","headers":{"Location":"/a"},"body":"","isBase64Encoded":false}`
		}, "single:2 values of response header Location"},
		{"W10", func(w http.ResponseWriter, _ *http.Request) { w.Write(png) }, func(multi bool) string {
			return `{"statusCode":200,"statusDescription":"200 OK",` + header(multi, "Content-Type", "image/png") +
				`,"body":"` + base64.StdEncoding.EncodeToString(png) + `","isBase64Encoded":true}`
		}, ""},
		{"W11", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "text/css")
			w.Write([]byte("\x1f\x8b\x08"))
		}, func(multi bool) string {
			return `{"statusCode":200,"statusDescription":"200 OK",` + header(multi, "Content-Encoding", "gzip", "Content-Type", "text/css") +
				`,"body":"H4sI","isBase64Encoded":true}`
		}, ""},
		{"W11 without a type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.Write([]byte("abc"))
		}, func(multi bool) string {
			return `{"statusCode":200,"statusDescription":"200 OK",` + header(multi, "Content-Encoding", "br", "Content-Type", "application/octet-stream") +
				`,"body":"YWJj","isBase64Encoded":true}`
		}, ""},
		{"W12", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			io.WriteString(w, `{"a":"<é>&"}`)
		}, plain("200 OK", "application/json", `"{\"a\":\"<é>&\"}"`), ""},
		{"W13", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Write([]byte("a\xff"))
		}, func(multi bool) string {
			return `{"statusCode":200,"statusDescription":"200 OK",` + header(multi, "Content-Type", "text/plain") + `,"body":"Yf8=","isBase64Encoded":true}`
		}, ""},
		{"W15", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "999")
			io.WriteString(w, "ok")
		}, plain("200 OK", textPlain, `"ok"`), ""},
		{"W16", func(w http.ResponseWriter, _ *http.Request) {
			for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade"} {
				w.Header().Set(name, "x")
			}
			io.WriteString(w, "ok")
		}, plain("200 OK", textPlain, `"ok"`), ""},
		{"W17", func(http.ResponseWriter, *http.Request) { panic("boom: secret") }, failed, `"GET /": panic: boom: secret`},
		{"W17 after a write", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Half", "1")
			w.WriteHeader(http.StatusCreated)
			io.WriteString(w, "half")
			panic(errors.New("boom"))
		}, failed, "boom"},
		{"W17 abort", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, failed, `"GET /": panic: net/http: abort Handler`},
		{"W18", func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, errors.New("no route to database")) }, failed, "no route to database"},
		{"a 404 is no matter for the error log", func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, r, problem.NotFound(""))
		}, func(multi bool) string {
			return `{"statusCode":404,"statusDescription":"404 Not Found",` + header(multi, "Content-Type", "application/problem+json", "X-Content-Type-Options", "nosniff") +
				`,"body":"{\"title\":\"Not Found\",\"status\":404}","isBase64Encoded":false}`
		}, ""},
		{"W20", func(http.ResponseWriter, *http.Request) {}, empty("200 OK"), ""},
		{"W20 informational", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusContinue)
			w.WriteHeader(http.StatusAccepted)
		}, empty("202 Accepted"), ""},
		{"W21 42", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(42) }, failed, "status 42"},
		{"W21 700", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(700); io.WriteString(w, "x") }, failed, "status 700"},
		{"W21 101", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(101) }, failed, "status 101"},
		{"W22", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }, empty("418 I'm a teapot"), ""},
		{"W23", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) }, empty("599 Unknown"), ""},
		{"W24", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-A", "1\r\nX: y") }, empty("200 OK", "X-A", "1  X: y"), ""},
		{"W24 other control bytes", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-A", "\x001\x7f\t2 ") }, empty("200 OK", "X-A", "1 \t2"), ""},
		{"W25", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-N", strconv.Itoa(5)) }, empty("200 OK", "X-N", "5"), ""},
		// UNK: the load balancer's own counts.
		{"W28", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Server", "x") }, empty("200 OK"), ""},
		{"W29", func(w http.ResponseWriter, _ *http.Request) { w.Header()["X-Empty"] = []string{} }, empty("200 OK"), ""},
		{"W30", func(w http.ResponseWriter, _ *http.Request) { w.Header()["a b"] = []string{"1"} }, empty("200 OK"), `response header "a b" was dropped`},
		{"trailers have no place", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "ok")
			w.Header().Set(http.TrailerPrefix+"X-T", "1") // after the header is frozen
		}, plain("200 OK", textPlain, `"ok"`), ""},
		{"names that were not canonical", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["content-type"] = []string{"text/css"}
			io.WriteString(w, "ok")
		}, plain("200 OK", "text/css", `"ok"`), ""},
		{"a header that is not UTF-8", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-U", "S\xe3o") }, empty("200 OK", "X-U", "S\uFFFDo"), "X-U had bytes that are not UTF-8"},
		{"header frozen by the first write", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-A", "1")
			io.WriteString(w, "ok")
			w.Header().Set("X-A", "2")
			w.Header().Set("X-Late", "1")
		}, func(multi bool) string {
			return `{"statusCode":200,"statusDescription":"200 OK",` + header(multi, "Content-Type", textPlain, "X-A", "1") + `,"body":"ok","isBase64Encoded":false}`
		}, ""},
		{"the first status counts", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			w.WriteHeader(http.StatusTeapot)
		}, empty("201 Created"), "WriteHeader(418) came after"},
		{"flush freezes too, and sniffs what there is", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "<!DOCTYPE")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			w.(http.Flusher).Flush()
			w.Header().Set("X-Late", "1")
			io.WriteString(w, " html>")
		}, plain("200 OK", textPlain, `"<!DOCTYPE html>"`), ""},
		{"ReadFrom", func(w http.ResponseWriter, _ *http.Request) {
			if n, err := w.(io.ReaderFrom).ReadFrom(io.LimitReader(strings.NewReader("abcdef"), 3)); n != 3 || err != nil {
				t.Error(n, err)
			}
		}, plain("200 OK", textPlain, `"abc"`), ""},
		{"control bytes and quotes", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", textPlain)
			io.WriteString(w, "\x00\x1f\"\\\n\t\u2028\x7f")
		}, plain("200 OK", textPlain, `"\u0000\u001f\"\\\n\t`+"\u2028\x7f\""), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for mode, multi := range map[string]bool{"single": false, "multi": true} {
				t.Run(mode, func(t *testing.T) {
					var log errorLog
					out, _ := invoke(t, alb.NewHandler(tt.handler, log.option()), get("/").json(multi))
					if diff := cmp.Diff(tt.want(multi), string(out)); diff != "" {
						t.Error(diff)
					}
					reports := tt.reports
					if rest, only := strings.CutPrefix(reports, "single:"); only {
						if reports = rest; multi {
							reports = ""
						}
					}
					if got := log.String(); !strings.Contains(got, reports) || reports == "" && got != "" {
						t.Errorf("error log %q, want %q", got, reports)
					}
				})
			}
		})
	}
}

// W14: a HEAD request gets what GET would have got, without the body.
func TestHead(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-A", "1")
		if n, err := io.WriteString(w, "<html>"); n != 6 || err != nil {
			t.Error(n, err)
		}
	}))
	e := get("/")
	e.method = http.MethodHead
	out, _ := invoke(t, h, e.json(false))
	want := `{"statusCode":200,"statusDescription":"200 OK","headers":{"Content-Type":"text/html; charset=utf-8","X-A":"1"},"body":"","isBase64Encoded":false}`
	if diff := cmp.Diff(want, string(out)); diff != "" {
		t.Error(diff)
	}
}

// W19: the handler sees Lambda's deadline and answers before it.
func TestW19Deadline(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		deadline, ok := r.Context().Deadline()
		if !ok {
			t.Error("no deadline")
		}
		ctx, cancel := context.WithDeadline(r.Context(), deadline.Add(-time.Second))
		defer cancel()
		<-ctx.Done()
		problem.Write(w, r, ctx.Err())
	}), alb.WithErrorLog(func(context.Context, error) {}))
	ctx, cancel := context.WithTimeout(t.Context(), 1020*time.Millisecond)
	defer cancel()
	out, err := h.Invoke(ctx, get("/").json(false))
	if err != nil || !strings.HasPrefix(string(out), `{"statusCode":504,`) || ctx.Err() != nil {
		t.Errorf("%s %v, context: %v", out, err, ctx.Err())
	}
}

// W26, W27 and the limits of the response.
func TestResponseSize(t *testing.T) {
	const limit = 1 << 20
	text := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			io.WriteString(w, strings.Repeat("x", n))
		}
	}
	overhead := func() int {
		out, _ := invoke(t, alb.NewHandler(text(1)), get("/").json(false))
		return len(out) - 1
	}()

	tests := []struct {
		name    string
		handler http.Handler
		opts    []alb.Option
		status  string
		detail  string
	}{
		{"exactly the limit", text(limit - overhead), nil, "200", ""},
		{"W26", text(limit - overhead + 1), nil, "500", "The response is too large: 1048577 bytes, where 1048576 can be sent."},
		{"W26 quotes count twice", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, strings.Repeat(`"`, limit/2))
		}), nil, "500", "too large"},
		{"W26 base64 counts", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Write(bytes.Repeat([]byte{0xff}, limit/4*3))
		}), nil, "500", "too large"},
		{"W27", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "text/plain")
			zw := gzip.NewWriter(w)
			io.WriteString(zw, strings.Repeat("x", 8*limit))
			zw.Close()
		}), nil, "200", ""},
		{"own limit", text(1000), []alb.Option{alb.WithMaxResponseBytes(1000)}, "500", "where 1000 can be sent"},
		{"a limit that nothing fits", text(1000), []alb.Option{alb.WithMaxResponseBytes(1)}, "500", "where 1 can be sent"},
		{"HEAD has no body to measure", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Method = http.MethodGet // the response is to the request as it came
			text(2*limit)(w, r)
		}), nil, "200", ""},
		{"headers over 32 KB", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-A", strings.Repeat("a", 32<<10))
		}), nil, "500", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var log errorLog
			e := get("/big/\n")
			if strings.HasPrefix(tt.name, "HEAD") {
				e.method = http.MethodHead
			}
			out, a := invoke(t, alb.NewHandler(tt.handler, append(tt.opts, log.option())...), e.json(false))
			if string(a.StatusCode) != tt.status || !strings.Contains(*a.Body, tt.detail) {
				t.Errorf("%s %.200s", a.StatusCode, *a.Body)
			}
			if tt.opts == nil && len(out) > limit {
				t.Errorf("%d bytes", len(out))
			}
			if tt.status != "500" {
				if len(log.errs) != 0 {
					t.Errorf("error log: %s", &log)
				}
				return
			}
			if s := log.String(); len(log.errs) != 1 || !strings.Contains(s, "bytes") || strings.Count(s, "\n") != 1 {
				t.Errorf("error log: %q", s)
			}
		})
	}
}

// W31: a health check is answered like anything else, in its own mode.
func TestHealthCheck(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !alb.IsHealthCheck(r) {
			t.Error("not recognised")
		}
		w.WriteHeader(http.StatusOK)
	}))
	e := albEvent{method: "GET", path: "/", header: []kv{{"user-agent", []string{"ELB-HealthChecker/2.0"}}}}
	for _, multi := range []bool{false, true} {
		out, _ := invoke(t, h, e.json(multi))
		want := `{"statusCode":200,"statusDescription":"200 OK",` + header(multi) + `,"body":"","isBase64Encoded":false}`
		if string(out) != want {
			t.Errorf("%s", out)
		}
	}
}

func TestSetCookieVariantsOff(t *testing.T) {
	var log errorLog
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
	}), alb.WithSetCookieVariants(false), log.option())
	for range 3 {
		_, a := invoke(t, h, get("/").json(false))
		if diff := cmp.Diff(map[string]string{"Set-Cookie": "b=2"}, a.Headers); diff != "" {
			t.Error(diff)
		}
	}
	if len(log.errs) != 1 {
		t.Errorf("the advice is given once, not %d times", len(log.errs))
	}
}

// Each of many cookies gets a name of its own that is Set-Cookie but for case.
func TestManyCookies(t *testing.T) {
	for _, n := range []int{2, 3, 100, 512, 600} {
		var log errorLog
		h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for i := range n {
				w.Header().Add("Set-Cookie", fmt.Sprintf("c%d=%d", i, i))
			}
		}), log.option())
		_, a := invoke(t, h, get("/").json(false))
		got := map[string]bool{}
		for name, value := range a.Headers {
			if !strings.EqualFold(name, "Set-Cookie") {
				t.Errorf("header %s", name)
			}
			got[value] = true
		}
		if len(got) != min(n, 512) || !got[fmt.Sprintf("c%d=%d", n-1, n-1)] {
			t.Errorf("%d of %d cookies", len(got), n)
		}
		if lost := strings.Contains(log.String(), "cookies were dropped"); lost != (n > 512) {
			t.Errorf("%d cookies: error log %q", n, &log)
		}
	}
}
