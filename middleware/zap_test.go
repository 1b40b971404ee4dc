package middleware_test

import (
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware"
)

// The developer guide's "Log-level filtering" names the keys, the levels and the form of the time.
func TestNewLoggerLine(t *testing.T) {
	tests := []struct {
		name  string
		level zapcore.Level
		want  string
	}{
		{"below zap's levels", zapcore.DebugLevel - 1, "TRACE"},
		{"debug", zapcore.DebugLevel, "DEBUG"},
		{"info", zapcore.InfoLevel, "INFO"},
		{"warn", zapcore.WarnLevel, "WARN"},
		{"error", zapcore.ErrorLevel, "ERROR"},
		{"a level that Lambda has no word for", zapcore.DPanicLevel, "ERROR"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			local := time.Local
			time.Local = time.FixedZone("elsewhere", 5*3600)
			defer func() { time.Local = local }()
			l, lines := newJSONLogger(t, middleware.WithLevel(zapcore.DebugLevel-1))
			synctest.Test(t, func(*testing.T) { // it begins on 1 January 2000, UTC
				time.Sleep(1234567 * time.Microsecond)
				l.Log(tt.level, "hello", zap.Int("n", 1))
			})
			want := logLine{"level": tt.want, "timestamp": "2000-01-01T00:00:01.234Z", "message": "hello", "n": float64(1)}
			if diff := cmp.Diff(want, lines.one()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNewLoggerLevel(t *testing.T) {
	tests := []struct {
		name, env string
		want      zapcore.Level // the least that is written
	}{
		{"unset", "", zapcore.InfoLevel},
		{"unknown", "CHATTY", zapcore.InfoLevel},
		{"trace", "TRACE", zapcore.DebugLevel - 1},
		{"debug", "DEBUG", zapcore.DebugLevel},
		{"info", "INFO", zapcore.InfoLevel},
		{"warn", "WARN", zapcore.WarnLevel},
		{"error", "ERROR", zapcore.ErrorLevel},
		{"fatal", "FATAL", zapcore.FatalLevel},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("AWS_LAMBDA_LOG_LEVEL", tt.env)
			core := middleware.NewLogger(middleware.WithOutput(io.Discard)).Core()
			if !core.Enabled(tt.want) || core.Enabled(tt.want-1) {
				t.Errorf("%v is not the least level", tt.want)
			}
			core = middleware.NewLogger(middleware.WithOutput(io.Discard), middleware.WithLevel(zapcore.WarnLevel)).Core()
			if !core.Enabled(zapcore.WarnLevel) || core.Enabled(zapcore.InfoLevel) {
				t.Error("WithLevel does not overrule the environment")
			}
		})
	}
}

func TestNewLoggerFormat(t *testing.T) {
	tests := []struct {
		name, format, runtimeAPI string
		json                     bool
	}{
		{"on Lambda", "", "127.0.0.1:9001", true},
		{"on Lambda, JSON", "JSON", "127.0.0.1:9001", true},
		{"on Lambda, Text", "Text", "127.0.0.1:9001", false},
		{"elsewhere", "", "", false},
		{"elsewhere, JSON", "JSON", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("AWS_LAMBDA_LOG_FORMAT", tt.format)
			t.Setenv("AWS_LAMBDA_RUNTIME_API", tt.runtimeAPI)
			lines := &logLines{t: t}
			middleware.NewLogger(middleware.WithOutput(lines)).With(zap.Int("a", 1)).Info("hello", zap.Int("b", 2))
			text := lines.text()
			switch {
			case tt.json:
				wantFields(t, lines.one(), logLine{"message": "hello", "a": 1, "b": 2})
			case !strings.HasSuffix(text, "Z\tINFO\thello\t{\"a\": 1, \"b\": 2}\n"):
				t.Errorf("got %q", text)
			}
		})
	}
}

func TestNewLoggerHumanLineIsOneLine(t *testing.T) {
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "Text")
	lines := &logLines{t: t}
	l := middleware.NewLogger(middleware.WithOutput(lines)).With(zap.Int("a", 1))
	l.Info("a\n2026-11-23T08:15:30.123Z\tERROR\tforged\x1b[31m\u009b31m\x7f\u2028", zap.String("b", "c\nd\x1b"))
	want := "\tINFO\ta 2026-11-23T08:15:30.123Z ERROR forged [31m 31m  \t{\"a\": 1, \"b\": \"c\\nd\\u001b\"}\n"
	if text := lines.text(); !strings.HasSuffix(text, want) {
		t.Errorf("got  %q\nwant …%q", text, want)
	}
}

func TestNewLoggerNeitherSamplesNorBuffers(t *testing.T) {
	l, lines := newJSONLogger(t)
	for i := range 500 {
		l.Info("the same")
		if n := len(lines.writes); n != i+1 {
			t.Fatalf("%d writes after %d lines", n, i+1)
		}
	}
	lines.take()
}

func TestLogOptionPanics(t *testing.T) {
	nop := zap.NewNop()
	tests := []struct {
		name, want string
		f          func()
	}{
		{"nil logger", "middleware: Logger was given a nil *zap.Logger; pass NewLogger()", func() { middleware.Logger(nil) }},
		{
			"WithOutput for Logger", "middleware: Logger was given WithOutput or WithLevel; give them to NewLogger",
			func() { middleware.Logger(nop, middleware.WithOutput(io.Discard)) },
		},
		{
			"WithLevel for Logger", "middleware: Logger was given WithOutput or WithLevel; give them to NewLogger",
			func() { middleware.Logger(nop, middleware.WithLevel(zapcore.InfoLevel)) },
		},
		{
			"WithQuery for NewLogger", "middleware: NewLogger was given WithQuery or WithHealthChecks; give them to Logger",
			func() { middleware.NewLogger(middleware.WithQuery()) },
		},
		{
			"WithHealthChecks for NewLogger", "middleware: NewLogger was given WithQuery or WithHealthChecks; give them to Logger",
			func() { middleware.NewLogger(middleware.WithHealthChecks()) },
		},
		{
			"nil writer", "middleware: WithOutput was given a nil io.Writer; pass one, or leave the option out for standard output",
			func() { middleware.WithOutput(nil) },
		},
		{"no such schema", "middleware: there is no Schema 3; use OpenTelemetry, Powertools or ECS", func() { middleware.WithSchema(3) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				if v := recover(); v != tt.want {
					t.Errorf("got %v, want %v", v, tt.want)
				}
			}()
			tt.f()
		})
	}
}
