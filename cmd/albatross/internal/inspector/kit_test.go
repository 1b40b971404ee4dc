package inspector_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A fake is a Backend that remembers what it was asked for. A request to /broken fails.
type fake struct {
	store *inspector.Store

	mu        sync.Mutex
	sent      []record.Message
	how       []inspector.Send
	functions []inspector.FunctionState
	steered   []string
}

func (f *fake) Send(_ context.Context, m record.Message, how inspector.Send) (*record.Record, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sent, f.how = append(f.sent, m), append(f.how, how)
	if m.Target == "/broken" {
		return nil, errors.New("the function does not answer; look into its log")
	}
	r := &record.Record{ReplayOf: how.ReplayOf, Request: m, Response: record.Message{Status: http.StatusOK}}
	r.MultiValue = how.MultiValue != nil && *how.MultiValue
	r.ID = f.store.Add(r)
	return r, nil
}

func (f *fake) Compare(ctx context.Context, m record.Message) (single, multi *record.Record, err error) {
	off, on := false, true
	if single, err = f.Send(ctx, m, inspector.Send{MultiValue: &off}); err != nil {
		return nil, nil, err
	}
	multi, err = f.Send(ctx, m, inspector.Send{MultiValue: &on})
	return single, multi, err
}

func (f *fake) Functions() []inspector.FunctionState {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]inspector.FunctionState(nil), f.functions...)
}

func (f *fake) SetMultiValue(function string, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.functions {
		if f.functions[i].Name == function {
			f.functions[i].MultiValue = on
		}
	}
	return nil
}

func (f *fake) Restart(function string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.steered = append(f.steered, function)
	return nil
}

func (f *fake) lastSent(t *testing.T) (record.Message, inspector.Send) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.sent) == 0 {
		t.Fatal("nothing was sent")
	}
	return f.sent[len(f.sent)-1], f.how[len(f.how)-1]
}

// A site is an inspector on a port of its own.
type site struct {
	*httptest.Server

	store   *inspector.Store
	backend *fake
}

func newSite(t *testing.T) *site {
	t.Helper()
	store := inspector.NewStore(100, 1<<20)
	backend := &fake{store: store, functions: []inspector.FunctionState{{Name: "a/b", Phase: "ready"}}}
	handler := inspector.New(store, backend, inspector.Options{Listener: "http://localhost:8080"})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	t.Cleanup(handler.Close)
	return &site{server, store, backend}
}

// call makes a call as the page does, and returns status, body and header.
func (s *site) call(t *testing.T, method, path, body string, edit ...func(*http.Request)) (int, string, http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, f := range edit {
		f(r)
	}
	response, err := s.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer), response.Header
}

// want makes a call that succeeds, and decodes its answer into v.
func (s *site) want(t *testing.T, method, path, body string, v any) {
	t.Helper()
	status, answer, _ := s.call(t, method, path, body)
	if status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if err := json.Unmarshal([]byte(answer), v); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

// secretive is a record with a credential in every place where one may be.
func secretive() *record.Record {
	return &record.Record{
		Request: record.Message{Method: "GET", Target: "/x", Headers: [][2]string{
			{"Host", "localhost:8080"}, {"Authorization", "Bearer sesame-1"}, {"Cookie", "session=sesame-2; theme=sesame-3"},
			{"X-Api-Key", "sesame-4"}, {"Accept", "*/*"},
		}},
		Event: text(`{"path": "/x",  "headers":{"accept":"*/*","authorization":"Bearer sesame-1","cookie":"session=sesame-2; theme=sesame-3",` +
			`"x-api-key":"sesame-4","x-amzn-oidc-data":"sesame-5"}, "body":""}`),
		Answer:   text(`{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["id=sesame-6; Path=/","b=sesame-7"]},"body":"you sent sesame-1"}`),
		Response: record.Message{Status: 200, Headers: [][2]string{{"Set-Cookie", "id=sesame-6; Path=/"}}, Body: text("you sent sesame-1")},
		Error:    "refused sesame-4",
		Log:      []record.Line{{Text: "event: sesame-5 and sesame-2"}},
	}
}

func text(s string) record.Body { return record.Body{Bytes: []byte(s)} }
