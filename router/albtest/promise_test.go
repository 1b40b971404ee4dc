package albtest_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// TestPromise states what the project is for: a handler cannot tell Albatross from net/http, and neither can its clients, except
// for what the documentation of package alb lists. Generated requests go to generated handlers through both; the functions
// named "documented…" below are that list and nothing else.
func TestPromise(t *testing.T) {
	checks := "1500" // times two modes
	if testing.Short() {
		checks = "200"
	}
	for name, value := range map[string]string{"rapid.checks": checks, "rapid.nofailfile": "true"} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []albtest.Mode{albtest.MultiValue, albtest.SingleValue} {
		t.Run(mode.String(), func(t *testing.T) {
			var handler atomic.Pointer[recorder]
			serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.Load().ServeHTTP(w, r) })
			plain := httptest.NewServer(serve)
			defer plain.Close()
			local := albtest.NewServer(serve, balancer.WithMultiValueHeaders(mode == albtest.MultiValue))
			defer local.Close()
			client := &http.Client{
				Transport:     &http.Transport{DisableCompression: true},
				CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			}
			defer client.CloseIdleConnections()

			rapid.Check(t, func(t *rapid.T) {
				req, behaviour := drawRequest(t), drawBehaviour(t)
				exchange := func(base string) (seen, got) {
					h := &recorder{t: t, behaviour: behaviour}
					handler.Store(h)
					res, err := client.Do(req.make(t, base))
					if err != nil {
						t.Fatalf("%s: %v", base, err)
					}
					defer res.Body.Close()
					body, err := io.ReadAll(res.Body)
					if err != nil {
						t.Fatalf("%s: %v", base, err)
					}
					return h.seen, got{res.StatusCode, res.Header, body}
				}
				wantSeen, wantGot := exchange(plain.URL)
				haveSeen, haveGot := exchange(local.URL)

				documentedRequest(&wantSeen, mode)
				addedByBalancer(t, &haveSeen)
				if diff := cmp.Diff(wantSeen, haveSeen); diff != "" {
					t.Fatalf("the handler sees (-net/http +albatross):\n%s", diff)
				}
				documentedResponse(&wantGot, &haveGot, req.method, mode)
				if diff := cmp.Diff(wantGot, haveGot, cmp.AllowUnexported(got{})); diff != "" {
					t.Fatalf("the client gets (-net/http +albatross):\n%s", diff)
				}
			})
		})
	}
}

// seen is all that a handler can ask of a request.
type seen struct {
	Method, Path, RawPath, RawQuery, RequestURI, Proto, Host, ClientIP string
	Query, Form                                                        url.Values
	Header                                                             http.Header
	Cookies                                                            []string
	ContentLength                                                      int64
	Body                                                               string
}

// got is all that a client gets.
type got struct {
	status int
	header http.Header
	body   []byte
}

// documentedRequest changes what net/http showed into what package alb says it shows instead.
func documentedRequest(s *seen, mode albtest.Mode) {
	s.ContentLength = int64(len(s.Body)) // also where it came in chunks
	for _, name := range []string{"Connection", "Te", "Keep-Alive", "Proxy-Connection", "Upgrade"} {
		delete(s.Header, name)
	}
	if lines := s.Header["Cookie"]; len(lines) > 1 && mode == albtest.MultiValue {
		s.Header["Cookie"] = []string{strings.Join(lines, "; ")}
	}

	// The query: grouped by key, "a" reads as "a=", empty pairs are gone.
	var keys []string
	values := map[string][]string{}
	for pair := range strings.SplitSeq(s.RawQuery, "&") {
		if pair == "" {
			continue
		}
		key, value, _ := strings.Cut(pair, "=")
		if values[key] == nil {
			keys = append(keys, key)
		}
		if mode == albtest.SingleValue {
			values[key] = nil // the load balancer keeps the last
		}
		values[key] = append(values[key], value)
	}
	var pairs []string
	for _, key := range keys {
		for _, value := range values[key] {
			pairs = append(pairs, key+"="+value)
		}
	}
	s.RequestURI, _, _ = strings.Cut(s.RequestURI, "?")
	if len(pairs) > 0 {
		s.RequestURI += "?" + strings.Join(pairs, "&")
	}
	for i := range pairs { // stray percent signs and semicolons are data
		pairs[i] = strings.NewReplacer("%zz", "%25zz", ";", "%3B").Replace(pairs[i])
	}
	s.RawQuery = strings.Join(pairs, "&")
	s.Query, _ = url.ParseQuery(s.RawQuery)
	body, _ := url.ParseQuery(s.Body)
	s.Form = url.Values{}
	if isForm(s) {
		for k, v := range body {
			s.Form[k] = append(s.Form[k], v...)
		}
	}
	for k, v := range s.Query {
		s.Form[k] = append(s.Form[k], v...)
	}

	if mode == albtest.SingleValue { // the load balancer keeps the last of repeated headers
		for name, lines := range s.Header {
			s.Header[name] = lines[len(lines)-1:]
		}
		s.Cookies = cookies(s.Header)
	}
}

func isForm(s *seen) bool {
	return s.Header.Get("Content-Type") == "application/x-www-form-urlencoded" &&
		(s.Method == http.MethodPost || s.Method == http.MethodPut || s.Method == http.MethodPatch)
}

// addedByBalancer takes away what a load balancer adds to every request, once it is known to be there.
func addedByBalancer(t *rapid.T, s *seen) {
	for _, name := range []string{"X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Amzn-Trace-Id"} {
		if s.Header.Get(name) == "" {
			t.Errorf("the load balancer did not add %s", name)
		}
		delete(s.Header, name)
	}
}

// documentedResponse takes the differences that package alb documents out of both responses.
func documentedResponse(want, have *got, method string, mode albtest.Mode) {
	for _, g := range []*got{want, have} {
		for _, name := range []string{"Date", "Server", "Content-Length", "Connection"} {
			delete(g.header, name)
		}
		if g.status == http.StatusNoContent || g.status == http.StatusResetContent {
			g.body = nil
			delete(g.header, "Content-Type")
		}
		g.header["Set-Cookie"] = lastOfEachName(g.header["Set-Cookie"])
		if g.header["Set-Cookie"] == nil {
			delete(g.header, "Set-Cookie")
		}
		if len(g.body) == 0 {
			g.body = nil
		}
		if g.header["Content-Type"] != nil {
			g.header.Set("Content-Type", boundary.ReplaceAllString(g.header.Get("Content-Type"), ""))
		}
		g.body = boundary.ReplaceAll(g.body, nil)
	}
	if want.header["Content-Type"] == nil && (len(want.body) > 0 || method == http.MethodHead || len(have.body) == 0) {
		delete(have.header, "Content-Type") // the load balancer adds one to every response
	}
	if mode == albtest.SingleValue {
		for name, lines := range want.header {
			if name != "Set-Cookie" {
				want.header[name] = []string{strings.TrimSpace(strings.Join(lines, ", "))} // the wire trims
			}
		}
		slices.Sort(want.header["Set-Cookie"]) // a JSON object has no order
		slices.Sort(have.header["Set-Cookie"])
	}
}

// boundary matches what mime/multipart makes up for each response.
var boundary = regexp.MustCompile(`[0-9a-f]{60}`)

func lastOfEachName(lines []string) []string {
	var kept []string
	for i, line := range lines {
		name, _, _ := strings.Cut(line, "=")
		if !slices.ContainsFunc(lines[i+1:], func(later string) bool { return strings.HasPrefix(later, name+"=") }) {
			kept = append(kept, line)
		}
	}
	return kept
}

// recorder notes what it sees and then behaves as drawn.
type recorder struct {
	t         *rapid.T
	behaviour []action
	seen      seen
}

func (h *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Errorf("read: %v", err)
	}
	if n, err := r.Body.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		h.t.Errorf("read at the end: %d %v", n, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	_ = r.ParseForm() // what it cannot read is missing from the form of both sides alike
	ip, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		h.t.Errorf("RemoteAddr %q: %v", r.RemoteAddr, err)
	}
	h.seen = seen{
		Method: r.Method, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery, RequestURI: r.RequestURI,
		Proto: r.Proto, Host: r.Host, ClientIP: ip, Query: r.URL.Query(), Form: r.Form, Header: r.Header.Clone(),
		Cookies: cookies(r.Header), ContentLength: r.ContentLength, Body: string(body),
	}
	for _, act := range h.behaviour {
		act.do(h.t, w, r)
	}
}

func cookies(h http.Header) []string {
	var list []string
	for _, c := range (&http.Request{Header: h}).Cookies() {
		list = append(list, c.Name+"="+c.Value)
	}
	return list
}

// ---------------------------------------------------------------- requests

type request struct {
	method, target string
	header         http.Header
	body           []byte
	chunked        bool
}

func (q request) make(t *rapid.T, base string) *http.Request {
	var body io.Reader
	if q.body != nil {
		body = bytes.NewReader(q.body)
		if q.chunked {
			body = struct{ io.Reader }{body}
		}
	}
	r, err := http.NewRequest(q.method, base, body)
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(q.target, "?")
	r.URL.RawPath, r.URL.RawQuery = path, query
	if r.URL.Path, err = url.PathUnescape(path); err != nil {
		t.Fatal(err)
	}
	r.Host = "shop.example:8443" // with a port, which a load balancer leaves alone
	for name, lines := range q.header {
		r.Header[name] = slices.Clone(lines)
	}
	return r
}

func drawRequest(t *rapid.T) request {
	segment := rapid.StringMatching(`([a-zA-Z0-9_.~!$&'()*+,;=:@-]|%20|%2F|%2f|%25|%C3%A9|%3F|%00|\[|\||é){0,6}`)
	key := rapid.SampledFrom([]string{"a", "b", "a%20b", "colors[]", "f%5B%5D", "é", "", "A"})
	value := rapid.StringMatching(`([a-z0-9+,./:?@!'()*_~|{}^-]|=|%20|%2B|%26|%3D|%E2%82%AC|%00|%zz|;){0,6}`)
	pair := rapid.Custom(func(t *rapid.T) string {
		switch k := key.Draw(t, "key"); rapid.IntRange(0, 9).Draw(t, "form of the pair") {
		case 0:
			return k
		case 1:
			return ""
		default:
			return k + "=" + value.Draw(t, "value")
		}
	})
	q := request{
		method: rapid.SampledFrom([]string{"GET", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "PROPFIND"}).Draw(t, "method"),
		target: "/" + strings.Join(rapid.SliceOfN(segment, 0, 4).Draw(t, "segments"), "/"),
		header: http.Header{},
	}
	q.target = strings.ReplaceAll(q.target, "é", "%C3%A9") // net/http's client writes no raw UTF-8 in a path
	if pairs := rapid.SliceOfN(pair, 0, 6).Draw(t, "query"); len(pairs) > 0 {
		q.target += "?" + strings.ReplaceAll(strings.Join(pairs, "&"), "é", "%C3%A9")
	}
	headerValue := rapid.StringMatching(`([a-zA-Z0-9"',;=/\\<>&{} ]|é|日){0,12}`).Filter(func(s string) bool { return strings.TrimSpace(s) == s })
	for name, lines := range rapid.MapOfN(
		rapid.SampledFrom([]string{"X-A", "x-b", "X-MiXeD", "Accept", "Accept-Language", "If-None-Match", "Authorization", "Te", "Keep-Alive", "Range", "X_under"}),
		rapid.SliceOfN(headerValue, 1, 3), 0, 5).Draw(t, "header") {
		q.header[name] = lines
	}
	if q.header["Te"] != nil {
		q.header["Te"] = []string{"trailers"}
	}
	if q.header["Range"] != nil {
		q.header["Range"] = []string{rapid.SampledFrom([]string{"bytes=0-4", "bytes=2-3,7-9", "bytes=-3", "bytes=900-", "lines=1"}).Draw(t, "range")}
	}
	if n := rapid.IntRange(0, 3).Draw(t, "cookie lines"); n > 0 {
		for i := range n {
			q.header["Cookie"] = append(q.header["Cookie"], fmt.Sprintf("c%d=%d; d=x%d", i, i, i))
		}
	}
	if rapid.Bool().Draw(t, "has a body") {
		q.body = drawBytes(t, "body")
		q.chunked = rapid.Bool().Draw(t, "chunked")
		types := []string{
			"", "text/plain", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "application/octet-stream",
			"multipart/form-data; boundary=x", "application/vnd.api+json", "image/png",
		}
		contentType := rapid.SampledFrom(types).Draw(t, "content type")
		if contentType != "" {
			q.header["Content-Type"] = []string{contentType}
		}
		switch contentType {
		case "text/plain", "application/json; charset=utf-8": // the load balancer refuses other bytes under these
			q.body = bytes.ToValidUTF8(q.body, []byte("?"))
		case "application/x-www-form-urlencoded":
			q.body = []byte("a=1&b=%C3%A9+x&a=2")
		}
	}
	return q
}

func drawBytes(t *rapid.T, label string) []byte {
	switch rapid.IntRange(0, 4).Draw(t, label+": kind") {
	case 0:
		return []byte{}
	case 1:
		return []byte(rapid.StringMatching(`([a-z<>&"'\\/\n\r\t ]|é|日|😀|\x00|\x{2028}){0,40}`).Draw(t, label))
	case 2:
		return rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, label)
	case 3:
		return []byte(rapid.SampledFrom([]string{"<html><p>x</p>", "\x89PNG\r\n\x1a\n", "GIF89a", "%PDF-1.7", `{"a":1}`, "PK\x03\x04", "\x1f\x8b\x08"}).Draw(t, label))
	default:
		return bytes.Repeat([]byte(rapid.SampledFrom([]string{"x", "é", "\xff", "\""}).Draw(t, label)), rapid.IntRange(1, 5000).Draw(t, label+": length"))
	}
}

// ---------------------------------------------------------------- handlers

// action is one step of a handler.
type action struct {
	name string
	do   func(t *rapid.T, w http.ResponseWriter, r *http.Request)
}

func (a action) String() string { return a.name }

func drawBehaviour(t *rapid.T) []action {
	var actions []action
	kinds := []string{"set", "add", "cookie", "status", "write", "write string", "copy", "flush", "type", "delete"}
	for i := range rapid.IntRange(0, 8).Draw(t, "steps") {
		actions = append(actions, drawAction(t, rapid.SampledFrom(kinds).Draw(t, fmt.Sprintf("step %d", i))))
	}
	last := []string{"none", "none", "none", "none", "serve content", "redirect", "error", "not found", "serve mux"}
	return append(actions, drawAction(t, rapid.SampledFrom(last).Draw(t, "last")))
}

func drawAction(t *rapid.T, kind string) action {
	names := rapid.SampledFrom([]string{"X-A", "X-B", "Vary", "Cache-Control", "Etag", "Link"})
	values := rapid.SampledFrom([]string{"1", "a, b", "", `"v1"`, "é", "line\r\nbreak", " trim\t", "</a>; rel=next"})
	do := func(f func(w http.ResponseWriter, r *http.Request)) action {
		return action{kind, func(_ *rapid.T, w http.ResponseWriter, r *http.Request) { f(w, r) }}
	}
	switch kind {
	case "set":
		name, value := names.Draw(t, "name"), values.Draw(t, "value")
		return do(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(name, value) })
	case "add":
		name, value := names.Draw(t, "name"), values.Draw(t, "value")
		return do(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add(name, value) })
	case "delete":
		name := names.Draw(t, "name")
		return do(func(w http.ResponseWriter, _ *http.Request) { w.Header().Del(name) })
	case "type":
		value := rapid.SampledFrom([]string{"text/css", "application/json", "image/svg+xml"}).Draw(t, "content type")
		return do(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", value) })
	case "cookie":
		c := &http.Cookie{
			Name: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "cookie"), Value: rapid.StringMatching(`[a-z0-9]{0,4}`).Draw(t, "value"),
			Expires: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC),
		}
		return do(func(w http.ResponseWriter, _ *http.Request) { http.SetCookie(w, c) })
	case "status":
		status := rapid.SampledFrom([]int{200, 201, 202, 204, 205, 206, 301, 304, 400, 401, 404, 418, 422, 500, 503, 599, 299}).Draw(t, "status")
		return do(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	case "write", "write string", "copy":
		p := drawBytes(t, "written")
		return action{kind, func(t *rapid.T, w http.ResponseWriter, _ *http.Request) {
			var n int
			var err error
			switch kind {
			case "write":
				n, err = w.Write(p)
			case "write string":
				n, err = w.(io.StringWriter).WriteString(string(p))
			default:
				var n64 int64
				n64, err = io.Copy(w, struct{ io.Reader }{bytes.NewReader(p)})
				n = int(n64)
			}
			if err != nil && err != http.ErrBodyNotAllowed || err == nil && n != len(p) {
				t.Errorf("%s: %d of %d, %v", kind, n, len(p), err)
			}
		}}
	case "flush":
		return action{kind, func(t *rapid.T, w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("flush: %v", err)
			}
		}}
	case "serve content":
		name := rapid.SampledFrom([]string{"a.txt", "a.html", "a.png", "a"}).Draw(t, "file")
		modified := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
		return do(func(w http.ResponseWriter, r *http.Request) {
			http.ServeContent(w, r, name, modified, strings.NewReader("0123456789"))
		})
	case "redirect":
		return do(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "../next?é=1", http.StatusSeeOther) })
	case "error":
		return do(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no <b>", http.StatusTeapot) })
	case "not found":
		return do(http.NotFound)
	case "serve mux":
		mux := http.NewServeMux()
		mux.HandleFunc("GET /{a}/{b}", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%q %q", r.PathValue("a"), r.PathValue("b"))
		})
		mux.HandleFunc("POST /{rest...}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.PathValue("rest")) })
		return do(func(w http.ResponseWriter, r *http.Request) {
			r = r.Clone(r.Context())
			r.URL.RawQuery = "" // the mux puts it into redirects
			mux.ServeHTTP(w, r)
		})
	default:
		return do(func(http.ResponseWriter, *http.Request) {})
	}
}
