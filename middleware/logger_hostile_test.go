package middleware_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

// A secret is whatever a client or a handler keeps in a place that is no business of the log.
func TestLoggerHidesSecrets(t *testing.T) {
	const secret = "s3cr3t"
	for _, schema := range []middleware.Schema{middleware.OpenTelemetry, middleware.Powertools, middleware.ECS} {
		l, lines := newJSONLogger(t, middleware.WithSchema(schema), middleware.WithLevel(zapcore.DebugLevel))
		h := middleware.TraceID(middleware.Logger(l)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			middleware.LoggerFromContext(r.Context()).Info("here")
			http.SetCookie(w, &http.Cookie{Name: "session", Value: secret})
			w.Header().Set("Authorization", secret)
			if r.URL.Path == "/problem" {
				problem.Write(w, r, problem.Forbidden("no"))
			}
			_, _ = io.WriteString(w, secret)
		})))
		for _, path := range []string{"/", "/problem"} {
			newRequest := func() *http.Request {
				r := httptest.NewRequest(http.MethodPost, path+"?token="+secret, strings.NewReader(secret))
				for _, name := range []string{"Authorization", "Cookie", "Proxy-Authorization", "X-Api-Key", "X-Amzn-Oidc-Data", "Referer"} {
					r.Header.Set(name, "Bearer "+secret)
				}
				r.SetBasicAuth("Aladdin", secret)
				return r
			}
			eachWay(t, h, newRequest, func(t *testing.T, _ string, _ *http.Response) {
				if text := lines.text(); text == "" || strings.Contains(text, secret) || strings.Contains(text, "QWxhZGRpb") {
					t.Errorf("got %s", text)
				}
				lines.take()
			})
		}
	}
}

// Whatever a client sends, there is one line, it is text, and it is not long.
func TestLoggerHostileClient(t *testing.T) {
	const forgery = "x\n{\"level\":\"FATAL\",\"message\":\"forged\"}\r\n\x1b[2J\x00\x7f\u009b31m\u202e\u2028\xff"
	tests := []struct {
		name   string
		change func(*http.Request)
	}{
		{"path", func(r *http.Request) { r.URL.Path = "/" + forgery }},
		{"raw path", func(r *http.Request) { r.URL.Path, r.URL.RawPath = "/"+forgery, "/"+forgery }},
		{"query", func(r *http.Request) { r.URL.RawQuery = forgery }},
		{"method", func(r *http.Request) { r.Method = forgery }},
		{"user agent", func(r *http.Request) { r.Header.Set("User-Agent", forgery) }},
		{"trace id", func(r *http.Request) { r.Header.Set("X-Amzn-Trace-Id", "Root="+forgery+";Self="+forgery) }},
		{"traceparent", func(r *http.Request) { r.Header.Set("Traceparent", forgery) }},
		{"client address", func(r *http.Request) { r.Header.Set("X-Forwarded-For", forgery) }},
		{"long path", func(r *http.Request) { r.URL.Path = "/" + strings.Repeat("é", 15<<10) }},
		{"long query", func(r *http.Request) { r.URL.RawQuery = strings.Repeat("é", 15<<10) }},
		{"long method", func(r *http.Request) { r.Method = strings.Repeat("A", 30<<10) }},
		{"long user agent", func(r *http.Request) { r.Header.Set("User-Agent", strings.Repeat("é", 15<<10)) }},
		{"long trace id", func(r *http.Request) { r.Header.Set("X-Amzn-Trace-Id", "Root="+strings.Repeat("1", 30<<10)) }},
		{"long client address", func(r *http.Request) { r.Header.Set("X-Forwarded-For", strings.Repeat("1", 30<<10)) }},
		{"error with the client's words", func(r *http.Request) { r.Header.Set("Fail", strings.Repeat(forgery, 500)) }},
		{"panic with the client's words", func(r *http.Request) { r.Header.Set("Panic", strings.Repeat(forgery, 500)) }},
	}
	for _, form := range []string{"JSON", "Text"} {
		for _, tt := range tests {
			t.Run(form+" "+tt.name, func(t *testing.T) {
				t.Setenv("AWS_LAMBDA_LOG_FORMAT", form)
				lines := &logLines{t: t}
				l := middleware.NewLogger(middleware.WithOutput(lines))
				h := middleware.ClientIP()(middleware.TraceID(middleware.Logger(l, middleware.WithQuery())(middleware.Recoverer(
					http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if v := r.Header.Get("Panic"); v != "" {
							panic(v)
						}
						if v := r.Header.Get("Fail"); v != "" {
							problem.Write(w, r, errors.New(v))
						}
					})))))
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				tt.change(r)
				h.ServeHTTP(httptest.NewRecorder(), r)

				text := lines.text()
				if n := len(text); n == 0 || n > 8<<10 {
					t.Errorf("%d bytes", n)
				}
				if strings.Count(text, "\n") != 1 || strings.ContainsAny(text, "\x00\x1b\x7f\r\u009b\u202e\u2028") || !utf8.ValidString(text) {
					t.Errorf("got %q", text)
				}
				if form == "JSON" {
					wantFields(t, lines.one(), logLine{"timestamp": text[strings.Index(text, "20"):][:24]})
				}
			})
		}
	}
}

// The same through an event, where a header may hold what no server lets pass.
func TestLoggerHostileEvent(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := alb.NewHandler(middleware.TraceID(middleware.Logger(l)(respond(200, ""))))
	event := `{"requestContext":{"elb":{"targetGroupArn":"arn\n\u001b"}},"httpMethod":"GET","path":"/a\nb\u001b","queryStringParameters":{},` +
		`"headers":{"host":"a","user-agent":"x\n\u001b[2J\u007f","x-amzn-trace-id":"Root=1-67891233-abcdef01\n2345678912345678;Self=\u001b"},` +
		`"body":"","isBase64Encoded":false}`
	if _, err := h.Invoke(t.Context(), []byte(event)); err != nil {
		t.Fatal(err)
	}
	wantFields(t, lines.one(), logLine{"level": "INFO", "user_agent.original": "x  [2J "})
}

// Whatever the bytes, a line stays a line: take checks it.
func FuzzLoggerLine(f *testing.F) {
	f.Add("GET", "/orders/7", "page=2", "curl/8", "Root=1-67891233-abcdef012345678912345678", "no rows")
	f.Add("A\n", "/\x1b[2J", "\u2028", "\u009b31m\u202e", "Root=\n", "\xff\x00")
	f.Fuzz(func(t *testing.T, method, path, query, agent, trace, cause string) {
		l, lines := newJSONLogger(t)
		h := middleware.TraceID(middleware.Logger(l, middleware.WithQuery())(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, r, errors.New(cause))
		})))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Method, r.URL.Path, r.URL.RawPath, r.URL.RawQuery = method, path, path, query
		r.Header.Set("User-Agent", agent)
		r.Header.Set("X-Amzn-Trace-Id", trace)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if n := len(lines.text()); n > 32<<10 {
			t.Errorf("%d bytes", n)
		}
		wantFields(t, lines.one(), logLine{"level": "ERROR", "http.response.status_code": 500})
	})
}

// A field is bounded in bytes, also where text that is no UTF-8 is replaced.
func TestLoggerBoundsBytes(t *testing.T) {
	l, lines := newJSONLogger(t)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("User-Agent", strings.Repeat("\xff", 5000))
	middleware.Logger(l)(respond(http.StatusOK, "")).ServeHTTP(httptest.NewRecorder(), r)
	if agent, _ := lines.one()["user_agent.original"].(string); len(agent) > 1<<10+len("…") {
		t.Errorf("the user agent has %d bytes", len(agent))
	}
}

// Where concurrency is provisioned, no client waits for a start.
func TestLoggerProvisionedConcurrency(t *testing.T) {
	for kind, want := range map[string]bool{"on-demand": true, "provisioned-concurrency": false} {
		t.Setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)
		l, lines := newJSONLogger(t)
		middleware.Logger(l)(respond(http.StatusOK, "")).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		if cold := lines.one()["faas.coldstart"]; cold != want {
			t.Errorf("%s: cold start is %v", kind, cold)
		}
	}
}
