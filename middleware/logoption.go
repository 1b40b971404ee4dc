package middleware

import (
	"fmt"
	"io"

	"go.uber.org/zap/zapcore"
)

// LogOption is an option of [NewLogger], of [Logger], or of both; each says which.
type LogOption interface{ applyLog(*logConfig) }

type logConfig struct {
	output io.Writer
	level  *zapcore.Level
	schema *Schema

	query        bool
	healthChecks bool
}

type logOption func(*logConfig)

func (f logOption) applyLog(c *logConfig) { f(c) }

// WithOutput makes [NewLogger] write to w instead of standard output. One Write is one line, and no two overlap.
func WithOutput(w io.Writer) LogOption {
	if w == nil {
		panic("middleware: WithOutput was given a nil io.Writer; pass one, or leave the option out for standard output")
	}
	return logOption(func(c *logConfig) { c.output = w })
}

// WithLevel sets the least level that [NewLogger]'s logger writes, whatever AWS_LAMBDA_LOG_LEVEL says.
func WithLevel(level zapcore.Level) LogOption {
	return logOption(func(c *logConfig) { c.level = &level })
}

// WithSchema sets the names of the fields. A [Logger] takes its schema from a logger that [NewLogger] made, and what With and Named
// derive from it. It needs the option for a logger of another origin, and for one that WithOptions or WithLazy has wrapped.
func WithSchema(schema Schema) LogOption {
	if schema.names() == nil {
		panic(fmt.Sprintf("middleware: there is no Schema %d; use OpenTelemetry, Powertools or ECS", schema))
	}
	return logOption(func(c *logConfig) { c.schema = &schema })
}

// WithQuery makes [Logger] log the query too. Safe only when no client puts a secret there: tokens of password resets, presigned
// URLs and OAuth redirects do.
func WithQuery() LogOption {
	return logOption(func(c *logConfig) { c.query = true })
}

// WithHealthChecks makes [Logger] log health checks that succeed like any other request, not at the debug level.
func WithHealthChecks() LogOption {
	return logOption(func(c *logConfig) { c.healthChecks = true })
}

func newLogConfig(opts []LogOption) logConfig {
	var c logConfig
	for _, opt := range opts {
		opt.applyLog(&c)
	}
	return c
}
