package middleware

import (
	"io"
	"os"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// NewLogger returns a logger for a Lambda function: one JSON object a line, on standard output, which Lambda sends to CloudWatch
// Logs. Its keys timestamp (RFC 3339, UTC, milliseconds), level (TRACE, DEBUG, INFO, WARN, ERROR, FATAL) and message are those that
// Lambda's log controls read.
//
// AWS_LAMBDA_LOG_LEVEL, which Lambda sets to the application log level, is the least level written; INFO if it is unset or unknown.
// AWS_LAMBDA_LOG_FORMAT decides the form: JSON, or for Text a form for humans, in which the fields follow the message as JSON.
// Without it the form is JSON on Lambda, where AWS_LAMBDA_RUNTIME_API is set, and that for humans elsewhere. Insights reads the
// fields of JSON lines only: set the function's log format to JSON.
//
//	2026-11-23T08:15:30.123Z	INFO	GET /orders/{id} 200	{"http.request.method": "GET", "http.route": "/orders/{id}", …}
//
// Nothing is sampled away and nothing is buffered: Lambda freezes the process as soon as the response is out, so a line is written
// when its method returns. What goes wrong with that is reported on standard error.
//
// It takes [WithOutput], [WithLevel] and [WithSchema], and panics for other options.
//
// Source: AWS Lambda developer guide, "Log-level filtering" and "Configuring JSON and plain text log formats".
func NewLogger(opts ...LogOption) *zap.Logger {
	c := newLogConfig(opts)
	if c.query || c.healthChecks {
		panic("middleware: NewLogger was given WithQuery or WithHealthChecks; give them to Logger")
	}
	var output io.Writer = os.Stdout
	if c.output != nil {
		output = c.output
	}
	level := lambdaLevel(os.Getenv("AWS_LAMBDA_LOG_LEVEL"))
	if c.level != nil {
		level = *c.level
	}
	var schema Schema
	if c.schema != nil {
		schema = *c.schema
	}
	format, onLambda := os.Getenv("AWS_LAMBDA_LOG_FORMAT"), os.Getenv("AWS_LAMBDA_RUNTIME_API") != ""
	human := format != "JSON" && (format != "" || !onLambda)
	core := zapcore.NewCore(newEncoder(schema, human), zapcore.Lock(zapcore.AddSync(output)), level)
	return zap.New(loggerCore{core, schema, human})
}

// traceLevel is below zap's own levels. Who wants it passes it to zap.Logger.Log.
const traceLevel = zapcore.DebugLevel - 1

func lambdaLevel(name string) zapcore.Level {
	switch name {
	case "TRACE":
		return traceLevel
	case "DEBUG":
		return zapcore.DebugLevel
	case "WARN":
		return zapcore.WarnLevel
	case "ERROR":
		return zapcore.ErrorLevel
	case "FATAL":
		return zapcore.FatalLevel
	default:
		return zapcore.InfoLevel
	}
}

// encodeLevel writes one of Lambda's words. It has none for zap's levels between error and fatal, which are errors here.
func encodeLevel(level zapcore.Level, enc zapcore.PrimitiveArrayEncoder) {
	switch {
	case level <= traceLevel:
		enc.AppendString("TRACE")
	case level <= zapcore.ErrorLevel:
		enc.AppendString(level.CapitalString())
	case level < zapcore.FatalLevel:
		enc.AppendString("ERROR")
	default:
		enc.AppendString("FATAL")
	}
}

func newEncoder(schema Schema, human bool) zapcore.Encoder {
	formatTime := zapcore.TimeEncoderOfLayout("2006-01-02T15:04:05.000Z07:00")
	config := zapcore.EncoderConfig{
		TimeKey:        "timestamp",
		LevelKey:       "level",
		MessageKey:     "message",
		NameKey:        "logger",
		CallerKey:      "caller",
		StacktraceKey:  schema.names().stack,
		EncodeTime:     func(t time.Time, enc zapcore.PrimitiveArrayEncoder) { formatTime(t.UTC(), enc) },
		EncodeLevel:    encodeLevel,
		EncodeDuration: zapcore.SecondsDurationEncoder,
		EncodeCaller:   zapcore.ShortCallerEncoder,
	}
	if human {
		return zapcore.NewConsoleEncoder(config)
	}
	return zapcore.NewJSONEncoder(config)
}

// loggerCore tells Logger which schema its logger was made for, and keeps messages on their line where zap's encoder, that for
// humans, writes them as they are.
type loggerCore struct {
	zapcore.Core
	schema Schema
	human  bool
}

func (c loggerCore) With(fields []zapcore.Field) zapcore.Core {
	c.Core = c.Core.With(fields)
	return c
}

func (c loggerCore) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if c.Enabled(entry.Level) {
		return checked.AddCore(entry, c)
	}
	return checked
}

func (c loggerCore) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	if c.human {
		entry.Message = printable(entry.Message, len(entry.Message))
	}
	return c.Core.Write(entry, fields)
}

// schemaOf returns the schema that [NewLogger] gave to l, else the zero value.
func schemaOf(l *zap.Logger) Schema {
	core, _ := l.Core().(loggerCore)
	return core.schema
}
