package curl_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/cmd/albatross/internal/curl"
)

func request(t *testing.T, args ...string) *http.Request {
	t.Helper()
	r, err := curl.Request(t.Context(), args, strings.NewReader("from stdin\r\nline 2\n"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func readBody(t *testing.T, r *http.Request) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The expectations are the words of curl's manual.
func TestRequest(t *testing.T) {
	const url = "http://example.com/"
	const form = "application/x-www-form-urlencoded"
	tests := []struct {
		name   string
		args   []string
		method string // GET unless given
		target string // "/" unless given
		host   string // example.com unless given
		body   string
		header map[string]string // "-" for none
	}{
		{name: "nothing but a URL", args: []string{url}, header: map[string]string{"Accept": "*/*", "User-Agent": "curl/8.14.1", "Content-Length": "-", "Content-Type": "-"}},
		{name: "no scheme is http", args: []string{"example.com"}},
		{name: "the scheme's own port is not in the host", args: []string{"https://example.com:443/"}},
		{name: "another port is", args: []string{"http://example.com:8080/"}, host: "example.com:8080"},
		{name: "an IPv6 address", args: []string{"http://[::1]:81/"}, host: "[::1]:81"},
		{name: "no path but a query", args: []string{"http://example.com?a=b"}, target: "/?a=b"},
		{name: "no fragment", args: []string{"http://example.com/a#b?c"}, target: "/a"},
		{name: "URL as an option", args: []string{"--url", "example.com/x"}, target: "/x"},

		{name: "dot segments", args: []string{"http://example.com/a/../b/./c/.."}, target: "/b/"},
		{name: "dot segments above the root", args: []string{"http://example.com/../../a"}, target: "/a"},
		{name: "--path-as-is", args: []string{"--path-as-is", "http://example.com/a/../b/./c"}, target: "/a/../b/./c"},
		{name: "double slashes stay", args: []string{"http://example.com//a//b"}, target: "//a//b"},
		{name: "bad escapes stay", args: []string{"http://example.com/%zz?q=%"}, target: "/%zz?q=%"},
		{name: "brackets are no pattern", args: []string{"http://example.com/?a[]=1&b={c}"}, target: "/?a[]=1&b={c}"},
		{name: "--request-target", args: []string{"--request-target", "*", "-X", "OPTIONS", url}, method: "OPTIONS", target: "*"},

		{name: "-d posts a form", args: []string{"-d", "a=b", url}, method: "POST", body: "a=b", header: map[string]string{"Content-Type": form, "Content-Length": "3"}},
		{name: "several are joined", args: []string{"-d", "a=b", "--data", "c=d", "-de", url}, method: "POST", body: "a=b&c=d&e"},
		{name: "an empty one", args: []string{"-d", "", url}, method: "POST", header: map[string]string{"Content-Type": form, "Content-Length": "0"}},
		{name: "-d @file loses line ends", args: []string{"-d", "@testdata/lines.txt", url}, method: "POST", body: "a=bc=de"},
		{name: "-d @-", args: []string{"-d", "@-", url}, method: "POST", body: "from stdinline 2"},
		{name: "--data-binary @file", args: []string{"--data-binary", "@testdata/lines.txt", url}, method: "POST", body: "a=b\nc=d\r\ne"},
		{name: "--data-raw", args: []string{"--data-raw", "@testdata/lines.txt", url}, method: "POST", body: "@testdata/lines.txt"},
		{name: "--data-urlencode content", args: []string{"--data-urlencode", "a b&c", url}, method: "POST", body: "a+b%26c"},
		{name: "--data-urlencode =content", args: []string{"--data-urlencode", "=a=b", url}, method: "POST", body: "a%3Db"},
		{name: "--data-urlencode name=content", args: []string{"--data-urlencode", "n=a/b=é", url}, method: "POST", body: "n=a%2Fb%3D%C3%A9"},
		{name: "--data-urlencode @file", args: []string{"--data-urlencode", "@testdata/lines.txt", url}, method: "POST", body: "a%3Db%0Ac%3Dd%0D%0Ae"},
		{name: "--data-urlencode name@file", args: []string{"--data-urlencode", "n@testdata/lines.txt", url}, method: "POST", body: "n=a%3Db%0Ac%3Dd%0D%0Ae"},
		{name: "another content type", args: []string{"-d", "x", "-H", "content-type: text/plain", url}, method: "POST", body: "x", header: map[string]string{"Content-Type": "text/plain"}},
		{name: "another method", args: []string{"-d", "x", "-X", "PATCH", url}, method: "PATCH", body: "x"},

		{name: "-G", args: []string{"-G", "-d", "a=b", "--data-urlencode", "q=c d", "http://example.com/p?x=y#f"}, target: "/p?x=y&a=b&q=c+d",
			header: map[string]string{"Content-Type": "-", "Content-Length": "-"}},
		{name: "-I", args: []string{"-I", url}, method: "HEAD"},
		{name: "-I -G", args: []string{"-I", "-G", "-d", "a=b", url}, method: "HEAD", target: "/?a=b"},
		{name: "--url-query", args: []string{"--url-query", "a=b c", "--url-query", "+x=%20", "http://example.com/?z=1"}, target: "/?z=1&a=b+c&x=%20"},

		{name: "--json", args: []string{"--json", `{"a":`, "--json", "1}", url}, method: "POST", body: `{"a":1}`,
			header: map[string]string{"Content-Type": "application/json", "Accept": "application/json"}},
		{name: "--json @file", args: []string{"--json", "@testdata/order.json", "-H", "Accept: text/plain", url}, method: "POST", body: "{\"a\": 1}\n",
			header: map[string]string{"Content-Type": "application/json", "Accept": "text/plain"}},

		{name: "-H", args: []string{"-H", "X-A: 1", "-HX-B:2", url}, header: map[string]string{"X-A": "1", "X-B": "2"}},
		{name: "-H removes", args: []string{"-H", "User-Agent:", "-H", "Accept:", "-H", "X-A:", url}, header: map[string]string{"User-Agent": "-", "Accept": "-", "X-A": "-"}},
		{name: "-H sends nothing but the name", args: []string{"-H", "X-A;", url}, header: map[string]string{"X-A": ""}},
		{name: "-H @file", args: []string{"-H", "@testdata/headers.txt", url}, header: map[string]string{"X-One": "1", "X-Two": "2"}},
		{name: "-H Host", args: []string{"-H", "Host: other", url}, host: "other", header: map[string]string{"Host": "-"}},
		{name: "-A -e -r", args: []string{"-A", "me", "-e", "http://from", "-r", "0-4", url}, header: map[string]string{"User-Agent": "me", "Referer": "http://from", "Range": "bytes=0-4"}},
		{name: "-A removes", args: []string{"-A", "", url}, header: map[string]string{"User-Agent": "-"}},
		{name: "-b", args: []string{"-b", "a=b; c=d", url}, header: map[string]string{"Cookie": "a=b; c=d"}},
		{name: "-u", args: []string{"-u", "user:pa:ss", url}, header: map[string]string{"Authorization": "Basic dXNlcjpwYTpzcw=="}},
		{name: "user in the URL", args: []string{"http://us%65r:pw@example.com/"}, header: map[string]string{"Authorization": "Basic dXNlcjpwdw=="}},
		{name: "--oauth2-bearer", args: []string{"--oauth2-bearer", "abc", url}, header: map[string]string{"Authorization": "Bearer abc"}},
		{name: "--compressed", args: []string{"--compressed", url}, header: map[string]string{"Accept-Encoding": "deflate, gzip, br, zstd"}},

		{name: "-T", args: []string{"-T", "testdata/lines.txt", "http://example.com/dir/x"}, method: "PUT", target: "/dir/x", body: "a=b\nc=d\r\ne",
			header: map[string]string{"Content-Type": "-", "Content-Length": "10"}},
		{name: "-T into a folder", args: []string{"-T", "testdata/lines.txt", "http://example.com/dir/"}, method: "PUT", target: "/dir/lines.txt", body: "a=b\nc=d\r\ne"},
		{name: "-T -", args: []string{"-T", "-", "http://example.com/x"}, method: "PUT", target: "/x", body: "from stdin\r\nline 2\n", header: map[string]string{"Content-Length": "-"}},

		{name: "options of output", args: []string{"-sSLki", "-vo", "/nowhere", "-w", "%{http_code}", "--max-time", "3", "--http2", url}},
		{name: "combined", args: []string{"-sXPUT", "-HX-A:y", "-da=b", url}, method: "PUT", body: "a=b", header: map[string]string{"X-A": "y"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t, tt.args...)
			want := []string{or(tt.method, "GET"), or(tt.target, "/"), or(tt.host, "example.com"), tt.body}
			if diff := cmp.Diff(want, []string{r.Method, r.RequestURI, r.Host, readBody(t, r)}); diff != "" {
				t.Errorf("method, target, host, body: %s", diff)
			}
			for name, value := range tt.header {
				got := r.Header[name]
				if value == "-" && got != nil || value != "-" && (len(got) != 1 || got[0] != value) {
					t.Errorf("%s is %q, want %q", name, got, value)
				}
			}
		})
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func TestConnection(t *testing.T) {
	tests := []struct {
		url, port string
		tls       bool
	}{
		{"http://h/", "80", false},
		{"https://h/", "443", true},
		{"http://h:8080/", "8080", false},
		{"HTTPS://h:8443/", "8443", true},
	}
	for _, tt := range tests {
		r := request(t, tt.url)
		addr, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if addr == nil {
			t.Fatalf("%s: no local address", tt.url)
		}
		if _, port, _ := net.SplitHostPort(addr.String()); port != tt.port || (r.TLS != nil) != tt.tls {
			t.Errorf("%s: port %s, TLS %t", tt.url, port, r.TLS != nil)
		}
	}
}

// What a server reads out of the form is what was put in.
func TestForm(t *testing.T) {
	r := request(t, "-F", "a=b", "-F", "c=@testdata/lines.txt", "-F", `d=@testdata/dot.png;filename="p;q.bin"`, "-F", "e=<testdata/lines.txt",
		"-F", "f={};type=application/json;charset=utf-8", "--form-string", "g=@x;type=y", "-F", `h="quo;ted \"x\""`, "-F", "i=@-",
		"-F", "j=@testdata/order.json;headers=\"X-A: b\"", "http://example.com/")
	if r.Method != http.MethodPost {
		t.Errorf("method %s", r.Method)
	}
	mediaType, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != "multipart/form-data" {
		t.Fatalf("%s, %v", mediaType, err)
	}
	type part struct{ Name, File, Type, Content, Extra string }
	want := []part{
		{Name: "a", Content: "b"},
		{Name: "c", File: "lines.txt", Type: "text/plain", Content: "a=b\nc=d\r\ne"},
		{Name: "d", File: "p;q.bin", Type: "image/png", Content: "\x89PNG\r\n\x1a\n\x00\x01\xff"},
		{Name: "e", Content: "a=b\nc=d\r\ne"},
		{Name: "f", Type: "application/json;charset=utf-8", Content: "{}"},
		{Name: "g", Content: "@x;type=y"},
		{Name: "h", Content: `quo;ted "x"`},
		{Name: "i", File: "-", Content: "from stdin\r\nline 2\n"},
		{Name: "j", File: "order.json", Type: "application/octet-stream", Content: "{\"a\": 1}\n", Extra: "b"},
	}
	var got []part
	reader := multipart.NewReader(r.Body, parameters["boundary"])
	for {
		p, err := reader.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		content.ReadFrom(p)
		got = append(got, part{p.FormName(), p.FileName(), p.Header.Get("Content-Type"), content.String(), p.Header.Get("X-A")})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRefused(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no URL", []string{"-d", "x"}, "there is no URL"},
		{"two URLs", []string{"a", "b"}, "two URLs"},
		{"unknown", []string{"--proxy-header", "x", "h"}, "--proxy-header is no option"},
		{"unknown letter", []string{"-sK", "h"}, "-K is no option"},
		{"an abbreviation", []string{"--reques", "PUT", "h"}, "write options in full"},
		{"with an equals sign", []string{"--header=X: y", "h"}, "--header 'X: y'"},
		{"no value", []string{"h", "-X"}, "-X has no value"},
		{"no value, long", []string{"h", "--data"}, "--data has no value"},
		{"second request", []string{"h", "-:", "i"}, "a second request"},
		{"cookie file", []string{"-b", "jar.txt", "h"}, "write name=value"},
		{"password", []string{"-u", "user", "h"}, "write name:password"},
		{"two bodies", []string{"-d", "x", "-F", "a=b", "h"}, "--data and --form exclude each other"},
		{"a body and no body", []string{"-I", "-d", "x", "h"}, "--data and --head exclude each other"},
		{"no such file", []string{"-d", "@testdata/none", "h"}, "testdata/none"},
		{"no form field", []string{"-F", "abc", "h"}, "write name=text"},
		{"no form parameter", []string{"-F", "a=b;c=d", "h"}, "is no parameter"},
		{"a space", []string{"http://h/a b"}, "%20"},
		{"another scheme", []string{"ftp://h/"}, "begin it with http"},
		{"no host", []string{"http:///x"}, "no host"},
		{"no port", []string{"http://h:x/"}, "no host that can be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := curl.Request(t.Context(), tt.args, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	tests := []struct {
		args string
		want int
	}{
		{"-X PUT", 2}, {"-XPUT x", 1}, {"-sX PUT", 2}, {"-s x", 1}, {"-so x", 2}, {"-os x", 1},
		{"--data x", 2}, {"--data", 1}, {"--silent x", 1}, {"--unknown x", 1}, {"- x", 1}, {"url x", 1}, {"-o x y", 2},
	}
	for _, tt := range tests {
		if got := curl.Width(strings.Fields(tt.args)); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.args, got, tt.want)
		}
	}
}
