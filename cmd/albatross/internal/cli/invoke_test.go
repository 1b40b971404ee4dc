package cli_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/cli"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

func TestInvoke(t *testing.T) {
	r := run(t, "", itself(t, "invoke", "-d", "hello", "http://h/x", "--response-header", "X-L: 1")...)
	head, body, _ := strings.Cut(r.stdout, "\r\n\r\n")
	if r.status != 0 || !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") || body != "hello" || r.stderr != "working on /x\n" {
		t.Errorf("%+v", r)
	}
	for _, line := range []string{"Content-Length: 5", "Server: awselb/2.0", "X-A: b", "X-L: 1"} {
		if !strings.Contains(head, "\r\n"+line) {
			t.Errorf("no %s in %s", line, head)
		}
	}
}

func TestInvokeBadNews(t *testing.T) {
	tests := []struct{ path, status, stderr string }{
		{"wrong", "502 Bad Gateway", "LambdaInvalidResponse"},
		{"error", "502 Bad Gateway", "no database"},
	}
	for _, tt := range tests {
		r := run(t, "", itself(t, "invoke", "http://h/"+tt.path)...)
		if r.status != 1 || !strings.HasPrefix(r.stdout, "HTTP/1.1 "+tt.status) || !strings.Contains(r.stderr, tt.stderr) {
			t.Errorf("%s: %+v", tt.path, r)
		}
	}
	if r := run(t, "", itself(t, "invoke", "-X", "TRACE", "h")...); r.status != 1 || !strings.HasPrefix(r.stdout, "HTTP/1.1 405") || strings.Contains(r.stderr, "working") {
		t.Errorf("TRACE: %+v", r)
	}
	if r := run(t, "", "invoke", "h", "--", filepath.Join(t.TempDir(), "none")); r.status != 1 || r.stdout != "" || !strings.Contains(r.stderr, "none") {
		t.Errorf("no program: %+v", r)
	}
}

func TestInvokeRecord(t *testing.T) {
	rec := unmarshal[record.Record](t, ok(t, "", append([]string{"--json"}, itself(t, "invoke", "--json", `{"a":1}`, "http://h/x?y=z")...)...))
	if rec.Request.Method != "POST" || rec.Request.Target != "/x?y=z" || string(rec.Request.Body.Bytes) != `{"a":1}` || rec.Request.Headers[0] != [2]string{"Host", "h"} {
		t.Errorf("request %+v", rec.Request)
	}
	if rec.Response.Status != 200 || string(rec.Response.Body.Bytes) != `{"a":1}` || !rec.Invocation.Cold || len(rec.Log) != 1 || rec.Log[0].Text != "working on /x" {
		t.Errorf("%+v", rec)
	}
	if e := unmarshal[event](t, string(rec.Event.Bytes)); e.Path != "/x" {
		t.Errorf("event %s", rec.Event.Bytes)
	}
}

func TestInvokeEvent(t *testing.T) {
	event := ok(t, "", "event", "-d", "hi", "http://h/x")
	r := run(t, event, itself(t, "invoke", "--event", "-")...)
	type answer struct{ Body string }
	if r.status != 0 || unmarshal[answer](t, r.stdout).Body != "hi" {
		t.Errorf("%+v", r)
	}
	// The function answers with headers, which a target group with multi-value headers does not read: a 200 with another content type.
	r = run(t, ok(t, "", "event", "--multi-value", "-d", "hi", "http://h/x"), itself(t, "invoke", "--event", "-")...)
	if r.status != 0 || !strings.Contains(r.stderr, "not as it stands") || !strings.Contains(r.stderr, "headers") {
		t.Errorf("%+v", r)
	}
	for _, path := range []string{"wrong", "error"} {
		r = run(t, "", itself(t, "invoke", "--event", file(t, "event.json", `{"path": "/`+path+`"}`))...)
		if r.status != 1 || r.stderr == "" {
			t.Errorf("%s: %+v", path, r)
		}
	}
}

func TestEnvironment(t *testing.T) {
	name := file(t, ".env", "# comment\n\nexport GREETING = 'hello=you'\nOTHER=1\n")
	if out := ok(t, "", itself(t, "invoke", "h/env", "--env-file", name)...); !strings.HasSuffix(out, "\r\n\r\nhello=you") {
		t.Error(out)
	}
	if out := ok(t, "", itself(t, "invoke", "h/env", "--env-file", name, "--env", "GREETING=bye")...); !strings.HasSuffix(out, "\r\n\r\nbye") {
		t.Error(out)
	}
}

func TestExplain(t *testing.T) {
	const good = `{"statusCode": 200, "headers": {"Content-Type": "text/plain"}, "body": "x"}`
	tests := []struct {
		name, response, args string
		status               int
		want                 string
	}{
		{"nothing", good, "explain", 0, "as it stands"},
		{"nothing, JSON", good, "explain --json", 0, `{"delivered":true,"findings":[]}`},
		{"a 502", `{"statusCode": "200"}`, "explain -", 1, "502, for the reason LambdaInvalidResponse"},
		{"a 502, JSON", `{"statusCode": "200"}`, "--json explain", 1, `"delivered":false,"reason":"LambdaInvalidResponse"`},
		{"the other mode", good, "explain --multi-value", 1, "but not as it stands"},
		{"no JSON", `oops`, "explain", 1, "502"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if r := run(t, tt.response, strings.Fields(tt.args)...); r.status != tt.status || !strings.Contains(r.stdout, tt.want) || r.stderr != "" {
				t.Errorf("%+v", r)
			}
		})
	}
	if r := run(t, "", "explain", file(t, "response.json", good)); r.status != 0 {
		t.Errorf("a file: %+v", r)
	}
}

func TestOutputThatCannotBeWritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no device that is always full")
	}
	t.Cleanup(func() { full.Close() })
	if status, stderr := runTo(t, full, "version"); status != 1 || !strings.Contains(stderr, "standard output") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stderr bytes.Buffer
	status := cli.Run(ctx, itself(t, "invoke", "http://localhost/"), cli.Terminal{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
	})
	if status != 1 || stderr.String() != "albatross: interrupted\n" {
		t.Errorf("status %d: %s", status, &stderr)
	}
}
