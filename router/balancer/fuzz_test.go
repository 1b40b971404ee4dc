package balancer_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/albatross-go/albatross/router/balancer"
)

// Whatever a function returns, the client gets a legal response, and a 502 exactly when Explain says so.
func FuzzResponse(f *testing.F) {
	for _, s := range []string{
		hello, helloMulti, `null`, `{}`, `{"statusCode":"200"}`, `{"statusCode":200,"headers":null}`, `{"statusCode":204,"body":"x"}`,
		`{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]},"isBase64Encoded":true,"body":"/wA="}`,
		`{"statusCode":200,"headers":{"a b":"c","A":"b\r\nc"},"cookies":[],"statuscode":1}`, `{"statusCode":2e2,"\ud800":"\ud800"}`,
	} {
		f.Add([]byte(s), false)
		f.Add([]byte(s), true)
	}
	r := get(f, "/")
	f.Fuzz(func(t *testing.T, response []byte, multiValue bool) {
		w, l := serve(says(string(response)), r, multi(multiValue))
		findings := balancer.Explain(response, multiValue)
		rejected := slices.ContainsFunc(findings, func(x balancer.Finding) bool { return x.Reason != "" })
		if rejected && (findings[0].Reason == "" || w.status != 502 || l.exchange.Reason != findings[0].Reason) {
			t.Errorf("%d %+v, findings %v", w.status, l.exchange, findings)
		}
		if !rejected && l.exchange.Reason != "" {
			t.Errorf("%d %+v, findings %v", w.status, l.exchange, findings)
		}
		if w.status < 200 || w.status > 599 {
			t.Errorf("status %d", w.status)
		}
		for name, values := range w.header {
			if name == "" || strings.ContainsAny(name, " :\r\n\x00") || http.CanonicalHeaderKey(name) != name {
				t.Errorf("name %q", name)
			}
			if strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("value %q", values)
			}
		}
		for _, x := range findings {
			if strings.ContainsAny(x.String(), "\r\n") || x.Problem == "" || x.Remedy == "" {
				t.Errorf("finding %q", x)
			}
		}
		if strings.Count(l.errors.String(), "\n") != len(findings) {
			t.Errorf("%d findings, error log %q", len(findings), l.errors.String())
		}
	})
}

// Whatever a client claims, the rightmost entry of the last element is its true address.
func FuzzForwardedFor(f *testing.F) {
	for _, s := range []string{"8.8.8.8", "8.8.8.8, 1.1.1.1", ",,", " ", "unknown", "[2001:db8::1]:80", "\"", "1\n2", repeat("1", 31)} {
		f.Add(s, "", false, false)
		f.Add(s, "7.7.7.7", true, true)
	}
	f.Fuzz(func(t *testing.T, first, second string, v6, port bool) {
		client := netip.MustParseAddrPort("203.0.113.9:54321")
		if v6 {
			client = netip.MustParseAddrPort("[2001:db8::9]:54321")
		}
		r := get(t, "/")
		r.RemoteAddr = client.String()
		r.Header["X-Forwarded-For"] = []string{first, second}
		for _, multiValue := range []bool{false, true} {
			e, err := balancer.New(nil, multi(multiValue), balancer.WithClientPort(port)).Event(r)
			if err != nil {
				continue
			}
			var parts struct {
				Headers           map[string]string
				MultiValueHeaders map[string][]string
			}
			if err := json.Unmarshal(e, &parts); err != nil {
				t.Fatal(err)
			}
			last := parts.Headers["x-forwarded-for"]
			if multiValue {
				list := parts.MultiValueHeaders["x-forwarded-for"]
				last = list[len(list)-1]
			}
			entry := strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
			addr, err := netip.ParseAddr(strings.Trim(entry, "[]"))
			if port {
				var ap netip.AddrPort
				ap, err = netip.ParseAddrPort(entry)
				addr = ap.Addr()
			}
			if err != nil || addr != client.Addr() {
				t.Errorf("%q: rightmost entry %q, client %v", last, entry, client)
			}
		}
	})
}

// The load balancer's trace ID can always be read: one Root, at most one Self, nothing unprintable.
func FuzzTraceID(f *testing.F) {
	for _, s := range []string{"", "Root=1-a-b", "Self=1;Root=2;Self=3", "Root=1;Root=2", ";;=;Root", "Root = 1 ; X=\t", " Root=;Self", "a=b=c"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, id string, long bool) {
		r := get(t, "/")
		r.Header["X-Amzn-Trace-Id"] = []string{id}
		if long {
			r.Header.Set("X-Long", strings.Repeat("x", 8<<10))
		}
		e, err := balancer.New(nil).Event(r)
		if err != nil {
			return
		}
		var parts struct{ Headers map[string]string }
		if err := json.Unmarshal(e, &parts); err != nil {
			t.Fatal(err)
		}
		got := parts.Headers["x-amzn-trace-id"]
		count := make(map[string]int)
		for field := range strings.SplitSeq(got, ";") {
			key, value, _ := strings.Cut(field, "=")
			count[key]++
			if (key == "Root" || key == "Self") && value == "" {
				t.Errorf("empty %s in %q", key, got)
			}
		}
		if count["Root"] != 1 || count["Self"] > 1 || long && len(count) > 1 {
			t.Errorf("%q became %q", id, got)
		}
		if strings.ContainsFunc(got, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			t.Errorf("%q has control characters", got)
		}
	})
}

// Any request becomes an event that is valid, in one family, and loses nothing in multi-value mode.
func FuzzEvent(f *testing.F) {
	f.Add("GET", "/a?b=c&b=d&&e", "X-A", "v", []byte(""), false)
	f.Add("POST", "http://h/%zz?=%", "Content-Type", "text/plain", []byte("h\x00\"\\é"), true)
	f.Add("OPTIONS", "*", "Host", "x", []byte("\xff"), true)
	f.Add("PUT", "//x?y;z", "Content-Encoding", "gzip", []byte("\xff"), false)
	f.Fuzz(func(t *testing.T, method, target, name, value string, body []byte, multiValue bool) {
		r := &http.Request{Method: method, RequestURI: target, URL: &url.URL{Path: "/"}, Host: "h",
			Header: http.Header{name: {value, value}}, Body: nopCloser{bytes.NewReader(body)}, ContentLength: int64(len(body))}
		e, err := balancer.New(nil, multi(multiValue)).Event(r)
		if err != nil {
			return
		}
		if !json.Valid(e) || !utf8.Valid(e) {
			t.Fatalf("invalid event %q", e)
		}
		var parts struct {
			HTTPMethod, Path, Body                             string
			IsBase64Encoded                                    bool
			QueryStringParameters, Headers                     *map[string]string
			MultiValueQueryStringParameters, MultiValueHeaders *map[string][]string
		}
		if err := json.Unmarshal(e, &parts); err != nil {
			t.Fatal(err)
		}
		if single := parts.Headers != nil; single == multiValue || single != (parts.QueryStringParameters != nil) ||
			multiValue != (parts.MultiValueHeaders != nil) || multiValue != (parts.MultiValueQueryStringParameters != nil) {
			t.Errorf("families of %s", e)
		}
		got := []byte(parts.Body)
		if parts.IsBase64Encoded {
			if got, err = base64.StdEncoding.DecodeString(parts.Body); err != nil {
				t.Error(err)
			}
		}
		if !bytes.Equal(got, body) {
			t.Errorf("body %q, want %q", got, body)
		}
		if !multiValue || !strings.HasPrefix(target, "/") {
			return
		}
		path, query, _ := strings.Cut(target, "?")
		if parts.Path != path {
			t.Errorf("path %q, want %q", parts.Path, path)
		}
		var sent, received []string
		for pair := range strings.SplitSeq(query, "&") {
			if pair != "" && !strings.Contains(pair, "=") {
				pair += "="
			}
			if pair != "" {
				sent = append(sent, pair)
			}
		}
		for key, values := range *parts.MultiValueQueryStringParameters {
			for _, v := range values {
				received = append(received, key+"="+v)
			}
		}
		slices.Sort(sent)
		slices.Sort(received)
		if !slices.Equal(sent, received) {
			t.Errorf("pairs %q, want %q", received, sent)
		}
	})
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }
