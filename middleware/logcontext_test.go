package middleware_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"go.uber.org/zap"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

func TestLoggerFromContext(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l.With(zap.String("app", "shop")))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		middleware.LoggerFromContext(r.Context()).Info("saved", zap.Int("order", 7))
	}))
	onLambda(t, func(r *http.Request) { h.ServeHTTP(discardResponse{http.Header{}}, r) })
	got := lines.take()
	if len(got) != 2 {
		t.Fatalf("%d lines, want 2: %v", len(got), got)
	}
	identity := logLine{
		"app": "shop", "faas.invocation_id": logRequestID, "trace_id": "67891233abcdef012345678912345678",
		"aws.alb.trace_root": logTraceRoot, "aws.lambda.trace_root": "1-5759e988-bd862e3fe1be46a994272793",
	}
	wantFields(t, got[0], identity)
	wantFields(t, got[0], logLine{"level": "INFO", "message": "saved", "order": 7, "http.request.method": nil})
	wantFields(t, got[1], identity)
	wantFields(t, got[1], logLine{"order": nil, "http.request.method": "POST"})
}

func TestLogContextWithoutLogger(t *testing.T) {
	l := middleware.LoggerFromContext(t.Context())
	if l == nil {
		t.Fatal("nil logger")
	}
	l.Error("nowhere")
	middleware.AddFields(t.Context(), zap.Int("a", 1))
}

func TestAddFields(t *testing.T) {
	l, lines := newJSONLogger(t)
	h := middleware.Logger(l)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		fields := []zap.Field{zap.String("user", "ada"), zap.Int("n", 2)}
		middleware.AddFields(ctx, fields...)
		fields[0] = zap.String("user", "changed")
		middleware.AddFields(ctx, zap.Namespace("order"), zap.Int("id", 7))
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	line := lines.one()
	wantFields(t, line, logLine{"user": "ada", "n": 2, "http.response.status_code": 200})
	if order, _ := line["order"].(map[string]any); order["id"] != 7.0 {
		t.Errorf("order: got %v", line["order"])
	}
}

// A handler may leave goroutines behind. What they add comes too late; what they log does not, nor does what goes wrong.
func TestLogContextOfLeakedGoroutines(t *testing.T) {
	l, lines := newJSONLogger(t)
	var request *http.Request
	var wg sync.WaitGroup
	begin := make(chan struct{})
	h := middleware.Logger(l)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		request = r
		for range 8 {
			wg.Go(func() { // meets the writing of the line
				<-begin
				for range 50 {
					middleware.AddFields(r.Context(), zap.Int("busy", 1))
				}
			})
		}
		close(begin)
	}))
	onLambda(t, func(r *http.Request) {
		h.ServeHTTP(discardResponse{http.Header{}}, r)
		wg.Wait()
		lines.mu.Lock()
		written := len(lines.writes)
		lines.mu.Unlock()
		if written != 1 {
			t.Errorf("%d lines at the end of the request, want 1", written)
		}
	})
	lines.take()

	middleware.AddFields(request.Context(), zap.Int("late", 1))
	middleware.LoggerFromContext(request.Context()).Info("late")
	wantFields(t, lines.one(), logLine{"message": "late", "late": nil, "faas.invocation_id": logRequestID})

	problem.Write(httptest.NewRecorder(), request, errors.New("too late"))
	wantFields(t, lines.one(), logLine{
		"level": "WARN", "message": "problem after the response", "exception.message": "too late", "faas.invocation_id": logRequestID,
	})
}
