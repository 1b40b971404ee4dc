package balancer_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/balancer"
)

// function is a Lambda function.
type function func(ctx context.Context, event []byte) ([]byte, error)

func (f function) Invoke(ctx context.Context, event []byte) ([]byte, error) { return f(ctx, event) }

// says is a function that always gives the same response.
func says(response string) function {
	return func(context.Context, []byte) ([]byte, error) { return []byte(response), nil }
}

const hello = `{"statusCode":200,"headers":{"Content-Type":"text/plain"},"body":"hello"}`
const helloMulti = `{"statusCode":200,"multiValueHeaders":{"Content-Type":["text/plain"]},"body":"hello"}`

// forbidden fails the test when it is invoked.
func forbidden(t *testing.T) function {
	return func(context.Context, []byte) ([]byte, error) {
		t.Error("the function was invoked")
		return []byte(hello), nil
	}
}

// request reads a raw request as a server does, from 203.0.113.9 on port 80. The target is taken as it
// is, since net/http's server refuses some that an ALB does not.
func request(t testing.TB, raw string) *http.Request {
	t.Helper()
	line, rest, _ := strings.Cut(raw, "\r\n")
	part := strings.Split(line, " ")
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(part[0] + " / " + part[2] + "\r\n" + rest)))
	if err != nil {
		t.Fatal(err)
	}
	r.RequestURI = part[1]
	r.RemoteAddr = "203.0.113.9:54321"
	return onPort(r, 80)
}

// onPort makes port the one that the client connected to.
func onPort(r *http.Request, port int) *http.Request {
	addr := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: port}
	return r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, addr))
}

func get(t testing.TB, target string) *http.Request {
	t.Helper()
	return request(t, "GET "+target+" HTTP/1.1\r\nHost: h\r\n\r\n")
}

// recorder is the client's side of an in-process request.
type recorder struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header {
	if w.header == nil {
		w.header = make(http.Header)
	}
	return w.header
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// logs are what the developer sees.
type logs struct {
	access, errors bytes.Buffer
	exchange       balancer.Exchange
	count          int
}

func (l *logs) options() []balancer.Option {
	return []balancer.Option{
		balancer.WithAccessLog(&l.access),
		balancer.WithErrorLog(log.New(&l.errors, "", 0)),
		balancer.WithObserver(func(x balancer.Exchange) { l.exchange, l.count = x, l.count+1 }),
	}
}

// serve sends one request through a new balancer.
func serve(f function, r *http.Request, opts ...balancer.Option) (*recorder, *logs) {
	l := &logs{}
	w := &recorder{}
	balancer.New(f, append(l.options(), opts...)...).ServeHTTP(w, r)
	return w, l
}

// quiet keeps expected complaints out of the test's output.
func quiet() balancer.Option { return balancer.WithErrorLog(log.New(io.Discard, "", 0)) }

// accessField returns one field of an access-log line, counted from 1 as in AWS's table.
func accessField(t testing.TB, line string, n int) string {
	t.Helper()
	f := splitLine(line)
	if len(f) < n {
		t.Fatalf("no field %d in %q", n, line)
	}
	return f[n-1]
}

// splitLine splits an access-log line at spaces outside of quotes.
func splitLine(line string) []string {
	var fields []string
	quoted, start := false, 0
	line = strings.TrimSuffix(line, "\n")
	for i := range len(line) {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ' ' && !quoted:
			fields, start = append(fields, line[start:i]), i+1
		}
	}
	return append(fields, line[start:])
}

const errorReason, targetStatus = 25, 10

func multi(on bool) balancer.Option { return balancer.WithMultiValueHeaders(on) }

// decode returns the parts of an event.
func decode(t testing.TB, event []byte) map[string]any {
	t.Helper()
	var e map[string]any
	if err := json.Unmarshal(event, &e); err != nil {
		t.Fatalf("%v in event %s", err, event)
	}
	return e
}

// event makes the event of r, which must not be refused.
func event(t testing.TB, r *http.Request, opts ...balancer.Option) map[string]any {
	t.Helper()
	e, err := balancer.New(nil, opts...).Event(r)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, e)
}

// refusal makes the event of r, which must be refused.
func refusal(t testing.TB, r *http.Request, opts ...balancer.Option) *balancer.Refusal {
	t.Helper()
	e, err := balancer.New(nil, opts...).Event(r)
	var refused *balancer.Refusal
	if !errors.As(err, &refused) {
		t.Fatalf("event %s, error %v; want a refusal", e, err)
	}
	return refused
}

func never(*http.Request) bool { return false }
