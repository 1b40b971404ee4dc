package cli_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// then is a record of an invocation long ago, which answered with this.
func then(t *testing.T, path, body, answer string) string {
	t.Helper()
	quoted, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	event, err := json.Marshal(map[string]any{"httpMethod": "POST", "path": path, "body": body, "headers": map[string]string{"host": "h"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(string(event))
	if err != nil {
		t.Fatal(err)
	}
	return `{"id": 7, "start": "2026-01-02T03:04:05Z", "request": {}, "event": {"text": ` + string(text) + `}, "answer": {"text": ` + string(quoted) + `}, "response": {}}`
}

type outcome struct {
	File        string
	Index       int
	Compared    bool
	Differences []struct {
		Path          string
		Before, After json.RawMessage
	}
	Record struct{ ReplayOf int }
}

func replay(t *testing.T, input string, args ...string) (int, []outcome) {
	t.Helper()
	r := run(t, input, append([]string{"--json"}, itself(t, append([]string{"replay", "-"}, args...)...)...)...)
	var list []outcome
	for line := range strings.Lines(r.stdout) {
		list = append(list, unmarshal[outcome](t, line))
	}
	if len(list) == 0 {
		t.Fatalf("%+v", r)
	}
	return r.status, list
}

func TestReplayCompares(t *testing.T) {
	tests := []struct {
		name, answer string
		ignore       string
		want         string // pointers
	}{
		{"the same", `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"{\"a\":1,\"b\":2}"}`, "", ""},
		{"keys in another order, spaces, header names in another case, base64",
			`{"body":"eyJiIjogMiwgImEiOiAxfQ==","isBase64Encoded":true,"headers":{"content-type":"application/json","x-a":"b"},"statusCode":200}`, "", ""},
		{"status", `{"statusCode":201,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"{\"a\":1,\"b\":2}"}`, "", "/statusCode"},
		{"header", `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"c"},"body":"{\"a\":1,\"b\":2}"}`, "", "/headers/x-a"},
		{"header, ignored", `{"statusCode":200,"headers":{"Content-Type":"application/json","x-a":"c"},"body":"{\"a\":1,\"b\":2}"}`, "X-a", ""},
		{"inside the body", `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"{\"a\":2,\"c\":[1]}"}`, "", "/body/a /body/b /body/c"},
		{"text body", `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"hello"}`, "", "/body"},
		{"failed then", ``, "", "(all)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			args := []string{}
			if tt.ignore != "" {
				args = append(args, "--ignore-header", tt.ignore)
			}
			status, list := replay(t, then(t, "/x", `{"a":1,"b":2}`, tt.answer), args...)
			var paths []string
			for _, d := range list[0].Differences {
				if d.Path == "" {
					d.Path = "(all)"
				}
				paths = append(paths, d.Path)
			}
			wantStatus := 0
			if tt.want != "" {
				wantStatus = 1
			}
			if got := strings.Join(paths, " "); got != tt.want || status != wantStatus || !list[0].Compared || list[0].Record.ReplayOf != 7 {
				t.Errorf("status %d, %s, want %s: %+v", status, got, tt.want, list[0])
			}
		})
	}
}

func TestReplayForms(t *testing.T) {
	event := strings.TrimSpace(ok(t, "", "--json", "event", "-d", "hi", "http://h/x"))
	rec := then(t, "/x", "hi", `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"hi"}`)
	unanswered := `{"id": 8, "start": "2026-01-02T03:04:05Z", "request": {"method": "GET"}, "response": {"status": 404}}`
	tests := []struct {
		name, input string
		compared    string
	}{
		{"an event", event, "n"},
		{"an array", "[" + event + "," + rec + "]", "ny"},
		{"lines", event + "\n" + rec + "\n" + event + "\n", "nyn"},
		{"what the listener answered is skipped", rec + unanswered, "y"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, list := replay(t, tt.input)
			compared := ""
			for _, o := range list {
				compared += map[bool]string{true: "y", false: "n"}[o.Compared]
			}
			if status != 0 || compared != tt.compared {
				t.Errorf("status %d, %s, want %s", status, compared, tt.compared)
			}
		})
	}
	// What invoke and replay print can be replayed.
	first := ok(t, "", append([]string{"--json"}, itself(t, "invoke", "-d", "hi", "h/x")...)...)
	again := ok(t, first, append([]string{"--json"}, itself(t, "replay", "-")...)...)
	if out := ok(t, again, itself(t, "replay", "-")...); !strings.Contains(out, "-:1 POST /x: the same") {
		t.Error(out)
	}
}

func TestReplayText(t *testing.T) {
	r := run(t, then(t, "/x", "1", `{"statusCode":404}`)+`{"path":"/wrong"}`, itself(t, "replay", "-")...)
	for _, want := range []string{"-:1 POST /x: differs", "  /statusCode\n    - 404\n    + 200\n", "  /body\n    + 1\n", "-:2 event (", "LambdaInvalidResponse"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %q in %s", want, r.stdout)
		}
	}
	if r.status != 1 || !strings.Contains(r.stderr, "working on /x") {
		t.Errorf("%+v", r)
	}
}

// Numbers are compared as they are written: these two are the same float64.
func TestReplayNumbers(t *testing.T) {
	status, list := replay(t, then(t, "/x", `{"a":9007199254740993}`, `{"statusCode":200,"headers":{"Content-Type":"application/json","X-A":"b"},"body":"{\"a\":9007199254740992}"}`))
	if status != 1 || len(list[0].Differences) != 1 || list[0].Differences[0].Path != "/body/a" {
		t.Errorf("status %d: %+v", status, list)
	}
}

// A 502 is bad news, also where it was one then.
func TestReplayFailure(t *testing.T) {
	for _, input := range []string{`{"path": "/wrong"}`, `{"path": "/error"}`, then(t, "/error", "", "")} {
		status, list := replay(t, input)
		if status != 1 || len(list[0].Differences) != 0 {
			t.Errorf("%s: status %d: %+v", input, status, list)
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	for input, want := range map[string]string{
		"":    "holds no event",
		"[1]": "neither an event nor a record",
		`{"id": 1, "start": "2026-01-02T03:04:05Z", "request": {}, "event": {"text": "x", "truncated": 5}}`: "only a part",
	} {
		if r := run(t, input, itself(t, "replay", "-")...); r.status != 2 || !strings.Contains(r.stderr, want) {
			t.Errorf("%s: %+v", input, r)
		}
	}
}
