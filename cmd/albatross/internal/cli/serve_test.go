package cli_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/cli"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener/template"
)

// A served is a serve command that goes on.
type served struct {
	url, inspector string
	stdout, stderr growing
	client         *http.Client
}

// growing is text that is read while it grows.
type growing struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (g *growing) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.Write(p)
}

func (g *growing) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.text.String()
}

// wait returns the first submatch of the expression, once it is there.
func (g *growing) wait(t *testing.T, expression string) string {
	t.Helper()
	re := regexp.MustCompile(expression)
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		if found := re.FindStringSubmatch(g.String()); found != nil {
			return found[1]
		}
		if time.Now().After(deadline) {
			t.Fatalf("no %s in\n%s", expression, g)
		}
	}
}

// startServe runs the command until the test ends, and demands that it ends well then.
func startServe(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{client: &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // its certificate is nobody's
		ForceAttemptHTTP2: true,
	}}}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		args := append([]string{"serve", "--port", "0", "--inspect", "127.0.0.1:0"}, args...)
		ended <- cli.Run(ctx, args, cli.Terminal{Stdin: strings.NewReader(""), Stdout: &s.stdout, Stderr: &s.stderr})
	}()
	t.Cleanup(func() {
		s.client.CloseIdleConnections()
		cancel()
		if status := <-ended; status != 0 {
			t.Errorf("exit status %d: %s", status, &s.stderr)
		}
	})
	s.url = s.stderr.wait(t, `listener on (https?://\S+);`)
	s.inspector = s.stderr.wait(t, `inspector on (http://\S+)`)
	return s
}

func (s *served) get(t *testing.T, url string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestServe(t *testing.T) {
	log := file(t, "access.log", "")
	env := file(t, "env", "GREETING=hello\n")
	s := startServe(t, itself(t, "--env-file", env, "--access-log", log, "--response-header", "X-Frame-Options: DENY", "--no-watch")...)
	res, body := s.get(t, s.url+"/env")
	if body != "hello" || res.Header.Get("X-Frame-Options") != "DENY" || res.Header.Get("Server") != "awselb/2.0" {
		t.Errorf("%v %s", res.Header, body)
	}
	if _, page := s.get(t, s.inspector+"/"); !strings.Contains(page, "<!doctype html>") {
		t.Errorf("the inspector's page is %.80s", page)
	}
	s.stdout.wait(t, `(working on /env)`)
	s.stderr.wait(t, `("GET /env" 200)`)
	if lines, err := os.ReadFile(log); err != nil || !strings.Contains(string(lines), `"GET `+s.url+`/env HTTP/1.1"`) {
		t.Errorf("access log %s, %v", lines, err)
	}
}

func TestServeModes(t *testing.T) {
	for _, tt := range []struct{ flags, member string }{{"--no-watch", `"headers":{`}, {"--multi-value", `"multiValueHeaders":{`}} {
		s := startServe(t, itself(t, tt.flags)...)
		s.get(t, s.url+"/")
		if _, event := s.get(t, s.inspector+"/api/requests/1/event"); !strings.Contains(event, tt.member) {
			t.Errorf("%s: no %s in %s", tt.flags, tt.member, event)
		}
	}
}

func TestServeHTTPS(t *testing.T) {
	claims := file(t, "claims.json", `{"sub":"user-1"}`)
	s := startServe(t, itself(t, "--https", "--login", claims, "--no-watch")...)
	res, body := s.get(t, s.url+"/host")
	if !strings.HasPrefix(s.url, "https://") || res.ProtoMajor != 2 || body != strings.TrimPrefix(s.url, "https://") {
		t.Errorf("%s %s: %s", s.url, res.Proto, body)
	}
	_, text := s.get(t, s.inspector+"/api/requests/1?reveal=1")
	var rec struct{ Event struct{ Text string } }
	var event struct{ Headers map[string]string }
	if err := json.Unmarshal([]byte(text), &rec); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(rec.Event.Text), &event); err != nil {
		t.Fatal(err)
	}
	if event.Headers["x-forwarded-proto"] != "https" || event.Headers["x-amzn-oidc-identity"] != "user-1" {
		t.Errorf("%v", event.Headers)
	}
	kid := kidOf(t, event.Headers["x-amzn-oidc-data"])
	if res, key := s.get(t, s.inspector+"/public-keys/"+kid); res.StatusCode != http.StatusOK || !strings.Contains(key, "BEGIN PUBLIC KEY") {
		t.Errorf("the key: %d %s", res.StatusCode, key)
	}
}

// Rules pick among functions; a login is that of the rules that demand one.
func TestServeRules(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rules := file(t, "rules.json", `{
		"Functions": {
			"a": {"Command": ["unused"], "Env": {"GREETING": "from a", "`+functionVariable+`": "1"}},
			"b": {"Command": ["unused"], "Env": {"GREETING": "from b", "`+functionVariable+`": "1"}, "Timeout": 30}
		},
		"Rules": [
			{"Priority": "1", "Conditions": [{"Field": "host-header", "HostHeaderConfig": {"Values": ["b.example.com"]}}], "Actions": [
				{"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": {}},
				{"Type": "forward", "Order": 2, "TargetGroupArn": "b"}]},
			{"Priority": "2", "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old"]}}], "Actions": [
				{"Type": "redirect", "RedirectConfig": {"Path": "/env", "StatusCode": "HTTP_302"}}]},
			{"Priority": "default", "IsDefault": true, "Actions": [{"Type": "forward", "TargetGroupArn": "a"}]}
		]}`)
	claims := file(t, "claims.json", `{"sub":"user-1"}`)
	s := startServe(t, "--rules", rules, "--function", "a="+exe, "--function", "b="+exe, "--login", claims, "--no-watch", "--timeout", "1m")
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if _, body := s.get(t, s.url+"/env"); body != "from a" {
		t.Errorf("a: %s", body)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/env", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "b.example.com"
	res, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != "from b" {
		t.Errorf("b: %s, %v", body, err)
	}
	if res, _ := s.get(t, s.url+"/old"); res.StatusCode != http.StatusFound || !strings.HasSuffix(res.Header.Get("Location"), "/env") {
		t.Errorf("redirect: %d %v", res.StatusCode, res.Header)
	}
	for id, want := range map[string]bool{"1": false, "2": true} {
		if _, text := s.get(t, s.inspector+"/api/requests/"+id+"/event?reveal=1"); strings.Contains(text, "x-amzn-oidc-identity") != want {
			t.Errorf("event %s has a login: %v, want %v: %s", id, !want, want, text)
		}
	}
	_, text := s.get(t, s.inspector+"/api/functions")
	var functions []struct {
		Name           string
		TimeoutSeconds float64
	}
	if err := json.Unmarshal([]byte(text), &functions); err != nil || len(functions) != 2 || functions[0].TimeoutSeconds != 60 {
		t.Errorf("%v %s", err, text)
	}
}

// What the command line says of the environment wins over the file.
func TestServeRulesEnvironment(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	rules := file(t, "rules.json", `{
		"Functions": {"a": {"Command": ["unused"], "Env": {"GREETING": "of the file", "`+functionVariable+`": "1"}}},
		"Rules": [{"Priority": "default", "Actions": [{"Type": "forward", "TargetGroupArn": "a"}]}]}`)
	s := startServe(t, "--rules", rules, "--function", "a="+exe, "--env", "GREETING=of the command line", "--no-watch")
	if _, body := s.get(t, s.url+"/env"); body != "of the command line" {
		t.Errorf("%s", body)
	}
}

func TestServeUsage(t *testing.T) {
	rules := file(t, "rules.json", `{"Rules": []}`)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{nil, "there is no function"},
		{[]string{"./a", "./b"}, "two packages"},
		{[]string{"./a", "--package", "./b"}, "two packages"},
		{[]string{"./a", "--", "./b"}, "two functions"},
		{[]string{"--rules", rules, "--", "./b"}, "--function 'NAME=command'"},
		{[]string{"--rules", "nowhere.json"}, "nowhere.json"},
		{[]string{"--rules", rules, "--function", "x"}, "write 'NAME=command'"},
		{[]string{"--rules", rules, "--parameter", "x"}, "write NAME=value"},
		{[]string{"--parameter", "x=1", "--", "x"}, "--rules"},
		{[]string{"--timeout", "0s", "--", "x"}, "positive"},
		{[]string{"--concurrency", "0", "--", "x"}, "--concurrency"},
		{[]string{"--memory", "64", "--", "x"}, "128 to 10240"},
		{[]string{"--dir", "/no/such/folder", "--", "x"}, "no folder /no/such/folder"},
		{[]string{"--health-check", "healthz", "--", "x"}, "slash"},
		{[]string{"--health-check", "/", "--health-interval", "0s", "--", "x"}, "positive"},
		{[]string{"--response-header", "X A: b", "--", "x"}, "write 'Name: value'"},
		{[]string{"--host", "192.0.2.1", "--no-inspect", "--no-watch", "--", "x"}, "--host"},
		{[]string{"--login", "nowhere.json", "--", "x"}, "--login"},
		{[]string{"--access-log", "/no/such/folder/log", "--", "x"}, "--access-log"},
		{[]string{"--inspect", "0.0.0.0:8081", "--no-watch", "--port", "0", "--", "x"}, "loopback"},
	} {
		status, stderr := runTo(t, io.Discard, append([]string{"serve"}, tt.args...)...)
		if status == 0 || !strings.Contains(stderr, tt.want) {
			t.Errorf("%q: status %d: %s, want %s", tt.args, status, stderr, tt.want)
		}
	}
}

// kidOf reads the kid of a token's header.
func kidOf(t *testing.T, token string) string {
	t.Helper()
	head, _, _ := strings.Cut(token, ".")
	data, err := base64.URLEncoding.DecodeString(head)
	if err != nil {
		t.Fatal(err)
	}
	return unmarshal[struct{ Kid string }](t, string(data)).Kid
}

// The rules file in README.md is one.
func TestReadmeRules(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(readme), "\n```json\n")
	rules, _, found := strings.Cut(after, "```\n")
	if !found {
		t.Fatal("no block of JSON")
	}
	read, err := template.Parse([]byte(rules), t.TempDir(), template.Options{})
	if err != nil || len(read.Rules) != 2 || len(read.Functions) != 2 {
		t.Errorf("%v, %+v", err, read)
	}
}
