package alb_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/alb"
)

// seen is what a handler saw.
type seen struct {
	*http.Request
	body string
}

// serve runs one event and returns what the handler saw.
func serve(t *testing.T, event []byte) seen {
	t.Helper()
	var s seen
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s = seen{r, string(body)}
	}))
	_, a := invoke(t, h, event)
	if s.Request == nil {
		t.Fatalf("the handler did not run: %s %s", a.StatusCode, *a.Body)
	}
	return s
}

// TestRequest takes the events of the request vectors to the handler. Rows without an event, which the load balancer refuses
// itself, are package balancer's.
func TestRequest(t *testing.T) {
	post := func(contentType, body string, base64 bool) albEvent {
		e := get("/a").with("content-type", contentType)
		e.method, e.body, e.base64 = http.MethodPost, body, base64
		return e
	}
	query := func(fields ...kv) albEvent { return get("/a", fields...) }
	hasQuery := func(want url.Values) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if diff := cmp.Diff(want, s.URL.Query()); diff != "" {
				t.Error(diff)
			}
		}
	}
	hasPath := func(path, rawPath string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.URL.Path != path || s.URL.RawPath != rawPath {
				t.Errorf("Path %q RawPath %q, want %q %q", s.URL.Path, s.URL.RawPath, path, rawPath)
			}
			if s.Host != "h" || s.URL.Host != "" {
				t.Errorf("Host %q URL.Host %q", s.Host, s.URL.Host)
			}
		}
	}
	hasHeader := func(name string, want ...string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if diff := cmp.Diff(want, s.Header.Values(name)); diff != "" {
				t.Error(diff)
			}
		}
	}
	hasAddr := func(want string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.RemoteAddr != want {
				t.Errorf("RemoteAddr %q, want %q", s.RemoteAddr, want)
			}
		}
	}
	hasBody := func(want string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.body != want || s.ContentLength != int64(len(want)) {
				t.Errorf("body %q ContentLength %d, want %q", s.body, s.ContentLength, want)
			}
		}
	}
	hasRawQuery := func(want string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.URL.RawQuery != want {
				t.Errorf("RawQuery %q, want %q", s.URL.RawQuery, want)
			}
		}
	}
	hasMethod := func(want string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.Method != want {
				t.Errorf("Method %q, want %q", s.Method, want)
			}
		}
	}
	hasHost := func(want string) func(*testing.T, seen) {
		return func(t *testing.T, s seen) {
			if s.Host != want || len(s.Header.Values("Host")) != 0 {
				t.Errorf("Host %q Header %q, want %q and none", s.Host, s.Header.Values("Host"), want)
			}
		}
	}
	withMethod := func(e albEvent, method string) albEvent { e.method = method; return e }

	type check = func(*testing.T, seen)
	tests := []struct {
		name   string
		event  albEvent
		single check
		multi  check // nil: as in single-value mode
	}{
		{"R1", get("/"), func(t *testing.T, s seen) {
			want := http.Header{
				"Accept": {"*/*"}, "X-Amzn-Trace-Id": {"Root=1-5db31bde-f102927a851f3aaa17ebd23a"},
				"X-Forwarded-For": {"203.0.113.9"}, "X-Forwarded-Port": {"80"}, "X-Forwarded-Proto": {"http"},
			}
			if diff := cmp.Diff(want, s.Header); diff != "" {
				t.Error(diff)
			}
			if s.Method != "GET" || s.RequestURI != "/" || s.Proto != "HTTP/1.1" || s.ProtoMajor != 1 || s.ProtoMinor != 1 ||
				s.Host != "h" || s.RemoteAddr != "203.0.113.9:0" || s.ContentLength != 0 || s.Body != http.NoBody || s.TLS != nil {
				t.Errorf("%+v", s.Request)
			}
		}, nil},
		{"R2", query(kv{"k", []string{"1", "2"}}), hasQuery(url.Values{"k": {"2"}}), hasQuery(url.Values{"k": {"1", "2"}})},
		{"R3", query(kv{"k", []string{"1"}}, kv{"j", []string{"2"}}), hasQuery(url.Values{"k": {"1"}, "j": {"2"}}), nil},
		// UNK: "?a" reads as "?a=".
		{"R4", query(kv{"k", []string{""}}), hasQuery(url.Values{"k": {""}}), nil},
		{"R5", query(kv{"k", []string{""}}), hasRawQuery("k="), nil},
		// UNK: the key is "".
		{"R6", query(kv{"", []string{"v"}}), hasQuery(url.Values{"": {"v"}}), nil},
		{"R7", query(), hasRawQuery(""), nil},
		{"R8", query(kv{"q", []string{"a+b"}}), hasQuery(url.Values{"q": {"a b"}}), nil},
		{"R9", query(kv{"q", []string{"a%20b"}}), hasQuery(url.Values{"q": {"a b"}}), nil},
		{"R9 bytes kept", query(kv{"q", []string{"a%20b"}}), hasRawQuery("q=a%20b"), nil},
		{"R10", query(kv{"q", []string{"a%2Bb"}}), hasQuery(url.Values{"q": {"a+b"}}), nil},
		{"R11", query(kv{"q", []string{"x%26y%3D1"}}), hasQuery(url.Values{"q": {"x&y=1"}}), nil},
		{"R12", query(kv{"f%5Ba%5D", []string{"1"}}), hasQuery(url.Values{"f[a]": {"1"}}), nil},
		{"R13", query(kv{"colors[]", []string{"blue", "red"}}), hasRawQuery("colors[]=red"), hasRawQuery("colors[]=blue&colors[]=red")},
		{"R14", query(kv{"q", []string{"a=b=c"}}), hasQuery(url.Values{"q": {"a=b=c"}}), nil},
		{"R15", query(kv{"q", []string{"1;r=2"}}), hasQuery(url.Values{"q": {"1;r=2"}}), nil},
		{"R16", query(kv{"q", []string{"3,4"}}), hasQuery(url.Values{"q": {"3,4"}}), nil},
		{"R17", query(kv{"q", []string{"%zz"}}), hasQuery(url.Values{"q": {"%zz"}}), nil},
		{"R18", query(kv{"q", []string{"%"}}), hasQuery(url.Values{"q": {"%"}}), nil},
		{"R18 mixed", query(kv{"q", []string{"100%&%2"}}), hasQuery(url.Values{"q": {"100%&%2"}}), nil},
		{"R19", query(kv{"q", []string{"%E2%82%AC"}}), hasQuery(url.Values{"q": {"€"}}), nil},
		{"R20", query(kv{"q", []string{"%00"}}), hasQuery(url.Values{"q": {"\x00"}}), nil},
		{"R21", query(kv{"K", []string{"1"}}, kv{"k", []string{"2"}}), hasQuery(url.Values{"K": {"1"}, "k": {"2"}}), nil},
		{"R22", query(kv{"k", []string{"1", "3"}}, kv{"j", []string{"2"}}), hasRawQuery("k=3&j=2"), hasRawQuery("k=1&k=3&j=2")},
		{"the event's order", query(kv{"z", []string{"1"}}, kv{"a", []string{"2"}}, kv{"m", []string{"3"}}), hasRawQuery("z=1&a=2&m=3"), nil},
		{"the request target is as received", get("/a%zz;x", kv{"q", []string{"1;r=100%"}}), func(t *testing.T, s seen) {
			if s.RequestURI != "/a%zz;x?q=1;r=100%" || s.URL.RawQuery != "q=1%3Br=100%25" {
				t.Errorf("RequestURI %q RawQuery %q", s.RequestURI, s.URL.RawQuery)
			}
		}, nil},
		{"the request target is one line", get("/a b\n", kv{"q", []string{"é\r\n "}}), func(t *testing.T, s seen) {
			if s.RequestURI != "/a%20b%0A?q=%C3%A9%0D%0A%20" || s.URL.Path != "/a b\n" {
				t.Errorf("RequestURI %q Path %q", s.RequestURI, s.URL.Path)
			}
		}, nil},
		{"illegal in a query", query(kv{"a b&=#", []string{"\"<>\x01\x7f€&"}}), hasQuery(url.Values{"a b&=#": {"\"<>\x01\x7f€&"}}), nil},
		{"R23", get("/a%20b"), hasPath("/a b", ""), nil},
		{"R24", get("/a%2Fb"), hasPath("/a/b", "/a%2Fb"), nil},
		{"R25", get("//evil.com/x"), hasPath("//evil.com/x", ""), nil},
		// UNK: dot segments stay.
		{"R26", get("/a/../b"), hasPath("/a/../b", ""), nil},
		// UNK: dot segments stay.
		{"R27", get("/a/%2e%2e/b"), hasPath("/a/../b", "/a/%2e%2e/b"), nil},
		// UNK: dot segments stay, above the root too.
		{"R28", get("/../x"), hasPath("/../x", ""), nil},
		{"R29", get("/%E6%97%A5"), hasPath("/日", ""), nil},
		{"R30", get("/a%"), hasPath("/a%", ""), nil}, // safe choice: literal
		{"R30 zz", get("/a%zz"), hasPath("/a%zz", ""), nil},
		{"R30 beside a good escape", get("/a%zz%2Fb"), hasPath("/a%zz/b", "/a%25zz%2Fb"), nil},
		// UNK: the path is "*".
		{"R31", withMethod(get("*"), http.MethodOptions), func(t *testing.T, s seen) {
			if s.URL.Path != "*" || s.RequestURI != "*" {
				t.Errorf("Path %q RequestURI %q", s.URL.Path, s.RequestURI)
			}
		}, nil},
		// UNK: the path is "*".
		{"R31 empty", withMethod(get(""), http.MethodOptions), hasPath("/", ""), nil},
		{"R32", get("/x", kv{"y", []string{"1"}}).with("host", "other"), hasHost("other"), nil},
		{"R33", get("/").with("host", "h:8080"), hasHost("h:8080"), nil},
		{"R34", get("/").with("host", "h"), hasHost("h"), nil},
		{"several Host lines", get("/").with("host", "h", "i"), hasHost("i"), hasHost("h")},
		{"R35", get("/").with("x-a", "1", "2"), hasHeader("X-A", "2"), hasHeader("X-A", "1", "2")},
		{"R36", get("/").with("cookie", "a=1", "b=2"), hasHeader("Cookie", "b=2"), hasHeader("Cookie", "a=1; b=2")},
		{"R37", get("/").with("x-mixed", "v"), hasHeader("X-MiXeD", "v"), nil},
		{"R38", get("/").with("x_under", "v"), hasHeader("X_under", "v"), nil},
		{"R39", get("/").with("x-e", ""), hasHeader("X-E", ""), nil},
		{"R40", get("/").with("x-u", "São"), hasHeader("X-U", "São"), nil},
		{"R42", get("/").with("x-forwarded-for", "8.8.8.8", "8.8.8.8, 203.0.113.9"), hasAddr("203.0.113.9:0"), nil},
		{"R44", get("/").with("x-forwarded-for", "203.0.113.9:54321"), hasAddr("203.0.113.9:54321"), nil},
		{"R45", get("/").with("x-forwarded-for", "[2001:db8::1]:54321"), hasAddr("[2001:db8::1]:54321"), nil},
		{"R46", get("/").with("x-forwarded-for", "2001:db8::1"), hasAddr("[2001:db8::1]:0"), nil},
		{"brackets without port", get("/").with("x-forwarded-for", "8.8.8.8, [2001:db8::1]"), hasAddr("[2001:db8::1]:0"), nil},
		{"v4-mapped", get("/").with("x-forwarded-for", "::ffff:203.0.113.9"), hasAddr("203.0.113.9:0"), nil},
		{"R47", get("/").with("x-forwarded-for"), hasAddr(""), nil},
		{"R48", get("/").with("x-forwarded-for", "8.8.8.8, 9.9.9.9"), hasHeader("X-Forwarded-For", "8.8.8.8, 9.9.9.9"), nil},
		{"R49", get("/").with("x-forwarded-proto", "https", "http"), hasHeader("X-Forwarded-Proto", "http"), nil},
		{
			"R50", get("/").with("x-amzn-trace-id", "Root=1-a-b;X=1", "Self=1-c-d;Root=1-a-b;X=1"),
			hasHeader("X-Amzn-Trace-Id", "Self=1-c-d;Root=1-a-b;X=1"), nil,
		},
		// UNK: a fresh Root in front, the rest kept.
		{"R51", get("/").with("x-amzn-trace-id", "Root=1-a-b;X=1"), hasHeader("X-Amzn-Trace-Id", "Root=1-a-b;X=1"), nil},
		{"R52", post("application/json", `{"a":1}`, false), hasBody(`{"a":1}`), nil},
		{"R53", post("application/json; charset=utf-8", `{"a":"é"}`, false), hasBody(`{"a":"é"}`), nil},
		{"R54", post("application/x-www-form-urlencoded", "YT0x", true), func(t *testing.T, s seen) {
			hasBody("a=1")(t, s)
			s.Body = io.NopCloser(strings.NewReader(s.body))
			if got := s.FormValue("a"); got != "1" {
				t.Errorf("FormValue %q", got)
			}
		}, nil},
		{"R55", albEvent{method: "POST", path: "/a", body: "aGk=", base64: true}, func(t *testing.T, s seen) {
			hasBody("hi")(t, s)
		}, nil},
		{"R56", post("multipart/form-data; boundary=x", "LS14LS0=", true), hasBody("--x--"), nil},
		{"R57", post("application/json", "H4sI", true).with("content-encoding", "gzip"), hasBody("\x1f\x8b\x08"), nil},
		{"R58", post("application/json", "e30=", true).with("content-encoding", "identity"), hasBody("{}"), nil},
		{"R59", post("application/vnd.api+json", "e30=", true), hasBody("{}"), nil},
		{"R60", post("text/csv", "a,b\r\n", false), hasBody("a,b\r\n"), nil},
		// UNK: the exact media type decides.
		{"R61", post("application/json-patch+json", "W10=", true), hasBody("[]"), nil},
		// UNK: the exact media type decides.
		{"R61 the other reading", post("application/json-patch+json", "[]", false), hasBody("[]"), nil},
		{"R62", post("TEXT/PLAIN", "x", false), hasBody("x"), nil},
		{"R64", post("application/octet-stream", "", false), hasBody(""), nil},
		{"R64 flagged", post("application/octet-stream", "", true), hasBody(""), nil},
		{"R66", post("text/plain", "abc", false).with("transfer-encoding", "chunked"), func(t *testing.T, s seen) {
			hasBody("abc")(t, s)
			if s.Header.Get("Transfer-Encoding") != "" || s.TransferEncoding != nil {
				t.Errorf("Transfer-Encoding %q %q", s.Header, s.TransferEncoding)
			}
		}, nil},
		{"R68", post("text/plain", "abc", false).with("content-length", "999"), hasBody("abc"), nil},
		{"R71", withMethod(get("/"), "PROPFIND"), hasMethod("PROPFIND"), nil},
		// UNK: the case is kept.
		{"R72", withMethod(get("/"), "get"), hasMethod("get"), nil},
		{"R75", get("/").with("cookie", "a=1", "b=2", "c=3"), hasHeader("Cookie", "c=3"), hasHeader("Cookie", "a=1; b=2; c=3")},
		{"R76", get("/new/1"), hasPath("/new/1", ""), nil},
		{"R79", albEvent{method: "GET", path: "/health", header: []kv{{"user-agent", []string{"ELB-HealthChecker/2.0"}}}}, func(t *testing.T, s seen) {
			if !alb.IsHealthCheck(s.Request) || s.Host != "" || s.RemoteAddr != "" {
				t.Errorf("IsHealthCheck %v Host %q RemoteAddr %q", alb.IsHealthCheck(s.Request), s.Host, s.RemoteAddr)
			}
		}, nil},
		{"R79 query in the path", albEvent{method: "GET", path: "/health?deep=1", header: []kv{{"user-agent", []string{"ELB-HealthChecker/2.0"}}}}, func(t *testing.T, s seen) {
			if s.URL.Path != "/health" || s.URL.RawQuery != "deep=1" || s.RequestURI != "/health?deep=1" {
				t.Errorf("Path %q RawQuery %q RequestURI %q", s.URL.Path, s.URL.RawQuery, s.RequestURI)
			}
		}, nil},
		{
			"R80", get("/").with("x-amzn-mtls-clientcert-leaf", "forged", "-----BEGIN%20CERTIFICATE-----%0AMII+/="),
			hasHeader("X-Amzn-Mtls-Clientcert-Leaf", "-----BEGIN%20CERTIFICATE-----%0AMII+/="), nil,
		},
		{"hop by hop", get("/").with("connection", "keep-alive").with("keep-alive", "1").with("te", "trailers").with("upgrade", "h2c").
			with("trailer", "x").with("proxy-connection", "x"), func(t *testing.T, s seen) {
			for _, name := range []string{"Connection", "Keep-Alive", "TE", "Upgrade", "Trailer", "Proxy-Connection"} {
				if v := s.Header.Values(name); v != nil {
					t.Errorf("%s: %q", name, v)
				}
			}
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Run("single", func(t *testing.T) { tt.single(t, serve(t, tt.event.json(false))) })
			multi := tt.multi
			if multi == nil {
				multi = tt.single
			}
			t.Run("multi", func(t *testing.T) { multi(t, serve(t, tt.event.json(true))) })
		})
	}
}

// TestURLAsNetHTTP compares with the server of net/http, which sees the same request target.
func TestURLAsNetHTTP(t *testing.T) {
	targets := []string{
		"/", "/a", "/a/", "/a%20b", "/a%2Fb", "/a%2fb", "/%E6%97%A5", "/%e6%97%a5", "//host/x", "///", "/a//b", "/a/../b", "/a:b", "/a;b=1", "/a,b", "/a+b",
		"/a@b", "/!$&'()*+,;=:@", "/a%21", "/a%3Fb", "/a%25b", "/%", "/[x]", "/a|b", "/a\"b", "/~user", "/a%00b",
		"/a?b=1", "/a?b=%20&c=+", "/a?b={x}|^`\\", "/a?b=a=b", "/a?b=/?:@", "/a?b[]=1&b[]=2", "/a?z=1&a=2&m=", "/a?b=%E2%82%AC",
	}
	for _, target := range targets {
		t.Run(target, func(t *testing.T) {
			want, err := url.ParseRequestURI(target)
			if target == "/%" {
				if err == nil {
					t.Fatal("net/http takes a bad escape by now: drop this case")
				}
				t.SkipNow() // net/http refuses it, R30
			}
			if err != nil {
				t.Fatal(err)
			}
			path, query, _ := cutQuery(target)
			got := serve(t, get(path, query...).json(true))
			if diff := cmp.Diff(want, got.URL); diff != "" {
				t.Error(diff)
			}
			if got.RequestURI != target {
				t.Errorf("RequestURI %q", got.RequestURI)
			}
		})
	}
}

// TestCapturedEvents serves the two captures that ship with aws-lambda-go.
func TestCapturedEvents(t *testing.T) {
	for _, tt := range []struct {
		name, file                         string
		multi                              bool
		targetGroup, host, client, traceID string
	}{
		{
			"single-value", "alb-lambda-target-request-headers-only.json", false,
			"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/lambda-target/abcdefg",
			"lambda-test-alb-1334523864.us-east-1.elb.amazonaws.com", "25.12.198.67:0", "Root=1-5c34e93e-4dea0086f9763ac0667b115a",
		},
		{
			"multi-value", "alb-lambda-target-request-multivalue-headers.json", true,
			"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/lambda-target/abcdefgh",
			"lambda-test-alb-1234567.us-east-1.elb.amazonaws.com", "72.21.198.67:0", "Root=1-5c34e7d4-00ca239424b68028d4c56d68",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			payload, err := os.ReadFile(fixture(t, tt.file))
			if err != nil {
				t.Fatal(err)
			}
			var ev alb.Event
			var s seen
			h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ev, _ = alb.FromContext(r.Context())
				s.Request = r
				io.WriteString(w, "ok")
			}))
			out, err := h.Invoke(t.Context(), payload)
			if err != nil {
				t.Fatal(err)
			}
			checkShape(t, out, tt.multi)
			if ev.MultiValueHeaders != tt.multi || ev.TargetGroupARN != tt.targetGroup {
				t.Errorf("%+v", ev)
			}
			if s.Method != "GET" || s.URL.Path != "/" || s.RequestURI != "/?key=hello" || s.Host != tt.host || s.RemoteAddr != tt.client {
				t.Errorf("%+v", s.Request)
			}
			want := http.Header{
				"Accept": {"*/*"}, "User-Agent": {"curl/7.54.0"}, "X-Amzn-Trace-Id": {tt.traceID}, "X-Forwarded-For": {strings.TrimSuffix(tt.client, ":0")},
				"X-Forwarded-Port": {"80"}, "X-Forwarded-Proto": {"http"}, "X-Imforwards": {"20"}, "X-Myheader": {"123"},
			}
			if diff := cmp.Diff(want, s.Header); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(url.Values{"key": {"hello"}}, s.URL.Query()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIsHealthCheck(t *testing.T) {
	const ua = "ELB-HealthChecker/2.0"
	for _, tt := range []struct {
		name, agent, host, forwarded string
		want                         bool
	}{
		{"a health check", ua, "", "", true},
		{"a client that borrows the user agent", ua, "h", "203.0.113.9", false},
		{"where X-Forwarded-For is removed", ua, "h", "", false},
		{"HTTP/1.0 without Host", ua, "", "203.0.113.9", false},
		{"another user agent", "curl/8", "", "", false},
		{"suffix", "x ELB-HealthChecker/2.0", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Host = tt.host
			r.Header.Set("User-Agent", tt.agent)
			if tt.forwarded != "" {
				r.Header.Set("X-Forwarded-For", tt.forwarded)
			}
			if got := alb.IsHealthCheck(r); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
