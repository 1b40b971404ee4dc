package middleware

import (
	"cmp"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/go-chi/chi/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/albatross-go/albatross/router/alb"
)

// Logger returns middleware that writes one line to l for each request, the access line, when the handler is done. An l for Lambda
// comes from [NewLogger]; any other will do. It panics if l is nil.
//
// The line holds, as far as they are known: the trace ids (X-Ray's from the load balancer and from Lambda, W3C's), Lambda's request
// id, the function's name and version, whether this is the first request that the Logger sees (a cold start; never where concurrency
// was provisioned), the client's address,
// the method, the route's pattern, the path, the status, the bytes of both bodies, the time it took and the time then left until
// the deadline, the user agent, the target group and its header mode; and if the handler answered with a problem or panicked, the
// error, its type and the panic's stack. [AddFields] adds to it. A [Schema] names the fields. As Lambda's log controls read it:
//
//	{"level":"INFO","timestamp":"2026-11-23T08:15:30.123Z","message":"GET /orders/{id} 200","http.response.status_code":200, …}
//
// In CloudWatch Logs Insights this finds the request that a line of the load balancer's access log is about, by the Root in its
// trace_id:
//
//	fields @timestamp, message, `exception.message`, `exception.stacktrace`
//	| filter `aws.alb.trace_root` = "1-67891233-abcdef012345678912345678"
//	| sort @timestamp
//
// The level is error for a status of 500 and above, warn for one of 400 and above, else info. A health check that succeeds is
// logged at the debug level, unless there is [WithHealthChecks].
//
// Logger is the problem observer for the handler: the problem's cause is on this line and not in the error log of package alb. One that
// comes after the line is written gets its own. A panic is logged as status 500 and goes on to package alb, which logs it too, or to
// a plain net/http server, which cuts the connection; not so with [Recoverer] below.
//
// The line tells the response that the handler gave. What package alb has to answer in its place, because it is too large or because
// no load balancer would take it, is in alb's error log. This leads that one to the same lines:
//
//	router.Start(r, router.WithHandlerOptions(alb.WithErrorLog(func(_ context.Context, err error) {
//		logger.Error(err.Error())
//	})))
//
// [ClientIP] and [TraceID] belong above Logger. The pattern is that of the chi router which Logger is used in, else that of an
// [http.ServeMux] directly below.
//
// Of the headers only the user agent, the trace ids and the client's address are logged, never Authorization, Cookie or Set-Cookie;
// of bodies only the size; a query only with [WithQuery]. Text of a client or of an error is cut to 1 KB a field, and what does not
// print becomes a space. Safe only when neither the path nor the text of an error holds a secret: both are logged.
//
// Logger takes [WithSchema], [WithQuery] and [WithHealthChecks], and panics for other options. It costs at most 8 allocations a
// request, as TestLoggerAllocations holds.
func Logger(l *zap.Logger, opts ...LogOption) func(http.Handler) http.Handler {
	if l == nil {
		panic("middleware: Logger was given a nil *zap.Logger; pass NewLogger()")
	}
	c := newLogConfig(opts)
	if c.output != nil || c.level != nil {
		panic("middleware: Logger was given WithOutput or WithLevel; give them to NewLogger")
	}
	schema := schemaOf(l)
	if c.schema != nil {
		schema = *c.schema
	}
	a := &accessLog{base: l, names: schema.names(), query: c.query, healthChecks: c.healthChecks}
	a.warm.Store(os.Getenv("AWS_LAMBDA_INITIALIZATION_TYPE") == "provisioned-concurrency")
	// The caller of an access line is always this file. Its stack would be that of this file too; a panic's is a field.
	a.lines = l.WithOptions(zap.WithCaller(false), zap.AddStacktrace(zapcore.InvalidLevel)).
		With(zap.Inline(zapcore.ObjectMarshalerFunc(a.addFunction)))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.serve(next, w, r) })
	}
}

// accessLog is one Logger.
type accessLog struct {
	base         *zap.Logger
	lines        *zap.Logger // base, with what all access lines have
	names        *fieldNames
	query        bool
	healthChecks bool
	warm         atomic.Bool
}

func (a *accessLog) addFunction(enc zapcore.ObjectEncoder) error {
	addText(enc, a.names.functionName, lambdacontext.FunctionName)
	addText(enc, a.names.functionVersion, lambdacontext.FunctionVersion)
	return nil
}

func (a *accessLog) serve(next http.Handler, w http.ResponseWriter, r *http.Request) {
	rl := &requestLog{
		Context:       r.Context(),
		log:           a,
		start:         time.Now(),
		method:        printable(r.Method, maxText),
		path:          printable(r.URL.EscapedPath(), maxText),
		userAgent:     r.UserAgent(),
		contentLength: r.ContentLength,
		quiet:         !a.healthChecks && alb.IsHealthCheck(r),
		coldStart:     a.warm.CompareAndSwap(false, true),
		status:        http.StatusInternalServerError, // until the handler returns
	}
	if a.query {
		rl.query = r.URL.RawQuery
	}
	rl.writer.ResponseWriter = w
	r = r.WithContext(rl)
	if r.ContentLength < 0 && r.Body != nil {
		rl.body.ReadCloser, r.Body = r.Body, &rl.body
	}
	returned := false
	defer func() {
		if returned {
			rl.status = rl.writer.FinalStatus()
			rl.write(r)
			return
		}
		v := recover()
		rl.panicked(v)
		rl.write(r)
		if v != nil {
			panic(v) // from here, so that the stack still shows where it began
		}
	}()
	next.ServeHTTP(&rl.writer, r)
	returned = true
}

func (rl *requestLog) panicked(v any) {
	switch {
	case v == nil:
		rl.observe(errors.New("middleware: the handler ended its goroutine"))
	case v == http.ErrAbortHandler: //nolint:errorlint // net/http compares the recovered value too
		rl.observe(http.ErrAbortHandler)
	default:
		rl.observe(newPanicError(v))
	}
}

// write writes the line about r, which the handler has had.
func (rl *requestLog) write(r *http.Request) {
	rl.mu.Lock()
	rl.ended = true
	rl.mu.Unlock()

	level := zapcore.InfoLevel
	switch {
	case rl.status >= 500:
		level = zapcore.ErrorLevel
	case rl.status >= 400:
		level = zapcore.WarnLevel
	case rl.quiet:
		level = zapcore.DebugLevel
	}
	if !rl.log.lines.Core().Enabled(level) {
		return
	}
	rl.duration = time.Since(rl.start)
	rl.route = routeOf(r)
	if line := rl.log.lines.Check(level, rl.message()); line != nil {
		rl.fields[0] = zap.Inline(rl)
		line.Write(rl.fields[:]...)
	}
}

// message is for humans: the method, the route or else the path, and the status.
func (rl *requestLog) message() string {
	var room [128]byte
	m := append(room[:0], rl.method...)
	m = append(m, ' ')
	m = append(m, cmp.Or(rl.route, rl.path)...)
	m = append(m, ' ')
	return string(strconv.AppendInt(m, int64(rl.status), 10))
}

// routeOf returns the pattern of the route that r took, without a method and a host.
func routeOf(r *http.Request) string {
	if route := chi.RouteContext(r.Context()).RoutePattern(); route != "" {
		return route
	}
	if i := strings.IndexByte(r.Pattern, '/'); i >= 0 {
		return r.Pattern[i:]
	}
	return ""
}

// MarshalLogObject adds the fields of the access line.
func (rl *requestLog) MarshalLogObject(enc zapcore.ObjectEncoder) error {
	names := rl.log.names
	addText(enc, names.method, rl.method)
	addText(enc, names.route, rl.route)
	addText(enc, names.path, rl.path)
	addText(enc, names.query, rl.query)
	enc.AddInt(names.status, rl.status)
	rl.addBodies(enc)
	names.addDuration(enc, names.duration, rl.duration)
	if deadline, ok := rl.Deadline(); ok {
		names.addDuration(enc, names.deadlineLeft, deadline.Sub(rl.start.Add(rl.duration)))
	}
	if addr := ClientIPFromContext(rl.Context); addr.IsValid() {
		enc.AddByteString(names.clientAddress, addr.AppendTo(rl.address[:0]))
	}
	addText(enc, names.userAgent, rl.userAgent)
	if err := rl.addIdentity(enc); err != nil {
		return err
	}
	enc.AddBool(names.coldStart, rl.coldStart)
	if ev, ok := alb.FromContext(rl.Context); ok {
		mode := "single-value"
		if ev.MultiValueHeaders {
			mode = "multi-value"
		}
		addText(enc, names.targetGroup, ev.TargetGroupARN)
		enc.AddString(names.headerMode, mode)
	}
	if rl.err != nil {
		names.addError(enc, rl.err)
	}
	for _, field := range rl.added { // last: a zap.Namespace takes in all that follows it
		field.AddTo(enc)
	}
	return nil
}

// addBodies adds the sizes: the request's as announced, else as far as it was read; the response's as far as it is sent.
func (rl *requestLog) addBodies(enc zapcore.ObjectEncoder) {
	request := rl.contentLength
	if request < 0 {
		request = rl.body.n.Load()
	}
	response := rl.writer.Bytes
	if rl.method == http.MethodHead {
		response = 0
	}
	enc.AddInt64(rl.log.names.requestBytes, request)
	enc.AddInt64(rl.log.names.responseBytes, response)
}
