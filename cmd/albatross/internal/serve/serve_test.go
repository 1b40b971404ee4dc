package serve_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/cmd/albatross/internal/serve"
	"github.com/albatross-go/albatross/router/balancer"
)

// With this variable set, the test binary is the function under test.
const bootstrapVariable = "SERVE_TEST_BOOTSTRAP"

func TestMain(m *testing.M) {
	if os.Getenv(bootstrapVariable) == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(bootstrapVariable) == "never" {
		fmt.Println("never polls")
		time.Sleep(time.Hour)
	}
	lambda.Start(func(event map[string]any) (any, error) {
		fmt.Println("got", event["path"])
		switch event["path"] {
		case "/error":
			return nil, errors.New("the database is down")
		case "/exit":
			os.Exit(7)
		case "/hang":
			select {}
		case "/traceback":
			fmt.Println("Traceback\r  File")
		}
		echo, err := json.Marshal(event)
		if err != nil {
			return nil, err
		}
		response := map[string]any{"statusCode": 200, "body": string(echo)}
		if event["headers"] != nil || event["path"] == "/single" { // the fault of the second is that it knows one mode
			response["headers"] = map[string]string{"Content-Type": "application/json"}
		} else {
			response["multiValueHeaders"] = map[string][]string{"Content-Type": {"application/json"}}
		}
		return response, nil
	})
}

// terminal is what the tool prints. Its methods may be called together.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(p)
}

func (t *terminal) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

// wait returns the first submatch of the expression, once it is there.
func (t *terminal) wait(tb testing.TB, expression string) string {
	tb.Helper()
	re := regexp.MustCompile(expression)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if found := re.FindStringSubmatch(t.String()); found != nil {
			return found[1]
		}
		if time.Now().After(deadline) {
			tb.Fatalf("no %s in\n%s", expression, t)
		}
	}
}

// A running server and what it prints.
type running struct {
	url, inspector string
	stdout, stderr terminal
}

func spec(t testing.TB, name string) serve.Function {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return serve.Function{Spec: function.Spec{
		Name: name, Command: []string{exe}, Dir: t.TempDir(), Env: []string{bootstrapVariable + "=1"}, Timeout: time.Second, NoWatch: true,
	}}
}

func run(t testing.TB, c serve.Config) *running {
	t.Helper()
	r := new(running)
	c.Addr, c.Inspector, c.Stdout, c.Stderr = "127.0.0.1:0", "127.0.0.1:0", &r.stdout, &r.stderr
	s, err := serve.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	r.url = r.stderr.wait(t, `listener on (https?://\S+);`)
	r.inspector = r.stderr.wait(t, `inspector on (http://\S+)`)
	return r
}

func fetch(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// record returns a record as the inspector gives it, once done says so.
func (r *running) record(t *testing.T, id int, done func(record.Record) bool) record.Record {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		_, text := fetch(t, http.MethodGet, fmt.Sprintf("%s/api/requests/%d", r.inspector, id), "")
		var rec record.Record
		if err := json.Unmarshal([]byte(text), &rec); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if done(rec) {
			return rec
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s", text)
		}
	}
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal([]byte(a), &x), json.Unmarshal([]byte(b), &y)); err != nil {
		t.Fatal(err)
	}
	return cmp.Equal(x, y)
}

func hasLog(rec record.Record) bool { return len(rec.Log) > 0 && rec.Response.Status != 0 }

func TestRecord(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	status, body := fetch(t, http.MethodPost, r.url+"/echo?a=1&a=2", `{"x":1}`)
	var event struct{ QueryStringParameters map[string]string }
	if err := json.Unmarshal([]byte(body), &event); err != nil || status != http.StatusOK || event.QueryStringParameters["a"] != "2" {
		t.Fatalf("%d %s", status, body)
	}

	rec := r.record(t, 1, hasLog)
	if rec.Function != "orders" || rec.Rule != "default" || rec.MultiValue || rec.Duration <= 0 || len(rec.Findings) > 0 {
		t.Errorf("%+v", rec)
	}
	if rec.Request.Method != http.MethodPost || rec.Request.Target != "/echo?a=1&a=2" || string(rec.Request.Body.Bytes) != `{"x":1}` {
		t.Errorf("request %+v", rec.Request)
	}
	if !sameJSON(t, string(rec.Event.Bytes), body) || !strings.Contains(string(rec.Answer.Bytes), `"statusCode":200`) {
		t.Errorf("event %s, answer %s", rec.Event.Bytes, rec.Answer.Bytes)
	}
	if rec.Response.Status != http.StatusOK || string(rec.Response.Body.Bytes) != body {
		t.Errorf("response %+v", rec.Response)
	}
	if inv := rec.Invocation; inv == nil || inv.RequestID == "" || !inv.Cold || inv.Init <= 0 {
		t.Errorf("invocation %+v", rec.Invocation)
	}
	if rec.Log[0].Text != "got /echo" {
		t.Errorf("log %+v", rec.Log)
	}
	r.stderr.wait(t, `("POST /echo\?a=1&a=2" 200 \S+ cold, init \d+ms)`)
	r.stdout.wait(t, `(got /echo)`)
}

// What the client gets as a blank 502 is explained in the record and in the terminal, and the next request is served.
func TestFindings(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	tests := []struct{ path, reason, problem, remedy string }{
		{"/error", "LambdaUnhandled", "the database is down", "answer with a status of your own"},
		{"/exit", "LambdaUnhandled", "exit status 7", "answer with a status of your own"},
		{"/hang", "LambdaUnhandled", "timed out", "--timeout"},
	}
	for i, tt := range tests {
		if status, _ := fetch(t, http.MethodGet, r.url+tt.path, ""); status != http.StatusBadGateway {
			t.Errorf("%s: status %d", tt.path, status)
		}
		rec := r.record(t, i+1, hasLog)
		if rec.Reason != tt.reason || len(rec.Findings) != 1 {
			t.Fatalf("%s: %s %+v", tt.path, rec.Reason, rec.Findings)
		}
		if f := rec.Findings[0]; !strings.Contains(f.Problem, tt.problem) || !strings.Contains(f.Remedy, tt.remedy) {
			t.Errorf("%s: %+v", tt.path, f)
		}
		if answer := string(rec.Answer.Bytes); !strings.Contains(answer, `"errorMessage":`) {
			t.Errorf("%s: the invocation's answer is %q", tt.path, answer)
		}
		r.stderr.wait(t, `(balancer: GET `+tt.path+`: 502 LambdaUnhandled: .*`+tt.problem+`)`)
	}
	if status, _ := fetch(t, http.MethodGet, r.url+"/ok", ""); status != http.StatusOK {
		t.Errorf("after all that: status %d", status)
	}
}

func TestReplayAndModes(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	fetch(t, http.MethodGet, r.url+"/single?a=1&a=2", "")

	_, text := fetch(t, http.MethodPost, r.inspector+"/api/requests/1/replay", `{"multiValueHeaders":true}`)
	var again record.Record
	if err := json.Unmarshal([]byte(text), &again); err != nil || again.ID != 2 || again.ReplayOf != 1 || !again.MultiValue {
		t.Fatalf("%s", text)
	}
	if !strings.Contains(string(again.Event.Bytes), `"multiValueQueryStringParameters":{"a":["1","2"]}`) {
		t.Errorf("event %s", again.Event.Bytes)
	}
	if len(again.Findings) == 0 || again.Response.Status != http.StatusOK { // octet-stream: the story of the user
		t.Errorf("%+v", again)
	}

	if status, text := fetch(t, http.MethodPut, r.inspector+"/api/functions/orders/mode", `{"multiValueHeaders":true}`); status >= 300 {
		t.Fatalf("%d %s", status, text)
	}
	_, body := fetch(t, http.MethodGet, r.url+"/echo?a=1&a=2", "")
	if !strings.Contains(body, `"multiValueHeaders"`) {
		t.Errorf("the mode was not switched: %s", body)
	}

	_, text = fetch(t, http.MethodPost, r.inspector+"/api/requests/1/compare", `{}`)
	var both struct{ Single, Multi record.Record }
	if err := json.Unmarshal([]byte(text), &both); err != nil || both.Single.MultiValue || !both.Multi.MultiValue {
		t.Errorf("%v %s", err, text)
	}
}

func TestRules(t *testing.T) {
	forward := func(name string) []listener.Action { return []listener.Action{{Type: "forward", TargetGroupArn: name}} }
	path := func(pattern string) []listener.Condition {
		return []listener.Condition{{Field: "path-pattern", PathPatternConfig: &listener.Patterns{Values: []string{pattern}}}}
	}
	users := spec(t, "users")
	users.TargetGroupARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/users/1"
	r := run(t, serve.Config{
		Functions: []serve.Function{spec(t, "orders"), users},
		Rules: []listener.Rule{
			{Priority: 10, Conditions: path("/users/*"), Actions: forward(users.TargetGroupARN)},
			{Priority: 20, Conditions: path("/gone"), Actions: []listener.Action{{Type: "fixed-response",
				FixedResponseConfig: &listener.FixedResponse{StatusCode: "410", MessageBody: "gone"}}}},
			{IsDefault: true, Actions: forward("orders")},
		},
	})
	if _, body := fetch(t, http.MethodGet, r.url+"/users/7", ""); !strings.Contains(body, users.TargetGroupARN) {
		t.Errorf("users: %s", body)
	}
	if status, body := fetch(t, http.MethodGet, r.url+"/gone", ""); status != http.StatusGone || body != "gone" {
		t.Errorf("gone: %d %s", status, body)
	}
	fetch(t, http.MethodGet, r.url+"/else", "")
	for i, want := range []struct{ function, rule string }{{"users", "10"}, {"", "20"}, {"orders", "default"}} {
		rec := r.record(t, i+1, func(rec record.Record) bool { return rec.Response.Status != 0 })
		if rec.Function != want.function || rec.Rule != want.rule {
			t.Errorf("record %d: function %q by rule %q, want %q by %q", i+1, rec.Function, rec.Rule, want.function, want.rule)
		}
	}
	r.stdout.wait(t, `(users \| got /users/7)`)
	r.stdout.wait(t, `(orders \| got /else)`)

	_, err := serve.New(serve.Config{Functions: []serve.Function{spec(t, "orders")}, Rules: []listener.Rule{{IsDefault: true, Actions: forward("nobody")}}, Stderr: io.Discard})
	if err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an unknown target: %v", err)
	}
}

func TestJSON(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}, JSON: true})
	for i := range 3 {
		fetch(t, http.MethodGet, fmt.Sprintf("%s/%d", r.url, i), "")
	}
	r.stdout.wait(t, `(?s)((?:\{.*?\}\n){3})`)
	lines := bufio.NewScanner(strings.NewReader(r.stdout.String()))
	for n := 0; lines.Scan(); n++ {
		var rec record.Record
		if err := json.Unmarshal(lines.Bytes(), &rec); err != nil || rec.Request.Target != fmt.Sprintf("/%d", n) || rec.ID != int64(n+1) {
			t.Errorf("line %d: %v %s", n, err, lines.Text())
		}
	}
	r.stderr.wait(t, `(got /2)`)
}

func TestInvokeCall(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders"), spec(t, "users")}})
	for name, want := range map[string]int{
		"orders": 200, "users": 200, "function": 200, "users:live": 200, "nobody": 404,
		"arn:aws:lambda:eu-west-1:123456789012:function:users": 200,
	} {
		status, body := fetch(t, http.MethodPost, r.inspector+"/2015-03-31/functions/"+name+"/invocations", `{"path":"/direct"}`)
		if status != want {
			t.Errorf("%s: %d %s, want %d", name, status, body, want)
		}
	}
}

// A body that the load balancer refuses, or a rule answers without, is not read. The record must not look as if there had been none.
func TestUnreadBodies(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}, Rules: []listener.Rule{
		{Priority: 1, Conditions: []listener.Condition{{Field: "path-pattern", Values: []string{"/fixed"}}},
			Actions: []listener.Action{{Type: "fixed-response", FixedResponseConfig: &listener.FixedResponse{StatusCode: "200"}}}},
		{IsDefault: true, Actions: []listener.Action{{Type: "forward", TargetGroupArn: "orders"}}},
	}})
	for i, test := range []struct {
		name, path string
		body       io.Reader
		status     int
		want       int64 // bytes that are not in the record
	}{
		{"too large", "/", strings.NewReader(strings.Repeat("x", 2<<20)), http.StatusRequestEntityTooLarge, 2 << 20},
		{"not wanted", "/fixed", strings.NewReader("body"), http.StatusOK, 4},
		{"of unknown length", "/fixed", io.MultiReader(strings.NewReader("body")), http.StatusOK, 1},
		{"none", "/fixed", nil, http.StatusOK, 0},
		{"read", "/", strings.NewReader("body"), http.StatusOK, 0},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+test.path, test.body)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		rec := r.record(t, 2*i+1, func(rec record.Record) bool { return rec.Response.Status != 0 })
		if got := rec.Request.Body; res.StatusCode != test.status || got.Truncated != test.want {
			t.Errorf("%s: status %d, %d bytes and %d more", test.name, res.StatusCode, len(got.Bytes), got.Truncated)
		}
		status, text := fetch(t, http.MethodPost, fmt.Sprintf("%s/api/requests/%d/replay", r.inspector, 2*i+1), "")
		if refused := status == http.StatusBadRequest; refused != (test.want > 0) {
			t.Errorf("%s: the replay of a part: %d %s", test.name, status, text)
		}
		if test.want > 0 {
			fetch(t, http.MethodGet, r.url+"/fixed", "") // takes the ID of a replay
		}
	}
}

// The page's requests come over the listener's protocol too.
func TestSendOverTLS(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}, TLS: true})
	status, text := fetch(t, http.MethodPost, r.inspector+"/api/requests", `{"request":{"method":"GET","target":"/"}}`)
	if status != http.StatusOK || !strings.Contains(text, `\"x-forwarded-proto\":\"https\"`) {
		t.Errorf("%d %s", status, text)
	}
}

// All that the inspector's port serves runs functions or tells of them: nothing of it is for other sites, nor for a site that points
// its name at this machine.
func TestForeignCalls(t *testing.T) {
	login := balancer.WithOIDC(map[string]any{"sub": "user-1"})
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}, Login: login})
	port := r.inspector[strings.LastIndexByte(r.inspector, ':'):]
	for _, call := range []struct{ method, path string }{
		{http.MethodPost, "/2015-03-31/functions/orders/invocations"},
		{http.MethodGet, "/public-keys/key"},
		{http.MethodGet, "/api/requests"},
		{http.MethodGet, "/"},
	} {
		for _, from := range []struct {
			host, site string
			refused    int
		}{
			{"evil.example" + port, "same-origin", http.StatusMisdirectedRequest},
			{"evil.example" + port, "", http.StatusMisdirectedRequest},
			{"localhost" + port, "same-site", http.StatusForbidden},
			{"localhost" + port, "cross-site", http.StatusForbidden},
		} {
			if call.path == "/" && from.refused == http.StatusForbidden {
				continue // a link to the page may be anywhere
			}
			req, err := http.NewRequestWithContext(t.Context(), call.method, r.inspector+call.path, strings.NewReader(`{"path":"/foreign"}`))
			if err != nil {
				t.Fatal(err)
			}
			req.Host = from.host
			if from.site != "" {
				req.Header.Set("Sec-Fetch-Site", from.site)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != from.refused {
				t.Errorf("%s %s as %+v: %d", call.method, call.path, from, res.StatusCode)
			}
		}
	}
	if strings.Contains(r.stdout.String(), "/foreign") {
		t.Error("the function was invoked")
	}
}

// Who ends the tool while a function starts does not have to wait for it, and is not told that it serves.
func TestEndDuringStart(t *testing.T) {
	fn := spec(t, "orders")
	fn.Env = []string{bootstrapVariable + "=never"}
	var out terminal
	s, err := serve.New(serve.Config{Functions: []serve.Function{fn}, Addr: "127.0.0.1:0", Stdout: &out, Stderr: &out})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	out.wait(t, `(never polls)`)
	cancel()
	if err := <-ended; err != nil || strings.Contains(out.String(), "listener on") {
		t.Errorf("%v: %s", err, &out)
	}
}

// Lambda's runtime clients separate the lines of one entry by carriage returns, with which a terminal overwrites what it has shown.
func TestCarriageReturns(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	fetch(t, http.MethodGet, r.url+"/traceback", "")
	r.stdout.wait(t, `(?m)(^Traceback\n  File$)`)
}

func TestPortInUse(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	c := serve.Config{Functions: []serve.Function{spec(t, "orders")}, Stdout: io.Discard, Stderr: io.Discard, Addr: strings.TrimPrefix(r.url, "http://")}
	s, err := serve.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--port") {
		t.Errorf("%v", err)
	}
}

// Neither a request that hangs nor a page that listens holds up who wants the tool to end.
func TestEndInAHurry(t *testing.T) {
	fn := spec(t, "orders")
	fn.Timeout = time.Minute
	hurry := make(chan struct{})
	var out terminal
	s, err := serve.New(serve.Config{
		Functions: []serve.Function{fn}, Addr: "127.0.0.1:0", Inspector: "127.0.0.1:0", Stdout: &out, Stderr: &out, Hurry: hurry, Grace: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Run(ctx) }()
	url := out.wait(t, `listener on (http://\S+);`)
	stream, err := http.Get(out.wait(t, `inspector on (http://\S+)`) + "/api/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	hung := make(chan int)
	go func() {
		status, _ := fetch(t, http.MethodGet, url+"/hang", "")
		hung <- status
	}()
	out.wait(t, `(got /hang)`)

	cancel()
	out.wait(t, `(Ctrl-C once more)`)
	close(hurry)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if status := <-hung; status != http.StatusBadGateway {
		t.Errorf("the request that hung: status %d", status)
	}
}

// 200 requests at once are all served, and each has its own line of the log.
func TestMany(t *testing.T) {
	r := run(t, serve.Config{Functions: []serve.Function{spec(t, "orders")}})
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			if status, body := fetch(t, http.MethodGet, fmt.Sprintf("%s/n/%d", r.url, i), ""); status != http.StatusOK || !strings.Contains(body, fmt.Sprintf("/n/%d", i)) {
				t.Errorf("%d: %d %s", i, status, body)
			}
		})
	}
	wg.Wait()
	for i := range 200 {
		path := r.record(t, i+1, hasLog)
		if len(path.Log) != 1 || "got "+path.Request.Target != path.Log[0].Text {
			t.Errorf("the log of %s is %+v", path.Request.Target, path.Log)
		}
	}
}
