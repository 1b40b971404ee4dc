package inspector_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

func TestList(t *testing.T) {
	s := newSite(t)
	var got []inspector.Summary
	s.want(t, "GET", "/api/requests", "", &got)
	if got == nil || len(got) != 0 {
		t.Errorf("without requests the list is %v", got)
	}
	s.store.Add(&record.Record{
		Function: "orders", Request: record.Message{Method: "POST", Target: "/" + strings.Repeat("é", 5000)},
		Response: record.Message{Status: 502}, Reason: "LambdaUnhandled", Invocation: &record.Invocation{Cold: true},
		Findings: make([]record.Finding, 2), Log: make([]record.Line, 3),
	})
	s.want(t, "GET", "/api/requests", "", &got)
	if len(got) != 1 || len(got[0].Target) > 2100 || strings.Contains(got[0].Target, "�") {
		t.Fatalf("the list is %+v", got)
	}
	got[0].Target = ""
	want := inspector.Summary{ID: 1, Function: "orders", Method: "POST", Status: 502, Reason: "LambdaUnhandled", Cold: true, Findings: 2, Lines: 3}
	if got[0] != want {
		t.Errorf("the summary is %+v, want %+v", got[0], want)
	}
	if status, _, _ := s.call(t, "DELETE", "/api/requests", ""); status != http.StatusNoContent || len(s.store.List()) != 0 {
		t.Errorf("DELETE gave %d and left %d", status, len(s.store.List()))
	}
}

func TestReplayAndCompare(t *testing.T) {
	s := newSite(t)
	binary := string([]byte{0, 0xff})
	id := s.store.Add(&record.Record{Request: record.Message{
		Method: "POST", Target: "/a?b", Headers: [][2]string{{"Host", "h"}, {"Content-Length", "2"}, {"X", "1"}, {"X", "2"}}, Body: text(binary),
	}})
	var got record.Record
	s.want(t, "POST", fmt.Sprintf("/api/requests/%d/replay", id), "", &got)
	sent, how := s.backend.lastSent(t)
	if sent.Method != "POST" || sent.Target != "/a?b" || string(sent.Body.Bytes) != binary || how.ReplayOf != id || how.MultiValue != nil {
		t.Errorf("sent %+v as %+v", sent, how)
	}
	if fmt.Sprint(sent.Headers) != "[[Host h] [X 1] [X 2]]" {
		t.Errorf("sent with %v: all headers but the body's length", sent.Headers)
	}
	var both struct{ Single, Multi record.Record }
	s.want(t, "POST", fmt.Sprintf("/api/requests/%d/compare", id), "{}", &both)
	if both.Single.MultiValue || !both.Multi.MultiValue {
		t.Errorf("compared %v with %v", both.Single.MultiValue, both.Multi.MultiValue)
	}
	s.want(t, "POST", "/api/requests", `{"request":{"method":"GET","target":"/new","body":{"text":"b"}}}`, &got)
	if sent, how := s.backend.lastSent(t); sent.Target != "/new" || string(sent.Body.Bytes) != "b" || how.ReplayOf != 0 {
		t.Errorf("sent %+v as %+v", sent, how)
	}
}

func TestFaults(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(&record.Record{Request: record.Message{Method: "GET", Target: "/"}})
	cut := s.store.Add(&record.Record{Request: record.Message{Method: "POST", Target: "/", Body: record.Body{Bytes: []byte("a"), Truncated: 1}}})
	replay := fmt.Sprintf("/api/requests/%d/replay", id)
	for _, test := range []struct {
		name, method, path, body string
		want                     int
		says                     string
	}{
		{"no such record", "GET", "/api/requests/99", "", 404, "no longer kept"},
		{"no number", "GET", "/api/requests/x", "", 400, "no number"},
		{"no event", "GET", fmt.Sprintf("/api/requests/%d/event", id), "", 404, "never became an event"},
		{"replay of none", "POST", "/api/requests/99/replay", "", 404, "no longer kept"},
		{"replay of half a body", "POST", fmt.Sprintf("/api/requests/%d/replay", cut), "", 400, "no longer kept in full"},
		{"no JSON", "POST", replay, "{", 400, "JSON"},
		{"two values", "POST", replay, "{}{}", 400, "more than one"},
		{"unknown member", "POST", replay, `{"requests":{}}`, 400, "requests"},
		{"too large", "POST", replay, `{"request":"` + strings.Repeat("x", 17<<20) + `"}`, 413, "16 MB"},
		{"no method", "POST", replay, `{"request":{"target":"/"}}`, 400, "method"},
		{"method of two words", "POST", replay, `{"request":{"method":"GET /","target":"/"}}`, 400, "method"},
		{"no target", "POST", replay, `{"request":{"method":"GET"}}`, 400, "target"},
		{"space in target", "POST", replay, `{"request":{"method":"GET","target":"/a b"}}`, 400, "%20"},
		{"target without slash", "POST", replay, `{"request":{"method":"GET","target":"a"}}`, 400, "begin with /"},
		{"split header", "POST", replay, `{"request":{"method":"GET","target":"/","headers":[["A","b\r\nC: d"]]}}`, 400, "line break"},
		{"header without name", "POST", replay, `{"request":{"method":"GET","target":"/","headers":[["","b"]]}}`, 400, "name"},
		{"nothing to send", "POST", "/api/requests", `{}`, 400, "request"},
		{"the backend fails", "POST", "/api/requests", `{"request":{"method":"GET","target":"/broken"}}`, 502, "look into its log"},
		{"no such function", "POST", "/api/functions/none/restart", "", 404, "/api/functions"},
		{"no mode", "PUT", "/api/functions/a%2Fb/mode", "{}", 400, "multiValueHeaders"},
		{"no such file", "GET", "/secret.txt", "", 404, ""},
		{"no listing", "GET", "/js/", "", 404, ""},
	} {
		status, body, header := s.call(t, test.method, test.path, test.body)
		var problem struct{ Detail string }
		if status != test.want || json.Unmarshal([]byte(body), &problem) != nil || !strings.Contains(problem.Detail, test.says) {
			t.Errorf("%s: %d %s, want %d about %q", test.name, status, body, test.want, test.says)
		}
		if header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the answer may be cached", test.name)
		}
	}
}

func TestFunctions(t *testing.T) {
	s := newSite(t)
	changed, cancel := s.store.Subscribe()
	defer cancel()
	if status, body, _ := s.call(t, "PUT", "/api/functions/a%2Fb/mode", `{"multiValueHeaders":true}`); status != http.StatusNoContent {
		t.Errorf("mode: %d %s", status, body)
	}
	select {
	case <-changed:
	default:
		t.Error("a changed mode wakes nobody")
	}
	var got []inspector.FunctionState
	s.want(t, "GET", "/api/functions", "", &got)
	if len(got) != 1 || !got[0].MultiValue {
		t.Errorf("after the change: %+v", got)
	}
	if status, body, _ := s.call(t, "POST", "/api/functions/a%2Fb/restart", ""); status != http.StatusNoContent || len(s.backend.steered) != 1 {
		t.Errorf("restart: %d %s %v", status, body, s.backend.steered)
	}
}
