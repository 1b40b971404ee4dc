package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/problem"
)

func TestLoggerEachWay(t *testing.T) {
	l, lines := newJSONLogger(t)
	router := chi.NewRouter()
	router.Use(middleware.ClientIP(), middleware.TraceID, middleware.Logger(l))
	router.Post("/orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write(append(body, '!'))
	})
	newRequest := func() *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/orders/a%20b%2Fc?token=hidden", strings.NewReader("hello"))
		r.Header.Set("User-Agent", "test/1")
		return r
	}
	eachWay(t, router, newRequest, func(t *testing.T, way string, _ *http.Response) {
		want := logLine{
			"level": "INFO", "message": "POST /orders/{id} 202", "http.request.method": "POST", "http.route": "/orders/{id}",
			"url.path": "/orders/a%20b%2Fc", "url.query": nil, "http.response.status_code": 202, "http.request.body.size": 5,
			"http.response.body.size": 6, "user_agent.original": "test/1", "aws.alb.header_mode": way, "client.address": "192.0.2.1",
			"exception.message": nil, "error.type": nil, "exception.stacktrace": nil, "faas.invocation_id": nil,
		}
		if way == "net/http" {
			want["aws.alb.header_mode"], want["client.address"] = nil, nil
		}
		wantFields(t, lines.one(), want)
	})
}

func TestLoggerLevel(t *testing.T) {
	healthCheck := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Host, r.Header = "", http.Header{"User-Agent": {"ELB-HealthChecker/2.0"}}
		return r
	}
	client := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }
	forged := func() *http.Request {
		r := client()
		r.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
		return r
	}
	tests := []struct {
		name   string
		r      *http.Request
		opts   []middleware.LogOption
		status int
		want   string
	}{
		{"success", client(), nil, 200, "INFO"},
		{"redirect", client(), nil, 304, "INFO"},
		{"the client's fault", client(), nil, 400, "WARN"},
		{"not found", client(), nil, 404, "WARN"},
		{"the server's fault", client(), nil, 500, "ERROR"},
		{"not available", client(), nil, 503, "ERROR"},
		{"health check", healthCheck(), nil, 200, "DEBUG"},
		{"health check that fails", healthCheck(), nil, 503, "ERROR"},
		{"health check for a path that is not there", healthCheck(), nil, 404, "WARN"},
		{"health check, wanted", healthCheck(), []middleware.LogOption{middleware.WithHealthChecks()}, 200, "INFO"},
		{"user agent of a health check", forged(), nil, 200, "INFO"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, lines := newJSONLogger(t, middleware.WithLevel(zapcore.DebugLevel))
			middleware.Logger(l, tt.opts...)(respond(tt.status, "")).ServeHTTP(httptest.NewRecorder(), tt.r)
			wantFields(t, lines.one(), logLine{"level": tt.want, "http.response.status_code": tt.status})
		})
	}
	t.Run("health checks are quiet by default", func(t *testing.T) {
		l, lines := newJSONLogger(t)
		middleware.Logger(l)(respond(200, "")).ServeHTTP(httptest.NewRecorder(), healthCheck())
		if got := lines.take(); got != nil {
			t.Errorf("got %v", got)
		}
	})
}

func TestLoggerRoute(t *testing.T) {
	l, lines := newJSONLogger(t)
	logger := middleware.Logger(l)
	inChi := chi.NewRouter()
	inChi.Use(logger)
	inChi.Route("/shops/{shop}", func(r chi.Router) { r.Get("/orders/{id}", respond(200, "")) })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /shops/{shop}/orders/{id}", respond(200, ""))
	mux.HandleFunc("GET example.com/named/{id}", respond(200, ""))
	tests := []struct {
		name    string
		h       http.Handler
		path    string
		message string
		route   any
	}{
		{"chi", inChi, "/shops/1/orders/2", "GET /shops/{shop}/orders/{id} 200", "/shops/{shop}/orders/{id}"},
		{"chi, no such route", inChi, "/nothing", "GET /nothing 404", nil},
		{"ServeMux", logger(mux), "/shops/1/orders/2", "GET /shops/{shop}/orders/{id} 200", "/shops/{shop}/orders/{id}"},
		{"ServeMux, pattern with a host", logger(mux), "/named/1", "GET /named/{id} 200", "/named/{id}"},
		{"ServeMux, no such route", logger(mux), "/nothing", "GET /nothing 404", nil},
		{"no router", logger(respond(200, "")), "/a%20b", "GET /a%20b 200", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, tt.path, nil))
			wantFields(t, lines.one(), logLine{"message": tt.message, "http.route": tt.route, "url.path": tt.path})
		})
	}
}

func TestLoggerSizes(t *testing.T) {
	l, lines := newJSONLogger(t)
	readAll := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "12345")
	})
	unknown := func() io.Reader { return io.MultiReader(strings.NewReader("1234567")) } // no length to announce
	tests := []struct {
		name              string
		h                 http.Handler
		method            string
		body              io.Reader
		request, response int
	}{
		{"no body", respond(204, ""), "GET", nil, 0, 0},
		{"announced", respond(200, ""), "POST", strings.NewReader("123"), 3, 0},
		{"counted", readAll, "POST", unknown(), 7, 5},
		{"counted, not read", respond(200, "x"), "POST", unknown(), 0, 1},
		{"HEAD sends no body", readAll, "HEAD", nil, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, "/", tt.body)
			middleware.Logger(l)(tt.h).ServeHTTP(httptest.NewRecorder(), r)
			wantFields(t, lines.one(), logLine{"http.request.body.size": tt.request, "http.response.body.size": tt.response})
		})
	}
}

// What the client asked is logged, whatever the handler made of the request.
func TestLoggerNotesTheRequestFirst(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		r.Method, r.URL.Path = "PUT", "/changed"
		r.Header.Set("User-Agent", "changed")
	}))
	r := httptest.NewRequest(http.MethodGet, "/a", nil)
	r.Header.Set("User-Agent", "test/1")
	h.ServeHTTP(httptest.NewRecorder(), r)
	wantFields(t, lines.one(), logLine{"http.request.method": "GET", "url.path": "/a", "user_agent.original": "test/1"})
}

// One request is the first, however many come at once.
func TestLoggerColdStart(t *testing.T) {
	l, lines := newJSONLogger(t)
	for range 200 {
		h := middleware.Logger(l)(respond(200, ""))
		var wg sync.WaitGroup
		begin := make(chan struct{})
		for range 8 {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			wg.Go(func() {
				<-begin
				h.ServeHTTP(httptest.NewRecorder(), r)
			})
		}
		close(begin)
		wg.Wait()
		cold := 0
		for _, line := range lines.take() {
			if line["faas.coldstart"] == true {
				cold++
			}
		}
		if cold != 1 {
			t.Fatalf("%d of 8 requests were the first", cold)
		}
	}
}

func TestWithQuery(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l, middleware.WithQuery())(respond(200, ""))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/a?b=c&d=%20", nil))
	wantFields(t, lines.one(), logLine{"url.path": "/a", "url.query": "b=c&d=%20"})
}

func TestLoggerShowsCauses(t *testing.T) {
	errRefused := fmt.Errorf("dial 10.0.0.7: %w", io.ErrUnexpectedEOF)
	tests := []struct {
		name                 string
		err                  error
		level, message, kind string
	}{
		{"wrapped", problem.Wrap(errRefused, 502, "Try later."), "ERROR", "dial 10.0.0.7: unexpected EOF", "*errors.errorString"},
		{"plain", errRefused, "ERROR", "dial 10.0.0.7: unexpected EOF", "*errors.errorString"},
		{"the client's fault", problem.Wrap(errRefused, 422, "No."), "WARN", "dial 10.0.0.7: unexpected EOF", "*errors.errorString"},
		{"no cause", problem.NotFound("No order 7."), "WARN", "404 Not Found: No order 7.", "*problem.Details"},
		{"deadline", context.DeadlineExceeded, "ERROR", "context deadline exceeded", "context.deadlineExceededError"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, lines := newJSONLogger(t)
			h := middleware.Logger(l)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, tt.err) }))
			r := func() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }
			eachWay(t, h, r, func(t *testing.T, _ string, res *http.Response) {
				wantFields(t, lines.one(), logLine{
					"level": tt.level, "exception.message": tt.message, "error.type": tt.kind, "exception.stacktrace": nil,
				})
				if body, _ := io.ReadAll(res.Body); strings.Contains(string(body), "10.0.0.7") {
					t.Errorf("the client reads %s", body)
				}
			})
		})
	}
}

// The access line has the error, so the error log of package alb has it not.
func TestLoggerIsTheOnlyObserver(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := alb.NewHandler(middleware.Logger(l)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Observe(r.Context(), errors.New("first"))
		problem.Write(w, r, errors.New("second"))
	})), alb.WithErrorLog(func(_ context.Context, err error) { t.Errorf("error log: %v", err) }))
	if _, err := h.Invoke(t.Context(), albtest.Event(t, httptest.NewRequest(http.MethodGet, "/", nil), albtest.MultiValue)); err != nil {
		t.Fatal(err)
	}
	wantFields(t, lines.one(), logLine{"exception.message": "first second"})
}

func TestLoggerPanicPasses(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l)(http.HandlerFunc(panickingHandler))
	var reported error
	function := alb.NewHandler(h, alb.WithErrorLog(func(_ context.Context, err error) { reported = err }))
	out, err := function.Invoke(t.Context(), albtest.Event(t, httptest.NewRequest(http.MethodGet, "/", nil), albtest.MultiValue))
	if err != nil || !strings.Contains(string(out), `"statusCode":500`) {
		t.Errorf("got %s %v", out, err)
	}
	line := lines.one()
	wantFields(t, line, logLine{
		"level": "ERROR", "http.response.status_code": 500, "message": "GET / 500", "exception.message": "panic: boom", "error.type": "*alb.PanicError",
	})
	if stack, _ := line["exception.stacktrace"].(string); !strings.Contains(stack, "panickingHandler") {
		t.Errorf("the line's stack does not show the handler: %s", stack)
	}
	if p, ok := errors.AsType[*alb.PanicError](reported); !ok || p.Value != "boom" || !strings.Contains(string(p.Stack), "panickingHandler") {
		t.Errorf("above Logger the panic has become %v", reported)
	}
}

func panickingHandler(http.ResponseWriter, *http.Request) { panic("boom") }

func TestLoggerAbort(t *testing.T) {
	tests := []struct {
		name  string
		h     http.HandlerFunc
		panic any
		want  logLine
	}{
		{
			"abort", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, http.ErrAbortHandler,
			logLine{"http.response.status_code": 500, "exception.message": "net/http: abort Handler", "exception.stacktrace": nil},
		},
		{
			"abort for a reason", func(_ http.ResponseWriter, r *http.Request) {
				problem.Observe(r.Context(), errors.New("the reason"))
				panic(http.ErrAbortHandler)
			}, http.ErrAbortHandler, logLine{"exception.message": "the reason"},
		},
		{
			"an error", func(http.ResponseWriter, *http.Request) { panic(io.ErrUnexpectedEOF) }, io.ErrUnexpectedEOF,
			logLine{"exception.message": "panic: unexpected EOF", "error.type": "*errors.errorString"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, lines := newJSONLogger(t)
			defer func() {
				if v := recover(); v != tt.panic {
					t.Errorf("panic %v, want %v", v, tt.panic)
				}
				wantFields(t, lines.one(), tt.want)
			}()
			middleware.Logger(l)(tt.h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		})
	}
	t.Run("runtime.Goexit", func(t *testing.T) {
		l, lines := newJSONLogger(t)
		h := middleware.Logger(l)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() }))
		var wg sync.WaitGroup
		wg.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)) })
		wg.Wait()
		wantFields(t, lines.one(), logLine{"level": "ERROR", "exception.message": "middleware: the handler ended its goroutine"})
	})
}

// A logger set up for its owner's lines does not put this package's source lines and stacks into the access line.
func TestLoggerOfAnotherOrigin(t *testing.T) {
	lines := &logLines{t: t}
	config := zapcore.EncoderConfig{MessageKey: "message", CallerKey: "caller", StacktraceKey: "stack", EncodeCaller: zapcore.ShortCallerEncoder}
	l := zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(config), zapcore.AddSync(lines), zapcore.InfoLevel), zap.AddCaller(), zap.AddStacktrace(zapcore.WarnLevel))
	h := middleware.Logger(l)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		middleware.LoggerFromContext(r.Context()).Info("mine")
		w.WriteHeader(500)
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	got := lines.take()
	wantFields(t, got[1], logLine{"message": "GET / 500", "caller": nil, "stack": nil})
	if caller, _ := got[0]["caller"].(string); !strings.Contains(caller, "logger_test.go") {
		t.Errorf("the handler's own line says caller %q", caller)
	}
}

func BenchmarkLogger(b *testing.B) {
	b.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	h := middleware.Logger(middleware.NewLogger(middleware.WithOutput(io.Discard)))(respond(http.StatusOK, ""))
	onLambda(b, func(r *http.Request) {
		w := discardResponse{http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			h.ServeHTTP(w, r)
		}
	})
}
