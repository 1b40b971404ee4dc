package curl_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sent is what a server sees of a request.
type sent struct {
	Method, Target, Host, Body string
	Header                     http.Header
	Length                     int64
}

// see reads r as a server does. What differs between two runs, or between versions of curl, is left out.
func see(r *http.Request, host string) sent {
	body, _ := io.ReadAll(r.Body)
	s := sent{r.Method, r.RequestURI, strings.ReplaceAll(r.Host, host, "HOST"), string(body), r.Header.Clone(), r.ContentLength}
	s.Header.Del("Expect")
	if agent := s.Header.Get("User-Agent"); strings.HasPrefix(agent, "curl/") {
		s.Header.Set("User-Agent", "curl")
	}
	if before, boundary, ok := strings.Cut(s.Header.Get("Content-Type"), "boundary="); ok {
		s.Header.Set("Content-Type", before+"boundary=B")
		s.Body = strings.ReplaceAll(s.Body, boundary, "B")
		s.Length = 0
		s.Header.Del("Content-Length")
	}
	return s
}

// What a server gets from curl itself is what Request makes of the same arguments.
func TestAgainstCurl(t *testing.T) {
	program, err := exec.LookPath("curl")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("curl is not installed; it is the oracle of this test")
		}
		t.Skip("curl is not installed; TestRequest has the words of its manual")
	}
	seen := make(chan sent, 100)
	var host string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen <- see(r, host) }))
	t.Cleanup(server.Close)
	server.Config.DisableGeneralOptionsHandler = true
	host = strings.TrimPrefix(server.URL, "http://")

	tests := []string{
		"http://HOST", "HTTP://HOST/X", "http://HOST?a=b", "HOST/a/../b/./c/..#f", "--path-as-is|http://HOST/a/../b/./c", "http://HOST//a//b/../..",
		"http://HOST/../a", "http://HOST/a/.", "http://HOST/?", "http://HOST/a?b?c/../d", "-g|http://HOST/?x=[1]{a}\"<>",
		"http://us%65r:pw@HOST/", "http://user@HOST/",
		"-d|a=b|-d|c=d|http://HOST/", "-d||http://HOST/", "-d|a|-d||-d|b|http://HOST/", "-d|@testdata/lines.txt|http://HOST/", "-d|@-|-d|x|http://HOST/",
		"--data-binary|@testdata/lines.txt|http://HOST/", "--data-raw|@testdata/lines.txt|http://HOST/", "--data-ascii|x|http://HOST/",
		"--data-urlencode|a b&c|--data-urlencode|=x y=z|--data-urlencode|n=v w/é~-._*!'()|--data-urlencode|@testdata/lines.txt|http://HOST/",
		"--data-urlencode|n@testdata/lines.txt|--data-urlencode|a=|--data|&|http://HOST/",
		"-G|-d|a=b|-d|c=d|http://HOST/?x=y#f", "-G|http://HOST/", "-I|-G|-d|a=b|http://HOST/p", "-G|-X|POST|-d|a=b|http://HOST/p", "-I|http://HOST/",
		"--url-query|a=b|--url-query|c=d e|--url-query|+x=%20|http://HOST/?z=1",
		"--json|{\"a\":|--json|1}|http://HOST/", "--json|@testdata/order.json|-H|Accept: text/plain|http://HOST/", "--json|{}|-d|x|http://HOST/",
		"-H|X:|-H|User-Agent:|-H|Accept;|-H|Host: other|http://HOST/", "-H|X;|-H|Y: |-H|Z|-H|W:v|-H|Q:  v  |-H|X-Y;z|http://HOST/",
		"-H|@testdata/headers.txt|http://HOST/", "-H|A: 1|-H|a: 2|-H|Accept: x|-H|Accept: y|http://HOST/",
		"-b|a=b; c=d|-b|e=f|http://HOST/", "-b|a=b|-H|Cookie: x=y|http://HOST/", "-u|user:pa:ss|http://HOST/", "-u|a:b|-H|Authorization: Bearer x|http://HOST/",
		"--oauth2-bearer|tok|http://HOST/", "-A|agent|-e|http://ref;auto|http://HOST/", "-A||http://HOST/", "-e|;auto|http://HOST/",
		"-T|testdata/lines.txt|http://HOST/dir/", "-T|testdata/lines.txt|http://HOST", "-X|PATCH|-T|testdata/lines.txt|http://HOST/x", "-T|-|http://HOST/x",
		"-T|testdata/lines.txt|-H|Content-Type: text/x|http://HOST/x", "--compressed|http://HOST/", "-r|0-5|http://HOST/", "-X|post|-d|x|http://HOST/",
		"-H|content-type: text/plain|-d|x|http://HOST/", "-H|Content-Type:|-d|x|http://HOST/", "-H|Transfer-Encoding: chunked|-d|hello|http://HOST/",
		"--request-target|*|-X|OPTIONS|http://HOST/", "-sSLXPUT|-HX:y|-da=b|http://HOST/", "--head|--request|GET|http://HOST/", "-X|GET|-d|a=b|http://HOST/",
		"-F|a=b|-F|c=@testdata/lines.txt|-F|e=<testdata/lines.txt|http://HOST/", `-F|d=@testdata/dot.png;type=text/x;filename="q\"uote;.bin"|http://HOST/`,
		"-F|g={};type=application/json|--form-string|h=@x;type=y|http://HOST/", `-F|i="quo;ted";type=a/b|-F|=v|-F|n"m=1|http://HOST/`, "-F|a=@-|http://HOST/",
		"-F|g={};type=application/json;charset=utf-8|http://HOST/", `-F|a=@testdata/order.json;headers="X-A: b"|http://HOST/`, "-F|a=b;filename=f|http://HOST/",
		"-F|a=b|-H|Content-Type: multipart/form-data|http://HOST/", "-F|a=b|-X|PUT|http://HOST/",
	}
	for _, tt := range tests {
		t.Run(tt, func(t *testing.T) {
			args := strings.Split(strings.ReplaceAll(tt, "HOST", host), "|")
			cmd := exec.CommandContext(t.Context(), program, slices.Concat([]string{"-q", "-sS", "--fail", "--max-time", "5", "-o", os.DevNull, "--noproxy", "*"}, args)...)
			cmd.Stdin = strings.NewReader("from stdin\r\nline 2\n")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			want := <-seen
			if diff := cmp.Diff(want, see(request(t, args...), host)); diff != "" {
				t.Errorf("-curl +this %s", diff)
			}
		})
	}
}
