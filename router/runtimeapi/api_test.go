package runtimeapi_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

const (
	nextPath     = "/2018-06-01/runtime/invocation/next"
	responsePath = "/2018-06-01/runtime/invocation/%/response" // % is the request ID
	errorPath    = "/2018-06-01/runtime/invocation/%/error"
)

// A fakeProcess speaks the Runtime API by hand.
type fakeProcess struct {
	*testing.T
	rt  *runtimeapi.Runtime
	url string
}

func newFakeProcess(t *testing.T, opts ...runtimeapi.Option) *fakeProcess {
	t.Helper()
	opts = append([]runtimeapi.Option{runtimeapi.WithTimeout(time.Minute)}, opts...)
	rt := runtimeapi.New(nil, opts...)
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close() })
	return &fakeProcess{t, rt, "http://" + rt.Addr()}
}

// invoke begins an invocation, polls for it and returns its ID; outcome then has its end.
func (p *fakeProcess) invoke(payload string) (id string, outcome <-chan outcome) {
	p.Helper()
	c := p.begin(payload)
	res, body := p.do(http.MethodGet, nextPath, nil, nil)
	if res.StatusCode != http.StatusOK || body != payload {
		p.Fatalf("poll answered %d %q, want 200 %q", res.StatusCode, body, payload)
	}
	return res.Header.Get("Lambda-Runtime-Aws-Request-Id"), c
}

type outcome struct {
	response string
	err      error
}

func (p *fakeProcess) begin(payload string) <-chan outcome {
	c := make(chan outcome, 1)
	go func() {
		response, err := p.rt.Invoke(context.Background(), []byte(payload))
		c <- outcome{string(response), err}
	}()
	return c
}

func (p *fakeProcess) do(method, path string, header http.Header, body io.Reader) (*http.Response, string) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, p.url+path, body)
	if err != nil {
		p.Fatal(err)
	}
	for name, values := range header {
		if key, ok := strings.CutPrefix(name, http.TrailerPrefix); ok {
			if req.Trailer == nil {
				req.Trailer = http.Header{}
			}
			req.Trailer[key] = values
			continue
		}
		req.Header[name] = values
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.Fatal(err)
	}
	return res, string(b)
}

const (
	accepted         = `{"status":"OK"}`
	invalidRequestID = `{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}`
	requestTooLarge  = `{"errorMessage":"Exceeded maximum allowed payload size (6291556 bytes).","errorType":"RequestEntityTooLarge"}`
	extensionPath    = "/2020-01-01/extension/register"
	eventPath        = "/2020-01-01/extension/event/next"
)

func (p *fakeProcess) expect(method, path string, header http.Header, body io.Reader, wantStatus int, wantBody string) {
	p.Helper()
	res, got := p.do(method, path, header, body)
	if res.StatusCode != wantStatus || strings.TrimSpace(got) != wantBody {
		p.Errorf("%s %s: %d %s, want %d %s", method, path, res.StatusCode, got, wantStatus, wantBody)
	}
}

func at(path, id string) string { return strings.ReplaceAll(path, "%", id) }

func TestAPIAnswersOnce(t *testing.T) {
	p := newFakeProcess(t)
	id, done := p.invoke(`{"n":1}`)
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("one"), 202, accepted)
	if got := <-done; got != (outcome{"one", nil}) {
		t.Errorf("outcome %+v", got)
	}
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("two"), 400, invalidRequestID)
	p.expect("POST", at(errorPath, id), nil, strings.NewReader("{}"), 400, invalidRequestID)
}

func TestAPIRefuses(t *testing.T) {
	p := newFakeProcess(t)
	id, done := p.invoke(`{}`)
	tests := []struct {
		name       string
		method     string
		path       string
		header     http.Header
		body       string
		wantStatus int
		wantBody   string
	}{
		{"response to an unknown ID", "POST", at(responsePath, "x"), nil, "", 400, invalidRequestID},
		{"error to an unknown ID", "POST", at(errorPath, "x"), nil, "", 400, invalidRequestID},
		{"unknown response mode", "POST", at(responsePath, id), http.Header{"Lambda-Runtime-Function-Response-Mode": {"rush"}}, "",
			400, `{"errorMessage":"Invalid function response mode","errorType":"InvalidFunctionResponseMode"}`},
		{"response by GET", "GET", at(responsePath, id), nil, "", 405, "Method Not Allowed"},
		{"poll by POST", "POST", nextPath, nil, "", 405, "Method Not Allowed"},
		{"poll by HEAD", "HEAD", nextPath, nil, "", 405, ""},
		{"unknown path", "GET", "/2018-06-01/runtime", nil, "", 404, "404 page not found"},
		{"extension without a name", "POST", extensionPath, nil, `{}`, 403,
			`{"errorMessage":"Empty extension name","errorType":"Extension.InvalidExtensionName"}`},
		{"extension that wants events", "POST", extensionPath, http.Header{"Lambda-Extension-Name": {"x"}}, `{"events":["INVOKE"]}`, 403,
			`{"errorMessage":"INVOKE: this emulator delivers no events to extensions; register for none","errorType":"Extension.InvalidEventType"}`},
		{"extension without a document", "POST", extensionPath, http.Header{"Lambda-Extension-Name": {"x"}}, ``, 403,
			`{"errorMessage":"EOF","errorType":"InvalidRequestFormat"}`},
		{"event for nobody", "GET", eventPath, nil, "", 403,
			`{"errorMessage":"Missing Lambda-Extension-Identifier header","errorType":"Extension.MissingExtensionIdentifier"}`},
		{"event for a stranger", "GET", eventPath, http.Header{"Lambda-Extension-Identifier": {"x"}}, "", 403,
			`{"errorMessage":"Unknown extension x","errorType":"Extension.UnknownExtensionIdentifier"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &fakeProcess{t, p.rt, p.url}
			p.expect(tt.method, tt.path, tt.header, strings.NewReader(tt.body), tt.wantStatus, tt.wantBody)
		})
	}

	p.expect("POST", at(responsePath, id), nil, strings.NewReader("still mine"), 202, accepted)
	if got := <-done; got.response != "still mine" {
		t.Errorf("outcome %+v", got)
	}
}

func TestAPIFunctionErrors(t *testing.T) {
	report := `{"errorMessage":"gone","errorType":"Late","stackTrace":["a",{"path":"m/x.go","line":7,"label":"f"},[1]]}`
	reported := &runtimeapi.FunctionError{
		Type: "Late", Message: "gone", StackTrace: []string{"a", "m/x.go:7 f", "[1]"}, Payload: []byte(report),
	}
	named := &runtimeapi.FunctionError{Type: "Named", Payload: []byte(`{"errorType":"Named","errorMessage":""}`)}
	trailer := func(typ, body string) http.Header {
		return http.Header{
			http.TrailerPrefix + "Lambda-Runtime-Function-Error-Type": {typ},
			http.TrailerPrefix + "Lambda-Runtime-Function-Error-Body": {body},
			"Lambda-Runtime-Function-Response-Mode":                   {"streaming"},
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(report))
	header := http.Header{"Lambda-Runtime-Function-Error-Type": {"Named"}}
	tests := []struct {
		name   string
		path   string
		header http.Header
		body   string
		want   *runtimeapi.FunctionError
	}{
		{"document", errorPath, header, report, reported},
		{"type in a header", errorPath, header, "", named},
		{"text, type in a header", errorPath, header, "went wrong", named},
		{"null, type in a header", errorPath, header, "null", named},
		{"neither", errorPath, nil, "", &runtimeapi.FunctionError{
			Type: "Runtime.Unknown", Payload: []byte(`{"errorType":"Runtime.Unknown","errorMessage":""}`)}},
		{"trailers", responsePath, trailer("Late", encoded), "half a resp", reported},
		{"trailers without a document", responsePath, trailer("Named", ""), "half a resp", named},
		{"trailers that are not base64", responsePath, trailer("Named", "~"), "half a resp", named},
	}
	p := newFakeProcess(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &fakeProcess{t, p.rt, p.url}
			id, done := p.invoke(`{}`)
			// a body of unknown length is sent in chunks, which trailers need
			p.expect("POST", at(tt.path, id), tt.header, io.MultiReader(strings.NewReader(tt.body)), 202, accepted)
			got := <-done
			if diff := cmp.Diff(tt.want, got.err); diff != "" || got.response != "" {
				t.Errorf("response %q, error (-want +got):\n%s", got.response, diff)
			}
		})
	}
}

func TestAPISizeLimit(t *testing.T) {
	const limit = 6291556
	p := newFakeProcess(t)
	for _, path := range []string{responsePath, errorPath} {
		id, done := p.invoke(`{}`)
		p.expect("POST", at(path, id), nil, bytes.NewReader(make([]byte, limit+1)), 413, requestTooLarge)
		fe, ok := errors.AsType[*runtimeapi.FunctionError]((<-done).err)
		if !ok || fe.Type != "Function.ResponseSizeTooLarge" {
			t.Errorf("error %v, want Function.ResponseSizeTooLarge", fe)
		}
	}
	id, done := p.invoke(`{}`)
	p.expect("POST", at(responsePath, id), nil, bytes.NewReader(make([]byte, limit)), 202, accepted)
	if got := <-done; len(got.response) != limit || got.err != nil {
		t.Errorf("%d bytes, %v; want %d", len(got.response), got.err, limit)
	}
}

// A response that comes after the deadline is refused, and the next invocation does not get it.
func TestAPILateResponse(t *testing.T) {
	p := newFakeProcess(t, runtimeapi.WithTimeout(500*time.Millisecond))
	id, done := p.invoke(`{}`)
	if fe, ok := errors.AsType[*runtimeapi.FunctionError]((<-done).err); !ok || fe.Type != "Sandbox.Timedout" {
		t.Fatalf("error %v, want Sandbox.Timedout", fe)
	}
	next, done := p.invoke(`{}`)
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("late"), 400, invalidRequestID)
	p.expect("POST", at(responsePath, next), nil, strings.NewReader("in time"), 202, accepted)
	if got := <-done; got != (outcome{"in time", nil}) {
		t.Errorf("outcome %+v", got)
	}
}

func TestAPITruncatedResponse(t *testing.T) {
	p := newFakeProcess(t)
	id, done := p.invoke(`{}`)
	r := httptest.NewRequest("POST", at(responsePath, id), io.MultiReader(strings.NewReader("half"), brokenReader{}))
	w := httptest.NewRecorder()
	p.rt.ServeHTTP(w, r)
	if w.Code != 400 || !strings.Contains(w.Body.String(), "TruncatedHTTPRequest") {
		t.Errorf("answer %d %s, want 400 TruncatedHTTPRequest", w.Code, w.Body)
	}
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("whole"), 202, accepted)
	if got := <-done; got != (outcome{"whole", nil}) {
		t.Errorf("outcome %+v", got)
	}
}

// A poll that its process gave up takes no invocation along.
func TestAPIAbandonedPoll(t *testing.T) {
	p := newFakeProcess(t)
	ctx, cancel := context.WithCancel(t.Context())
	polled := make(chan struct{})
	go func() {
		defer close(polled)
		r := httptest.NewRequestWithContext(ctx, "GET", nextPath, nil)
		p.rt.ServeHTTP(httptest.NewRecorder(), r)
	}()
	eventually(t, "the poll arrives", func() bool { return p.rt.InitDuration() > 0 })
	cancel()
	<-polled
	id, done := p.invoke(`{}`)
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("ok"), 202, accepted)
	if got := <-done; got != (outcome{"ok", nil}) {
		t.Errorf("outcome %+v", got)
	}
}

func TestAPIWrongTime(t *testing.T) {
	rt := newRuntime(t, "unruly")
	got, err := invoke(t, rt, request{})
	const want = "403 InvalidStateTransition, 403 InvalidStateTransition, 403 Extension.RegistrationClosed"
	if err != nil || got.Text != want {
		t.Errorf("a second poll, an init error and a registration got %q, %v; want %q", got.Text, err, want)
	}
}

// Where there is no init phase, a process that reports its failure is only heard.
func TestAPIInitErrorByHand(t *testing.T) {
	p := newFakeProcess(t)
	p.expect("POST", "/2018-06-01/runtime/init/error", nil, strings.NewReader(`{"errorType":"X"}`), 202, accepted)
	id, done := p.invoke(`{}`)
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("ok"), 202, accepted)
	if got := <-done; got != (outcome{"ok", nil}) {
		t.Errorf("outcome %+v", got)
	}
}

// Where processes come and go by hand, a poll that should not be is that of the next process.
func TestAPISuccessor(t *testing.T) {
	p := newFakeProcess(t)
	old, lost := p.invoke(`"old"`)
	id, done := p.invoke(`"new"`)
	if fe, ok := errors.AsType[*runtimeapi.FunctionError]((<-lost).err); !ok || fe.Type != "Runtime.ExitError" {
		t.Errorf("the predecessor's invocation: %v, want Runtime.ExitError", fe)
	}
	p.expect("POST", at(responsePath, old), nil, strings.NewReader("late"), 400, invalidRequestID)
	p.expect("POST", at(responsePath, id), nil, strings.NewReader("ok"), 202, accepted)
	if got := <-done; got != (outcome{"ok", nil}) {
		t.Errorf("outcome %+v", got)
	}
}

// Several polls at once share one environment, up to its concurrency.
func TestAPISeveralPolls(t *testing.T) {
	p := newFakeProcess(t, runtimeapi.WithConcurrency(2))
	a, doneA := p.invoke(`"a"`)
	b, doneB := p.invoke(`"b"`)
	p.expect("POST", at(responsePath, b), nil, strings.NewReader("for b"), 202, accepted)
	p.expect("POST", at(responsePath, a), nil, strings.NewReader("for a"), 202, accepted)
	if a, b := <-doneA, <-doneB; a.response != "for a" || b.response != "for b" {
		t.Errorf("outcomes %+v and %+v", a, b)
	}
}

func TestAPIEndsWithClose(t *testing.T) {
	p := newFakeProcess(t)
	server := httptest.NewServer(p.rt) // one that Close does not close
	defer server.Close()
	p.url = server.URL
	res, body := p.do("POST", extensionPath, http.Header{"Lambda-Extension-Name": {"x"}}, strings.NewReader(`{"events":null}`))
	id := res.Header.Get("Lambda-Extension-Identifier")
	if want := `{"functionName":"function","functionVersion":"$LATEST","handler":"bootstrap"}`; strings.TrimSpace(body) != want || id == "" {
		t.Errorf("registration answered %s with identifier %q, want %s", body, id, want)
	}

	ended := make(chan struct{})
	for _, poll := range []struct {
		path   string
		header http.Header
	}{{nextPath, nil}, {eventPath, http.Header{"Lambda-Extension-Identifier": {id}}}} {
		go func() {
			p.expect("GET", poll.path, poll.header, nil, 500, `{"errorMessage":"Internal Server Error","errorType":"InternalServerError"}`)
			ended <- struct{}{}
		}()
	}
	eventually(t, "the poll arrives", func() bool { return p.rt.InitDuration() > 0 })
	p.rt.Close()
	<-ended
	<-ended
}

// A caller that leaves may reuse its payload, even while the process is still reading it.
func TestAPIOwnsThePayload(t *testing.T) {
	p := newFakeProcess(t)
	w := &gatedWriter{ResponseRecorder: httptest.NewRecorder(), begun: make(chan struct{}), open: make(chan struct{})}
	polled := make(chan struct{})
	go func() {
		defer close(polled)
		p.rt.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", nextPath, nil))
	}()

	ctx, cancel := context.WithCancel(t.Context())
	payload := []byte(`"mine"`)
	left := make(chan struct{})
	go func() {
		defer close(left)
		_, _ = p.rt.Invoke(ctx, payload)
	}()
	<-w.begun
	cancel()
	<-left
	copy(payload, `"next"`)
	close(w.open)
	<-polled
	if got := w.Body.String(); got != `"mine"` {
		t.Errorf("the process read %s", got)
	}
}

// A gatedWriter tells of a Write and lets it wait.
type gatedWriter struct {
	*httptest.ResponseRecorder
	begun, open chan struct{}
}

func (w *gatedWriter) Write(b []byte) (int, error) {
	close(w.begun)
	<-w.open
	return w.ResponseRecorder.Write(b)
}
