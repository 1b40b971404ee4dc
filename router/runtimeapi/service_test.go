package runtimeapi_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

const invokePath = "/2015-03-31/functions/function/invocations"

// serve sends a request of the Lambda service to the function.
func serve(t *testing.T, rt http.Handler, path, body string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body)).WithContext(t.Context())
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	rt.ServeHTTP(w, r)
	return w.Result()
}

func readAll(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestServiceInvoke(t *testing.T) {
	rt := newRuntime(t, "function", runtimeapi.WithFunctionName("orders"), runtimeapi.WithRegion("eu-west-1"))
	const arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders"
	tests := []struct {
		name    string
		path    string
		wantARN string
	}{
		{"by name", "/2015-03-31/functions/orders/invocations", arn},
		{"by the emulators' name", invokePath, arn},
		{"by ARN", "/2015-03-31/functions/" + arn + "/invocations", arn},
		{"by escaped ARN", "/2015-03-31/functions/" + strings.ReplaceAll(arn, ":", "%3A") + "%3Aprod/invocations", arn + ":prod"},
		{"by partial ARN", "/2015-03-31/functions/123456789012:function:orders/invocations", arn},
		{"by alias", "/2015-03-31/functions/orders:prod/invocations", arn + ":prod"},
		{"by qualifier", "/2015-03-31/functions/orders/invocations?Qualifier=prod", arn + ":prod"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := serve(t, rt, tt.path, `{"Do":"echo","Text":"hi"}`, map[string]string{"X-Amzn-Trace-Id": "Root=1-a-b"})
			if res.StatusCode != 200 || res.Header.Get("X-Amz-Executed-Version") != "$LATEST" || res.Header.Get("X-Amz-Function-Error") != "" {
				t.Errorf("status %d, header %v", res.StatusCode, res.Header)
			}
			var rep reply
			if err := json.NewDecoder(res.Body).Decode(&rep); err != nil {
				t.Fatal(err)
			}
			if rep.Text != "hi" || rep.ARN != tt.wantARN || !strings.HasPrefix(rep.TraceID, "Root=1-a-b;") {
				t.Errorf("got %+v, want ARN %s", rep, tt.wantARN)
			}
			if id := res.Header.Get("X-Amzn-Requestid"); id != rep.RequestID {
				t.Errorf("request ID %q, the function's %q", id, rep.RequestID)
			}
		})
	}
}

func TestServiceFunctionError(t *testing.T) {
	rt := newRuntime(t, "function")
	res := serve(t, rt, invokePath, `{"Do":"error","Text":"no such order"}`, nil)
	if got := res.Header.Get("X-Amz-Function-Error"); res.StatusCode != 200 || got != "Unhandled" {
		t.Errorf("status %d, X-Amz-Function-Error %q; want 200, Unhandled", res.StatusCode, got)
	}
	if got, want := readAll(t, res.Body), `{"errorMessage":"no such order","errorType":"errorString"}`; got != want {
		t.Errorf("body %s, want %s", got, want)
	}

	res = serve(t, rt, invokePath, `{"Do":"exit"}`, nil)
	want := `^{"errorType":"Runtime.ExitError","errorMessage":"RequestId: ` + res.Header.Get("X-Amzn-Requestid") +
		` Error: Runtime exited with error: exit status 3"}$`
	if got := readAll(t, res.Body); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("body %s, want %s", got, want)
	}
}

func TestServiceLogTail(t *testing.T) {
	rt := newRuntime(t, "function")
	tail := func(req string, header map[string]string) string {
		t.Helper()
		res := serve(t, rt, invokePath, req, header)
		b, err := base64.StdEncoding.DecodeString(res.Header.Get("X-Amz-Log-Result"))
		if res.StatusCode != 200 || err != nil {
			t.Fatalf("status %d, %v", res.StatusCode, err)
		}
		return string(b)
	}
	want := map[string]string{"X-Amz-Log-Type": "Tail"}

	// the end of the process brings its whole log
	if got := tail(`{"Do":"panic","Text":"nil map"}`, want); !strings.Contains(got, `"errorMessage":"nil map"`) {
		t.Errorf("log %q, want the panic", got)
	}
	long := strings.Repeat("x", 5000)
	eventually(t, "the tail of a long log", func() bool {
		got := tail(`{"Do":"log","Text":"`+long+`"}`, want)
		return len(got) == 4096 && strings.HasSuffix(got, "x\n")
	})
	if got := tail(`{"Do":"log","Text":"unasked"}`, nil); got != "" {
		t.Errorf("log %q, want none: nobody asked", got)
	}
}

func TestServiceInvocationTypes(t *testing.T) {
	var errs lockedBuffer
	rt := newRuntime(t, "function", runtimeapi.WithStderr(&errs))

	res := serve(t, rt, invokePath, `{"Do":"log","Text":"dry"}`, map[string]string{"X-Amz-Invocation-Type": "DryRun"})
	if res.StatusCode != 204 {
		t.Errorf("DryRun: status %d, want 204", res.StatusCode)
	}
	res = serve(t, rt, invokePath, `{"Do":"log","Text":"event"}`, map[string]string{"X-Amz-Invocation-Type": "Event"})
	if res.StatusCode != 202 || res.Header.Get("X-Amzn-Requestid") == "" || readAll(t, res.Body) != "" {
		t.Errorf("Event: status %d, header %v; want 202", res.StatusCode, res.Header)
	}
	eventually(t, "the event is handled", func() bool { return strings.Contains(errs.String(), "event") })
	if strings.Contains(errs.String(), "dry") {
		t.Error("DryRun ran the function")
	}

	// one that hangs does not hold up Close
	serve(t, rt, invokePath, `{"Do":"hang"}`, map[string]string{"X-Amz-Invocation-Type": "Event"})
	rt.Close()
	res = serve(t, rt, invokePath, `{}`, map[string]string{"X-Amz-Invocation-Type": "Event"})
	if res.StatusCode != 500 {
		t.Errorf("Event after Close: status %d, want 500", res.StatusCode)
	}
}

// What the process is handed is what the client sent.
func TestServicePassesOn(t *testing.T) {
	p := newFakeProcess(t)
	tests := []struct {
		name        string
		body        string
		context     string
		wantPayload string
	}{
		{"payload", `{"a": "é<>"}`, "", `{"a": "é<>"}`},
		{"no payload", "", "", "{}"},
		{"client context", "1", `{"custom":{"k":"v"}}`, "1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := &fakeProcess{t, p.rt, p.url}
			answer := make(chan *http.Response)
			go func() {
				answer <- serve(t, p.rt, invokePath, tt.body, map[string]string{
					"X-Amz-Client-Context": base64.StdEncoding.EncodeToString([]byte(tt.context)),
				})
			}()
			res, payload := p.do("GET", nextPath, nil, nil)
			if payload != tt.wantPayload {
				t.Errorf("payload %q, want %q", payload, tt.wantPayload)
			}
			if got := res.Header.Get("Lambda-Runtime-Client-Context"); got != tt.context {
				t.Errorf("client context %q, want %q", got, tt.context)
			}
			id := res.Header.Get("Lambda-Runtime-Aws-Request-Id")
			p.expect("POST", at(responsePath, id), nil, strings.NewReader("not JSON"), 202, accepted)
			if got := readAll(t, (<-answer).Body); got != "not JSON" {
				t.Errorf("answer %q, want the bytes of the function", got)
			}
		})
	}
}

func TestServiceRefuses(t *testing.T) {
	rt := runtimeapi.New(nil, runtimeapi.WithTimeout(time.Minute))
	defer rt.Close()
	event := map[string]string{"X-Amz-Invocation-Type": "Event"}
	tests := []struct {
		name       string
		path       string
		body       string
		header     map[string]string
		wantStatus int
		wantType   string
	}{
		{"unknown function", "/2015-03-31/functions/other/invocations", "{}", nil, 404, "ResourceNotFoundException"},
		{"bad qualifier", invokePath + "?Qualifier=a%0Db", "{}", nil, 400, "InvalidParameterValueException"},
		{"unknown type", invokePath, "{}", map[string]string{"X-Amz-Invocation-Type": "Later"}, 400, "InvalidParameterValueException"},
		{"not JSON", invokePath, "{", nil, 400, "InvalidRequestContentException"},
		{"context not base64", invokePath, "{}", map[string]string{"X-Amz-Client-Context": "~"}, 400, "InvalidRequestContentException"},
		{"context not JSON", invokePath, "{}", map[string]string{"X-Amz-Client-Context": "eA=="}, 400, "InvalidRequestContentException"},
		{"over 6 MB", invokePath, quoted(6291557), nil, 413, "RequestTooLargeException"},
		{"over 1 MB, asynchronous", invokePath, quoted(1048577), event, 413, "RequestTooLargeException"},
		{"1 MB, asynchronous", invokePath, quoted(1048576), event, 202, ""},
		{"6 MB, dry", invokePath, quoted(6291556), map[string]string{"X-Amz-Invocation-Type": "DryRun"}, 204, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res := serve(t, rt, tt.path, tt.body, tt.header)
			if got := res.Header.Get("X-Amzn-Errortype"); res.StatusCode != tt.wantStatus || got != tt.wantType {
				t.Errorf("%d %s, want %d %s", res.StatusCode, got, tt.wantStatus, tt.wantType)
			}
			if tt.wantType == "" {
				return
			}
			var body struct{ Type, Message string }
			if err := json.NewDecoder(res.Body).Decode(&body); err != nil || body.Type != "User" || body.Message == "" {
				t.Errorf("body %+v, %v; want a user's error with a message", body, err)
			}
		})
	}
}

// quoted is a JSON string of n bytes, quotes included.
func quoted(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
