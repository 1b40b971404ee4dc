package balancer_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

// post is a request with a body. A type of "-" means no Content-Type.
func post(contentType, body string, more ...string) string {
	h := ""
	if contentType != "-" {
		h = "Content-Type: " + contentType + "\r\n"
	}
	for _, line := range more {
		h += line + "\r\n"
	}
	return "POST /a HTTP/1.1\r\nHost: h\r\n" + h + "Content-Length: " + itoa(len(body)) + "\r\n\r\n" + body
}

func line(first string, header ...string) string {
	return first + " HTTP/1.1\r\n" + strings.Join(append([]string{"Host: h"}, header...), "\r\n") + "\r\n\r\n"
}

func traceMask(s string) string {
	return regexp.MustCompile(`1-[0-9a-f]{8}-[0-9a-f]{24}`).ReplaceAllString(s, "1-T-R")
}

// TestEventWhole shows both shapes in full.
func TestEventWhole(t *testing.T) {
	const arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/tg/1"
	tests := []struct {
		name  string
		multi bool
		want  string
	}{
		{"R1 single", false, `{"requestContext":{"elb":{"targetGroupArn":"` + arn + `"}},"httpMethod":"GET","path":"/",` +
			`"queryStringParameters":{},"headers":{"host":"h","x-forwarded-for":"203.0.113.9","x-forwarded-proto":"http",` +
			`"x-forwarded-port":"80","x-amzn-trace-id":"Root=1-T-R"},"body":"","isBase64Encoded":false}`},
		{"R1 multi", true, `{"requestContext":{"elb":{"targetGroupArn":"` + arn + `"}},"httpMethod":"GET","path":"/",` +
			`"multiValueQueryStringParameters":{},"multiValueHeaders":{"host":["h"],"x-forwarded-for":["203.0.113.9"],` +
			`"x-forwarded-proto":["http"],"x-forwarded-port":["80"],"x-amzn-trace-id":["Root=1-T-R"]},"body":"","isBase64Encoded":false}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := balancer.New(nil, multi(tt.multi), balancer.WithTargetGroupARN(arn))
			got, err := b.Event(get(t, "/"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, traceMask(string(got))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEventParts compares the parts of the event that a row is about. Parts are JSON; in headers only
// the named ones are compared, and null means absent. An empty multi-value part is the single one in arrays.
func TestEventParts(t *testing.T) {
	tests := []struct {
		name          string
		raw           string
		port          int // 0 is 80
		opts          []balancer.Option
		path          string
		query, queryM string
		head, headM   string
		body          string
		base64        bool
	}{
		{name: "R2", raw: line("GET /a?k=1&k=2"), query: `{"k":"2"}`, queryM: `{"k":["1","2"]}`},
		{name: "R3", raw: line("GET /a?&k=1&&j=2&"), query: `{"k":"1","j":"2"}`},
		// UNK: "?a" reads as "?a=".
		{name: "R4", raw: line("GET /a?k"), query: `{"k":""}`},
		{name: "R5", raw: line("GET /a?k="), query: `{"k":""}`},
		// UNK: the key is "".
		{name: "R6", raw: line("GET /a?=v"), query: `{"":"v"}`},
		{name: "R7", raw: line("GET /a?"), path: "/a", query: `{}`},
		{name: "R8", raw: line("GET /a?q=a+b"), query: `{"q":"a+b"}`},
		{name: "R9", raw: line("GET /a?q=a%20b"), query: `{"q":"a%20b"}`},
		{name: "R10", raw: line("GET /a?q=a%2Bb"), query: `{"q":"a%2Bb"}`},
		{name: "R11", raw: line("GET /a?q=x%26y%3D1"), query: `{"q":"x%26y%3D1"}`},
		{name: "R12", raw: line("GET /a?f%5Ba%5D=1"), query: `{"f%5Ba%5D":"1"}`},
		{name: "R13", raw: line("GET /a?colors[]=blue&colors[]=red"), query: `{"colors[]":"red"}`, queryM: `{"colors[]":["blue","red"]}`},
		{name: "R14", raw: line("GET /a?q=a=b=c"), query: `{"q":"a=b=c"}`},
		{name: "R15", raw: line("GET /a?q=1;r=2"), query: `{"q":"1;r=2"}`},
		{name: "R16", raw: line("GET /a?q=3,4"), query: `{"q":"3,4"}`},
		{name: "R17", raw: line("GET /a?q=%zz"), query: `{"q":"%zz"}`},
		{name: "R18", raw: line("GET /a?q=%"), query: `{"q":"%"}`},
		{name: "R19", raw: line("GET /a?q=%E2%82%AC"), query: `{"q":"%E2%82%AC"}`},
		{name: "R20", raw: line("GET /a?q=%00"), query: `{"q":"%00"}`},
		{name: "R21", raw: line("GET /a?K=1&k=2"), query: `{"K":"1","k":"2"}`},
		{name: "R22", raw: line("GET /a?k=1&j=2&k=3"), query: `{"k":"3","j":"2"}`, queryM: `{"k":["1","3"],"j":["2"]}`},
		{name: "R23", raw: line("GET /a%20b"), path: "/a%20b"},
		{name: "R24", raw: line("GET /a%2Fb"), path: "/a%2Fb"},
		{name: "R25", raw: line("GET //evil.com/x"), path: "//evil.com/x", head: `{"host":"h"}`},
		// UNK: dot segments stay.
		{name: "R26", raw: line("GET /a/../b"), path: "/a/../b"},
		// UNK: dot segments stay.
		{name: "R27", raw: line("GET /a/%2e%2e/b"), path: "/a/%2e%2e/b"},
		// UNK: dot segments stay, above the root too.
		{name: "R28", raw: line("GET /../x"), path: "/../x"},
		{name: "R29", raw: line("GET /%E6%97%A5"), path: "/%E6%97%A5"},
		{name: "R30 lone", raw: line("GET /a%"), path: "/a%"},
		{name: "R30 bad", raw: line("GET /a%zz"), path: "/a%zz"},
		// UNK: the path is "*".
		{name: "R31", raw: line("OPTIONS *"), path: "*"},
		{name: "R32", raw: line("GET http://other/x?y=1"), path: "/x", query: `{"y":"1"}`, head: `{"host":"other"}`},
		{name: "R32 empty path", raw: line("GET http://other?y=1"), path: "/", query: `{"y":"1"}`, head: `{"host":"other"}`},
		{name: "R32 user and port", raw: line("GET http://me@other:80/x"), path: "/x", head: `{"host":"other"}`},
		{name: "R33", raw: "GET / HTTP/1.1\r\nHost: h:8080\r\n\r\n", port: 8080, head: `{"host":"h:8080"}`},
		{name: "R33 port left out", raw: line("GET /"), port: 8080, head: `{"host":"h:8080"}`},
		{name: "R33 other port", raw: "GET / HTTP/1.1\r\nHost: h:9\r\n\r\n", port: 8080, head: `{"host":"h:9"}`},
		{name: "R33 IPv6", raw: "GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n", port: 8080, head: `{"host":"[::1]:8080"}`},
		{name: "R33 preserved", raw: line("GET /"), port: 8080,
			opts: []balancer.Option{balancer.WithPreserveHost(true)}, head: `{"host":"h"}`},
		{name: "R34", raw: "GET / HTTP/1.1\r\nHost: h:80\r\n\r\n", head: `{"host":"h"}`},
		{name: "R34 any port", raw: "GET / HTTP/1.1\r\nHost: h:8080\r\n\r\n", port: 443, head: `{"host":"h"}`},
		{name: "R34 IPv6", raw: "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", head: `{"host":"[::1]"}`},
		{name: "R34 preserved", raw: "GET / HTTP/1.1\r\nHost: h:80\r\n\r\n",
			opts: []balancer.Option{balancer.WithPreserveHost(true)}, head: `{"host":"h:80"}`},
		{name: "R35", raw: line("GET /", "X-A: 1", "X-A: 2"), head: `{"x-a":"2"}`, headM: `{"x-a":["1","2"]}`},
		{name: "R36", raw: line("GET /", "Cookie: a=1", "Cookie: b=2"), head: `{"cookie":"b=2"}`, headM: `{"cookie":["a=1","b=2"]}`},
		{name: "R37", raw: line("GET /", "X-MiXeD: v"), head: `{"x-mixed":"v"}`},
		{name: "R38", raw: line("GET /", "X_Under: v"), head: `{"x_under":"v"}`},
		{name: "R38 dropped", raw: line("GET /", "X_Under: v", "X-Y: w"),
			opts: []balancer.Option{balancer.WithDropInvalidHeaders(true)}, head: `{"x_under":null,"x-y":"w"}`},
		{name: "R39", raw: line("GET /", "X-E:"), head: `{"x-e":""}`},
		{name: "R40", raw: line("GET /", "X-U: São"), head: `{"x-u":"São"}`},
		{name: "R49", raw: line("GET /", "X-Forwarded-Proto: https", "X-Forwarded-Port: 1"),
			head:  `{"x-forwarded-proto":"http","x-forwarded-port":"80"}`,
			headM: `{"x-forwarded-proto":["https","http"],"x-forwarded-port":["1","80"]}`},
		{name: "R52", raw: post("application/json", `{"a":1}`), body: `{"a":1}`},
		{name: "R53", raw: post("application/json; charset=utf-8", `{"a":"<&é\"\n"}`), body: `{"a":"<&é\"\n"}`},
		{name: "R54", raw: post("application/x-www-form-urlencoded", "a=1"), body: "YT0x", base64: true},
		{name: "R55", raw: post("-", "hi"), body: "aGk=", base64: true},
		{name: "R56", raw: post("multipart/form-data; boundary=x", "--x--"), body: "LS14LS0=", base64: true},
		{name: "R57", raw: post("application/json", "\x1f\x8b", "Content-Encoding: gzip"), body: "H4s=", base64: true},
		{name: "R58", raw: post("application/json", "hi", "Content-Encoding: identity"), body: "aGk=", base64: true},
		{name: "R59", raw: post("application/vnd.api+json", "hi"), body: "aGk=", base64: true},
		{name: "R60", raw: post("text/csv", "a,b"), body: "a,b"},
		// UNK: the exact media type decides.
		{name: "R61", raw: post("application/json-patch+json", "hi"), body: "aGk=", base64: true},
		{name: "R62", raw: post("TEXT/PLAIN", "hi"), body: "hi"},
		{name: "R64", raw: post("application/octet-stream", ""), head: `{"content-length":"0"}`},
		{name: "R64 encoding", raw: post("application/json", "", "Content-Encoding: gzip")},
		{name: "R66", raw: line("POST /a", "Content-Type: text/plain", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\n\r\n",
			body: "abc", head: `{"transfer-encoding":null,"content-length":null}`},
		{name: "R68", raw: line("POST /a", "Content-Type: text/plain", "Transfer-Encoding: chunked", "Content-Length: 9") + "3\r\nabc\r\n0\r\n\r\n",
			body: "abc", head: `{"transfer-encoding":null}`},
		{name: "R76", raw: line("GET /old/x?q=%20"), opts: []balancer.Option{
			balancer.WithURLRewrite(regexp.MustCompile("/old/(.*)"), "/new/$1")}, path: "/new/x", query: `{"q":"%20"}`},
		{name: "R76 no match", raw: line("GET /x"), opts: []balancer.Option{
			balancer.WithURLRewrite(regexp.MustCompile("^/old/"), "/new/")}, path: "/x"},
		{name: "content-length", raw: post("text/plain", "hi"), body: "hi", head: `{"content-length":"2","content-type":"text/plain"}`},
		{name: "HTTP/1.0 without host", raw: "GET / HTTP/1.0\r\n\r\n", head: `{"host":null,"x-forwarded-for":"203.0.113.9"}`},
		{name: "slash in query", raw: line("GET /a?u=http://x/?y"), path: "/a", query: `{"u":"http://x/?y"}`},
	}
	for _, tt := range tests {
		for _, multiValue := range []bool{false, true} {
			t.Run(tt.name+map[bool]string{false: " single", true: " multi"}[multiValue], func(t *testing.T) {
				r := request(t, tt.raw)
				if tt.port != 0 {
					r = onPort(r, tt.port)
				}
				got := event(t, r, append([]balancer.Option{multi(multiValue)}, tt.opts...)...)
				query, head, absentQuery, absentHead := "queryStringParameters", "headers", "multiValueQueryStringParameters", "multiValueHeaders"
				wantQuery, wantHead := tt.query, tt.head
				if multiValue {
					query, head, absentQuery, absentHead = absentQuery, absentHead, query, head
					wantQuery, wantHead = either(t, tt.queryM, tt.query), either(t, tt.headM, tt.head)
				}
				for _, key := range []string{absentQuery, absentHead} {
					if _, ok := got[key]; ok {
						t.Errorf("%s is present", key)
					}
				}
				if tt.path != "" && got["path"] != tt.path {
					t.Errorf("path %q, want %q", got["path"], tt.path)
				}
				if wantQuery != "" {
					if diff := cmp.Diff(decode(t, []byte(wantQuery)), got[query]); diff != "" {
						t.Error(diff)
					}
				}
				if wantHead != "" {
					have := got[head].(map[string]any)
					for name, want := range decode(t, []byte(wantHead)) {
						if diff := cmp.Diff(want, have[name]); diff != "" {
							t.Errorf("%s: %s", name, diff)
						}
						if _, ok := have[name]; ok && want == nil {
							t.Errorf("%s is present", name)
						}
					}
				}
				if got["body"] != tt.body || got["isBase64Encoded"] != tt.base64 {
					t.Errorf("body %q, base64 %v; want %q, %v", got["body"], got["isBase64Encoded"], tt.body, tt.base64)
				}
			})
		}
	}
}

// either returns the multi-value part, or the single-value one with its strings in arrays.
func either(t *testing.T, multiValue, single string) string {
	if multiValue != "" || single == "" {
		return multiValue
	}
	parts := decode(t, []byte(single))
	for name, v := range parts {
		if v != nil {
			parts[name] = []any{v}
		}
	}
	s, _ := json.Marshal(parts)
	return string(s)
}

func TestEventMethod(t *testing.T) {
	tests := []struct{ name, method string }{
		// R72 is UNK: the case is kept.
		{"R71", "PROPFIND"}, {"R72", "get"}, {"patch", "PATCH"}, {"custom", "M-SEARCH"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := event(t, request(t, line(tt.method+" /")))["httpMethod"]; got != tt.method {
				t.Errorf("got %v", got)
			}
		})
	}
}

// R75: what an HTTP/2 listener sees. (net/http's own server has joined the cookies before.)
func TestEventHTTP2(t *testing.T) {
	r := request(t, line("GET /", "Cookie: a=1", "Cookie: b=2", "Cookie: c=3"))
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/2.0", 2, 0
	if got := event(t, r)["headers"].(map[string]any)["cookie"]; got != "c=3" {
		t.Errorf("R75 single: %v", got)
	}
	want := []any{"a=1", "b=2", "c=3"}
	if diff := cmp.Diff(want, event(t, r, multi(true))["multiValueHeaders"].(map[string]any)["cookie"]); diff != "" {
		t.Errorf("R75 multi: %s", diff)
	}
}

// Keys keep the order in which they came, and nothing is escaped for HTML.
func TestEventText(t *testing.T) {
	e, err := balancer.New(nil).Event(get(t, "/<&>?z=1&a=2&z=3&m=<"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"path":"/<&>"`, `{"z":"3","a":"2","m":"<"}`} {
		if !bytes.Contains(e, []byte(want)) {
			t.Errorf("%s is not in %s", want, e)
		}
	}
}

// A request of a test need not have been on a network.
func TestEventHandMade(t *testing.T) {
	r, err := http.NewRequest("POST", "https://example.com/a%2Fb?x=%20", io.NopCloser(strings.NewReader("hi")))
	if err != nil {
		t.Fatal(err)
	}
	r.Header["content-type"] = []string{"text/plain"}
	got := event(t, r)
	head := got["headers"].(map[string]any)
	if got["path"] != "/a%2Fb" || got["body"] != "hi" || head["host"] != "example.com" || head["x-forwarded-for"] != "127.0.0.1" {
		t.Errorf("got %v", got)
	}
	got = event(t, &http.Request{URL: &url.URL{Path: "/é x"}})
	if got["path"] != "/%C3%A9%20x" || got["httpMethod"] != "GET" {
		t.Errorf("got %v", got)
	}
}
