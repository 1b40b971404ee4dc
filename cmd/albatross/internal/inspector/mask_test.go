package inspector_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

func TestSecretsAreMasked(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(secretive())
	for _, path := range []string{"", "/event", "/curl"} {
		path := fmt.Sprintf("/api/requests/%d%s", id, path)
		if _, body, _ := s.call(t, "GET", path, ""); strings.Contains(body, "sesame") {
			t.Errorf("GET %s shows a secret: %s", path, body)
		}
		if _, body, _ := s.call(t, "GET", path+"?reveal=1", ""); !strings.Contains(body, "sesame-1") {
			t.Errorf("GET %s?reveal=1 masks: %s", path, body)
		}
	}
	for _, action := range []string{"replay", "compare"} {
		status, body, _ := s.call(t, "POST", fmt.Sprintf("/api/requests/%d/%s", id, action), "")
		if status != http.StatusOK || strings.Contains(body, "sesame") {
			t.Errorf("POST %s: %d %s", action, status, body)
		}
	}
	if got, _ := s.store.Get(id); string(got.Response.Body.Bytes) != "you sent sesame-1" {
		t.Error("masking changed what is stored")
	}
}

// What tells no secret stays: it is what a developer looks for.
func TestMasksKeepTheRest(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(secretive())
	var got record.Record
	s.want(t, "GET", fmt.Sprintf("/api/requests/%d", id), "", &got)
	want := [][2]string{
		{"Host", "localhost:8080"}, {"Authorization", "Bearer ••••••••"}, {"Cookie", "session=••••••••; theme=••••••••"},
		{"X-Api-Key", "••••••••"}, {"Accept", "*/*"},
	}
	if fmt.Sprint(got.Request.Headers) != fmt.Sprint(want) {
		t.Errorf("headers are %q, want %q", got.Request.Headers, want)
	}
	event := `{"path": "/x",  "headers":{"accept":"*/*","authorization":"Bearer ••••••••","cookie":"session=••••••••; theme=••••••••",` +
		`"x-api-key":"••••••••","x-amzn-oidc-data":"••••••••"}, "body":""}`
	if string(got.Event.Bytes) != event {
		t.Errorf("the event is\n%s\nwant\n%s", got.Event.Bytes, event)
	}
	answer := `{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["id=••••••••; Path=/","b=••••••••"]},"body":"you sent ••••••••"}`
	if string(got.Answer.Bytes) != answer {
		t.Errorf("the answer is\n%s\nwant\n%s", got.Answer.Bytes, answer)
	}
}

func TestMaskedDocuments(t *testing.T) {
	for _, test := range []struct{ name, document, want string }{
		{"no headers", `{"a":[1,{"b":null}]}`, `{"a":[1,{"b":null}]}`},
		{"numbers as they are", `{"n":1e999,"headers":{"A":12345678901234567890}}`, `{"n":1e999,"headers":{"A":12345678901234567890}}`},
		{"not a header", `{"body":{"authorization":"shown"}}`, `{"body":{"authorization":"shown"}}`},
		{"doubled key", `{"headers":{"Cookie":"a=hidden1","cookie":"a=hidden2"}}`, `{"headers":{"Cookie":"a=••••••••","cookie":"a=••••••••"}}`},
		{"escapes", `{"headers":{"\u0043ookie":"a=hid\"den"}}`, `{"headers":{"\u0043ookie":"a=••••••••"}}`},
		{"cookies of another format", `{"cookies":["a=hidden; Secure"]}`, `{"cookies":["a=••••••••; Secure"]}`},
		{"no JSON", `Internal Error`, `Internal Error`},
		{"broken after the secret", `{"headers":{"Cookie":"a=hidden"},"body":}`, `{"headers":{"Cookie":"a=••••••••"},"body":}`},
		{"broken in the secret", `{"headers":{"A":"1","Cookie":"a=hidden`, `{"headers":{"A":"1"•••••••• (from here`},
		{"broken in a list", `{"multiValueHeaders":{"Set-Cookie":["a=hidden","b=hidden`, `{"multiValueHeaders":{•••••••• (from here`},
		{"a second value", `{} {"headers":{"Cookie":"a=hidden"}}`, `{}•••••••• (from here`},
		{"secret after a huge number", `{"n":1e999,"headers":{"Cookie":"a=hidden"}}`, `{"n":1e999,"headers":{"Cookie":"a=••••••••"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			id := s.store.Add(&record.Record{Event: text(test.document)})
			_, got, _ := s.call(t, "GET", fmt.Sprintf("/api/requests/%d/event", id), "")
			if got != test.want && !(strings.HasSuffix(test.want, "(from here") && strings.HasPrefix(got, test.want)) {
				t.Errorf("%s\nbecame %s\nwant   %s", test.document, got, test.want)
			}
		})
	}
}

// An answer may be any text, and one that nests without end must not end the tool.
func TestMaskedDepth(t *testing.T) {
	store := inspector.NewStore(10, 256<<20)
	page := httptest.NewServer(inspector.New(store, &fake{store: store}, inspector.Options{}))
	defer page.Close()
	deep := strings.Repeat("[", 20<<20)
	id := store.Add(&record.Record{Event: text(deep)})
	if status, got, _ := (&site{page, store, nil}).call(t, "GET", fmt.Sprintf("/api/requests/%d/event", id), ""); status != http.StatusOK || got != deep {
		t.Errorf("%d and %d bytes", status, len(got))
	}
}

// FuzzMask promises that a secret header's value does not come through, whatever is around it.
func FuzzMask(f *testing.F) {
	f.Add(`{"a":1,`, `,"b":[2]}`, false)
	f.Add(`{"body":"\"`, `}`, true)
	f.Fuzz(func(t *testing.T, before, after string, multi bool) {
		const secret = "sesame-open-0123456789"
		if strings.Contains(before+after, "sesame") {
			t.Skip()
		}
		members := `"headers":{"Authorization":"` + secret + `"}`
		if multi {
			members = `"multiValueHeaders":{"Cookie":["a=` + secret + `"]}`
		}
		document := before + members + after
		s := newSite(t)
		r := &record.Record{Event: text(document)}
		id := s.store.Add(r)
		_, got, _ := s.call(t, "GET", fmt.Sprintf("/api/requests/%d/event", id), "")
		// A valid document that puts the family somewhere else than at its top has no header in it.
		var top map[string]json.RawMessage
		if json.Unmarshal([]byte(document), &top) == nil && top["headers"] == nil && top["multiValueHeaders"] == nil {
			t.Skip()
		}
		if json.Unmarshal([]byte(document), &top) == nil && strings.Contains(got, secret) {
			t.Errorf("%s\nbecame %s", document, got)
		}
	})
}

func TestReplaySendsTheSecrets(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(secretive())
	var shown record.Record
	s.want(t, "GET", fmt.Sprintf("/api/requests/%d", id), "", &shown)

	shown.Request.Target = "/y"
	shown.Request.Headers = append(shown.Request.Headers[:0:0], shown.Request.Headers...)
	shown.Request.Headers[3][1] = "mine" // another key
	call, err := json.Marshal(map[string]any{"request": shown.Request, "multiValueHeaders": true})
	if err != nil {
		t.Fatal(err)
	}
	s.want(t, "POST", fmt.Sprintf("/api/requests/%d/replay", id), string(call), &shown)
	sent, how := s.backend.lastSent(t)
	want := [][2]string{
		{"Host", "localhost:8080"}, {"Authorization", "Bearer sesame-1"}, {"Cookie", "session=sesame-2; theme=sesame-3"},
		{"X-Api-Key", "mine"}, {"Accept", "*/*"},
	}
	if sent.Target != "/y" || fmt.Sprint(sent.Headers) != fmt.Sprint(want) {
		t.Errorf("sent %s %q, want %q", sent.Target, sent.Headers, want)
	}
	if how.ReplayOf != id || how.MultiValue == nil || !*how.MultiValue {
		t.Errorf("sent as %+v", how)
	}
}

func TestEditedMasks(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(&record.Record{Request: record.Message{Method: "GET", Target: "/", Headers: [][2]string{
		{"X-Token", "sesame-1"}, {"X-Token", "sesame-2"}, {"Authorization", "Bearer sesame-3"}, {"Cookie", "a=sesame-4; b=sesame-5"},
	}}})
	for _, test := range []struct{ name, edited, want string }{
		{"as shown", `[["x-token","••••••••"],["x-token","••••••••"]]`, `[[x-token sesame-1] [x-token sesame-2]]`},
		{"a cookie more", `[["Cookie","a=••••••••; c=1; b=••••••••"]]`, `[[Cookie a=sesame-4; c=1; b=sesame-5]]`},
		{"a cookie less", `[["Cookie","b=••••••••"]]`, `[[Cookie b=sesame-5]]`},
		{"another value", `[["Cookie","a=mine; b=••••••••"]]`, `[[Cookie a=mine; b=sesame-5]]`},
		{"not a secret", `[["X-Art","••••••••"]]`, `[[X-Art ••••••••]]`},
		{"another scheme", `[["Authorization","Basic ••••••••"]]`, ""},
		{"a cookie that was not there", `[["Cookie","z=••••••••"]]`, ""},
		{"one too many", `[["X-Token","••••••••"],["X-Token","••••••••"],["X-Token","••••••••"]]`, ""},
	} {
		call := `{"request":{"method":"GET","target":"/","headers":` + test.edited + `}}`
		status, body, _ := s.call(t, "POST", fmt.Sprintf("/api/requests/%d/replay", id), call)
		if test.want == "" {
			if status != http.StatusBadRequest || !strings.Contains(body, "show the secrets") {
				t.Errorf("%s: %d %s, want to be told", test.name, status, body)
			}
			continue
		}
		if sent, _ := s.backend.lastSent(t); status != http.StatusOK || fmt.Sprint(sent.Headers) != test.want {
			t.Errorf("%s: %d, sent %v, want %s", test.name, status, sent.Headers, test.want)
		}
	}
}

// One secret may begin with another: no end of the longer one may stay behind.
func TestSecretWithinSecret(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(&record.Record{
		Request: record.Message{Headers: [][2]string{{"X-Token", "sesame"}, {"X-Secret", "sesame-and-more"}}},
		Log:     []record.Line{{Text: "got sesame-and-more and sesame"}},
	})
	var got record.Record
	s.want(t, "GET", fmt.Sprintf("/api/requests/%d", id), "", &got)
	if want := "got •••••••• and ••••••••"; got.Log[0].Text != want {
		t.Errorf("the log says %q, want %q", got.Log[0].Text, want)
	}
}

// What a function repeats of a secret is hidden wherever it is shown.
func TestRepeatedSecrets(t *testing.T) {
	const digest = `username="sesame", nonce="sesame"`
	s := newSite(t)
	id := s.store.Add(&record.Record{
		Request:  record.Message{Headers: [][2]string{{"Authorization", "Digest " + digest}, {"X-Token", "sesame-1"}}},
		Answer:   text(`{"statusCode":200,"headers":{"x-echo":"sesame-1"},"body":"{\"you\":\"username=\\\"sesame\\\", nonce=\\\"sesame\\\"\"}"}`),
		Response: record.Message{Status: 200, Headers: [][2]string{{"X-Echo", "got sesame-1"}}, Body: text(`{"you":"username=\"sesame\", nonce=\"sesame\""}`)},
		Error:    "ValueError: sesame-1",
		Findings: []record.Finding{
			{Problem: "ValueError: sesame-1"},
			{Field: `headers."sesame-1"`, Problem: `is not a header name`},
			{Problem: digest + " is unknown"},
		},
		Log: []record.Line{{Text: `{"authorization":"Digest username=\"sesame\", nonce=\"sesame\""}`}, {Text: digest}},
	})
	_, got, _ := s.call(t, "GET", fmt.Sprintf("/api/requests/%d", id), "")
	var shown record.Record
	if err := json.Unmarshal([]byte(got), &shown); err != nil {
		t.Fatal(err)
	}
	shown.Answer = record.Body{} // a string within a string within JSON: what a function encodes is not masked
	if left := fmt.Sprintf("%+v %s", shown, shown.Response.Body.Bytes); strings.Contains(left, "sesame") {
		t.Errorf("a secret is shown: %s", left)
	}
	if !strings.Contains(got, "got ••••••••") || !strings.Contains(got, "ValueError: ••••••••") {
		t.Errorf("more than the secret is hidden: %s", got)
	}
}
