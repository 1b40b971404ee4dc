package alb_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/albatross-go/albatross/router/alb"
)

// FuzzEvent: whatever the payload, Invoke returns a response in the shape that load balancers accept, or an error with a remedy;
// and what the handler sees is a request that net/http could have made.
func FuzzEvent(f *testing.F) {
	for _, name := range []string{"alb-lambda-target-request-headers-only.json", "alb-lambda-target-request-multivalue-headers.json"} {
		payload, err := os.ReadFile(fixture(f, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(payload)
	}
	f.Add([]byte(`{` + elb + `,"httpMethod":"POST","path":"//h/%zz?x","headers":{"a":null,"Cookie":"b"},"body":"!!","isBase64Encoded":true}`))
	f.Add([]byte(`{` + elb + `,"httpMethod":"OPTIONS","path":"*","multiValueHeaders":{"cookie":["a","b"],"x-forwarded-for":["unknown"]}}`))
	f.Add([]byte(`{"Records":[{"eventSource":"aws:sqs"}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			checkRequest(t, r)
			w.Header().Set("X-Host", r.Host)
			w.Header().Set("X-Path", r.URL.Path)
			if _, err := io.Copy(w, r.Body); err != nil {
				t.Errorf("body: %v", err)
			}
		}), new(errorLog).option())
		out, err := h.Invoke(t.Context(), payload)
		if err != nil {
			if s := err.Error(); !strings.HasPrefix(s, "alb: ") || !strings.ContainsAny(s, ";:") {
				t.Errorf("error without a remedy: %s", s)
			}
			return
		}
		if !json.Valid(payload) {
			t.Errorf("served a payload that is no JSON: %q", payload)
		}
		checkOutput(t, out)
	})
}

// checkRequest states what holds for every request of net/http's server.
func checkRequest(t *testing.T, r *http.Request) {
	t.Helper()
	if r.URL == nil || r.Header == nil || r.Body == nil || r.Method == "" {
		t.Fatalf("%+v", r)
	}
	if r.URL.Host != "" || r.URL.Scheme != "" || r.URL.User != nil || r.URL.Opaque != "" || r.URL.Fragment != "" {
		t.Errorf("URL with more than path and query: %#v", r.URL)
	}
	if r.URL.Path != "*" && !strings.HasPrefix(r.URL.Path, "/") {
		t.Errorf("Path %q", r.URL.Path)
	}
	if r.URL.RawPath != "" {
		if p, err := url.PathUnescape(r.URL.RawPath); err != nil || p != r.URL.Path {
			t.Errorf("RawPath %q is not an encoding of Path %q", r.URL.RawPath, r.URL.Path)
		}
	}
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		t.Errorf("RawQuery %q: %v", r.URL.RawQuery, err)
	}
	for _, c := range []byte(r.RequestURI + r.URL.RawQuery) {
		if c <= ' ' || c >= 0x7f {
			t.Errorf("RequestURI %q RawQuery %q", r.RequestURI, r.URL.RawQuery)
			break
		}
	}
	for _, name := range []string{"Host", "Connection", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Keep-Alive", "Proxy-Connection"} {
		if r.Header[name] != nil {
			t.Errorf("header %s: %q", name, r.Header[name])
		}
	}
	for name, values := range r.Header {
		if len(values) == 0 {
			t.Errorf("header %q has no values", name)
		}
	}
	if r.RemoteAddr != "" {
		if _, err := netip.ParseAddrPort(r.RemoteAddr); err != nil {
			t.Errorf("RemoteAddr: %v", err)
		}
	}
}

// checkOutput states what holds for every response.
func checkOutput(t *testing.T, out []byte) {
	t.Helper()
	checkShape(t, out, hasMulti(out))
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	if n, err := strconv.Atoi(string(a.StatusCode)); err != nil || n < 200 || n > 599 || !strings.HasPrefix(*a.StatusDescription, string(a.StatusCode)+" ") {
		t.Errorf("status %s %q", a.StatusCode, *a.StatusDescription)
	}
	check := func(name, value string) {
		if strings.ContainsAny(name+value, "\r\n\x00") || name == "" || !utf8.ValidString(value) {
			t.Errorf("header %q: %q", name, value)
		}
	}
	for name, value := range a.Headers {
		check(name, value)
	}
	if a.MultiValueHeaders != nil {
		for name, values := range *a.MultiValueHeaders {
			for _, value := range values {
				check(name, value)
			}
		}
	}
}

// FuzzResponse: whatever a handler answers, the response is one that load balancers accept, and its body is what was written.
func FuzzResponse(f *testing.F) {
	f.Add(200, "Content-Type", "text/html", []byte("<p>é</p>"), true)
	f.Add(204, "Set-Cookie", "a=1\r\nX: y", []byte("\xff"), false)
	f.Add(42, "a b", "\x00", []byte{}, false)
	f.Add(304, "Content-Encoding", "gzip", []byte("\u2028\"\\\x7f"), true)
	f.Fuzz(func(t *testing.T, status int, name, value string, body []byte, multi bool) {
		written := true
		h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()[name] = []string{value, value}
			w.WriteHeader(status)
			_, err := w.Write(body)
			written = err == nil
		}), new(errorLog).option())
		out, a := invoke(t, h, get("/").json(multi))
		checkOutput(t, out)

		got := []byte(*a.Body)
		if *a.IsBase64Encoded {
			got = decodeBase64(t, *a.Body)
		}
		want := string(body)
		switch {
		case status >= 100 && status < 200 && status != 101:
			status = 200
		case status < 200 || status > 599, len(name)+len(value) > 15<<10:
			return // answered as a 500
		}
		if !written || status == 205 {
			want = ""
		}
		if string(a.StatusCode) != strconv.Itoa(status) || string(got) != want {
			t.Errorf("%s %q, want %d %q", a.StatusCode, got, status, want)
		}
	})
}

// FuzzForwardedFor: no text left of the last comma, and no line but the last, has a say in RemoteAddr.
func FuzzForwardedFor(f *testing.F) {
	f.Add("8.8.8.8", "203.0.113.9")
	f.Add("unknown, _hidden", "[2001:db8::1]:54321")
	f.Add("1.1.1.1, ", "2001:db8::1%eth0")
	f.Add("", "::ffff:10.0.0.1")
	f.Fuzz(func(t *testing.T, forged, last string) {
		if strings.Contains(last, ",") {
			return
		}
		addr := func(lines ...string) string {
			return serve(t, get("/").with("x-forwarded-for", lines...).json(true)).RemoteAddr
		}
		want := addr(last)
		for _, lines := range [][]string{{forged + "," + last}, {forged, last}, {forged, forged + ", " + last}} {
			if got := addr(lines...); got != want {
				t.Errorf("%q gives %q, want %q as for %q", lines, got, want, last)
			}
		}
		if want == "" {
			return
		}
		ap, err := netip.ParseAddrPort(want)
		if err != nil || ap.Addr().Is4In6() || ap.Addr().Zone() != "" {
			t.Errorf("RemoteAddr %q: %v", want, err)
		}
	})
}
