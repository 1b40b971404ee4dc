package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/middleware/internal/response"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

type requestLogKey struct{}

func requestLogFrom(ctx context.Context) *requestLog {
	rl, _ := ctx.Value(requestLogKey{}).(*requestLog)
	return rl
}

// requestLog is what Logger knows of one request, and the context of that request: all in one allocation.
type requestLog struct {
	context.Context // as Logger found it
	log             *accessLog

	// What the client asked, noted before the handler could change it.
	start                          time.Time
	method, path, query, userAgent string
	contentLength                  int64 // negative if it was not announced
	quiet                          bool  // a health check, of which only failure is news
	coldStart                      bool

	writer response.Writer
	body   countedBody

	mu    sync.Mutex
	lazy  *zap.Logger
	added []zap.Field
	err   error // what the handler answered with a problem, or panicked with
	ended bool  // the line is being written: added and err are frozen

	// Known when it has.
	route    string
	status   int
	duration time.Duration

	// Room that would be allocated otherwise.
	address [48]byte
	fields  [1]zap.Field
}

// Value returns the requestLog itself, its observer of problems, or a value of the context above.
func (rl *requestLog) Value(key any) any {
	switch key.(type) {
	case requestLogKey:
		return rl
	case problem.ObserverKey:
		return rl.observe
	default:
		return rl.Context.Value(key)
	}
}

// observe keeps the true cause of a problem for the access line. One that comes too late for it gets a line of its own.
func (rl *requestLog) observe(err error) {
	if d, ok := err.(*problem.Details); ok && d.Unwrap() != nil { //nolint:errorlint // words wrapped around a problem are kept
		err = d.Unwrap() // the problem's own words, status and detail, are the client's
	}
	rl.mu.Lock()
	ended := rl.ended
	switch {
	case ended:
	case rl.err == nil:
		rl.err = err
	case err == http.ErrAbortHandler: //nolint:errorlint // net/http compares the recovered value too
		// What it aborts for is known already.
	default:
		rl.err = errors.Join(rl.err, err)
	}
	rl.mu.Unlock()
	if ended {
		rl.logger().Warn("problem after the response", zap.Inline(zapcore.ObjectMarshalerFunc(func(enc zapcore.ObjectEncoder) error {
			rl.log.names.addError(enc, err)
			return nil
		})))
	}
}

func (rl *requestLog) logger() *zap.Logger {
	rl.mu.Lock()
	defer rl.mu.Unlock()
	if rl.lazy == nil {
		rl.lazy = rl.log.base.With(zap.Inline(zapcore.ObjectMarshalerFunc(rl.addIdentity)))
	}
	return rl.lazy
}

// addIdentity adds what tells this request from all others.
func (rl *requestLog) addIdentity(enc zapcore.ObjectEncoder) error {
	trace := TraceFromContext(rl.Context)
	addText(enc, rl.log.names.traceID, trace.ID())
	if trace.Root != "" {
		enc.AddString(rl.log.names.albTrace, rl.log.names.albTraceLabel+trace.Root)
	}
	addText(enc, rl.log.names.albTraceSelf, trace.Self)
	addText(enc, rl.log.names.lambdaTrace, trace.Lambda.Root)
	if lc, ok := lambdacontext.FromContext(rl.Context); ok {
		addText(enc, rl.log.names.requestID, lc.AwsRequestID)
	}
	return nil
}

// What a client or an error says is cut to these many bytes.
const (
	maxText  = 1 << 10
	maxStack = 16 << 10
)

// addText adds text that may be a client's, unless it is empty.
func addText(enc zapcore.ObjectEncoder, name, text string) {
	if text != "" {
		enc.AddString(name, printable(text, maxText))
	}
}

// addError adds an error, and the stack if a panic is in its chain. The type is that of the innermost error.
func (n *fieldNames) addError(enc zapcore.ObjectEncoder, err error) {
	innermost := err
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		innermost = inner
	}
	addText(enc, n.errorType, fmt.Sprintf("%T", innermost))
	addText(enc, n.errorMessage, textOf(err))
	if p, ok := errors.AsType[*alb.PanicError](err); ok && len(p.Stack) > 0 {
		enc.AddByteString(n.stack, p.Stack[:min(len(p.Stack), maxStack)])
	}
}

// textOf returns an error's text. An error that is a nil pointer may panic there; its line is not to be lost for that.
func textOf(err error) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprintf("middleware: the error's own text panics: %v", v)
		}
	}()
	return err.Error()
}

// countedBody counts what the handler reads of a body whose length was not announced. The reader may be another goroutine.
type countedBody struct {
	io.ReadCloser
	n atomic.Int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.n.Add(int64(n))
	return n, err
}
