package middleware

import (
	"context"

	"go.uber.org/zap"
)

// LoggerFromContext returns the logger that [Logger] was given, with fields that tell which request a line is about: the trace ids
// and Lambda's request id. It is made at the first call and may be used after the request, too.
//
// Where there is no Logger above, it is a logger that writes nothing. It is never nil.
func LoggerFromContext(ctx context.Context) *zap.Logger {
	rl := requestLogFrom(ctx)
	if rl == nil {
		return zap.NewNop()
	}
	return rl.logger()
}

// AddFields adds fields to the access line of the request, behind [Logger]'s own. Values are encoded when the line is written, so
// what they point to must not change until then. A name that the line has already is written twice.
//
// It is safe for concurrent use, and does nothing once the line is written or where there is no Logger above.
func AddFields(ctx context.Context, fields ...zap.Field) {
	rl := requestLogFrom(ctx)
	if rl == nil {
		return
	}
	rl.mu.Lock()
	if !rl.ended {
		rl.added = append(rl.added, fields...)
	}
	rl.mu.Unlock()
}
