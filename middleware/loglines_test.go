package middleware_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
)

// logLine is a line as Lambda's log controls decode it.
type logLine map[string]any

// logLines takes a logger's lines, one Write each.
type logLines struct {
	t      *testing.T
	mu     sync.Mutex
	writes []string
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.writes = append(l.writes, string(p))
	return len(p), nil
}

func (l *logLines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.writes, "")
}

// take returns the lines since the last call, each of which must be one JSON object on one line of printable text.
func (l *logLines) take() []logLine {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var lines []logLine
	for _, text := range l.writes {
		var line logLine
		if err := json.Unmarshal([]byte(text), &line); err != nil || strings.Index(text, "\n") != len(text)-1 {
			l.t.Errorf("no JSON line (%v): %q", err, text)
		}
		if i := strings.IndexFunc(text[:len(text)-1], func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }); i >= 0 {
			l.t.Errorf("control character at %d: %q", i, text)
		}
		lines = append(lines, line)
	}
	l.writes = nil
	return lines
}

// one returns the only line since the last call.
func (l *logLines) one() logLine {
	l.t.Helper()
	lines := l.take()
	if len(lines) != 1 {
		l.t.Fatalf("%d lines, want 1: %v", len(lines), lines)
	}
	return lines[0]
}

func newJSONLogger(t *testing.T, opts ...middleware.LogOption) (*zap.Logger, *logLines) {
	t.Helper()
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	lines := &logLines{t: t}
	return middleware.NewLogger(append(opts, middleware.WithOutput(lines))...), lines
}

// wantFields checks that a line has these fields; nil is for one that it must not have.
func wantFields(t *testing.T, line, want logLine) {
	t.Helper()
	for name, value := range want {
		if n, ok := value.(int); ok {
			value = float64(n)
		}
		if line[name] != value {
			t.Errorf("%s: got %v, want %v", name, line[name], value)
		}
	}
}

// eachWay serves the request on plain net/http and behind a load balancer in both header modes.
func eachWay(t *testing.T, h http.Handler, newRequest func() *http.Request, check func(t *testing.T, way string, res *http.Response)) {
	t.Helper()
	t.Run("net/http", func(t *testing.T) {
		srv := httptest.NewServer(h)
		defer srv.Close()
		r := newRequest()
		target, err := url.Parse(srv.URL + r.URL.RequestURI())
		if err != nil {
			t.Fatal(err)
		}
		r.URL, r.RequestURI = target, ""
		res, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		check(t, "net/http", res)
	})
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) { check(t, mode.String(), albtest.Do(t, h, newRequest(), mode)) })
	}
}

const (
	logTraceRoot = "1-67891233-abcdef012345678912345678"
	logRequestID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"
	logUserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
)

// onLambda calls serve with a request as it reaches a Logger in a chi router on Lambda, below ClientIP and TraceID: with all that a
// line can hold.
func onLambda(tb testing.TB, serve func(*http.Request)) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Minute)
	defer cancel()
	ctx = context.WithValue(ctx, "x-amzn-trace-id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1") //nolint:staticcheck // aws-lambda-go's own key
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{AwsRequestID: logRequestID})

	router := chi.NewRouter()
	router.Use(middleware.ClientIP(), middleware.TraceID)
	router.Post("/orders/{id}", func(_ http.ResponseWriter, r *http.Request) { serve(r) })
	r := httptest.NewRequest(http.MethodPost, "/orders/7?page=2", strings.NewReader("7+1"))
	r.Header.Set("User-Agent", logUserAgent)
	r.Header.Set("X-Amzn-Trace-Id", "Root="+logTraceRoot)
	if _, err := alb.NewHandler(router).Invoke(ctx, albtest.Event(tb, r, albtest.MultiValue)); err != nil {
		tb.Fatal(err)
	}
}

// discardResponse is a response that costs nothing.
type discardResponse struct{ header http.Header }

func (d discardResponse) Header() http.Header         { return d.header }
func (d discardResponse) Write(p []byte) (int, error) { return len(p), nil }
func (d discardResponse) WriteHeader(int)             {}

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
