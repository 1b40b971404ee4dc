package serve

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

// maxBody is how much of a request's body is recorded: a little more than a load balancer takes.
const maxBody = 1<<20 + 1<<10

// A visit is a request on its way, and its record.
type visit struct {
	store    *inspector.Store
	how      inspector.Send
	decision listener.Decision

	mu     sync.Mutex
	record record.Record
	ended  bool
	id     int64
}

type visitKey struct{}

// visitOf returns the visit of a request, nil where there is none, as in a health check.
func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// ServeHTTP is the load balancer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.serve(w, r, inspector.Send{}) }

// serve takes a request through the listener, and records it.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, how inspector.Send) *visit {
	v := &visit{store: s.store, how: how}
	v.record = record.Record{ReplayOf: how.ReplayOf, Start: time.Now(), Request: record.RequestOf(r)}
	v.id = s.store.Add(&v.record)

	body := &bodyCopy{ReadCloser: r.Body, length: r.ContentLength}
	answer := &answerCopy{ResponseWriter: w}
	ctx := context.WithValue(listener.WithDecision(r.Context(), &v.decision), visitKey{}, v)
	r = r.WithContext(ctx)
	r.Body = body
	s.rules.ServeHTTP(answer, r)
	v.end(body, answer)
	s.terminal.visit(v.snapshot())
	return v
}

// reached notes the target group that the listener has chosen.
func (v *visit) reached(name string, multiValue bool) {
	v.update(func(r *record.Record) { r.Function, r.MultiValue, r.Rule = name, multiValue, v.decision.Rule })
}

func (v *visit) invoked(inv record.Invocation) {
	v.update(func(r *record.Record) { r.Invocation = &inv })
}

// line notes what the function has printed. What comes after the response is in the store alone, which is bounded.
func (v *visit) line(line record.Line) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.ended {
		v.record.Log = append(v.record.Log, line)
	}
	v.store.AddLine(v.id, line)
}

// observe notes what the load balancer has seen.
func (v *visit) observe(x balancer.Exchange) {
	v.update(func(r *record.Record) { r.Observe(x) })
}

// end notes what the client has got.
func (v *visit) end(body *bodyCopy, answer *answerCopy) {
	v.update(func(r *record.Record) {
		r.Duration = record.Milliseconds(time.Since(r.Start))
		r.Rule = v.decision.Rule
		r.Error = cmp.Or(r.Error, v.decision.Error)
		r.Request.Body = body.recorded()
		r.Response = answer.message()
	})
	v.mu.Lock()
	defer v.mu.Unlock()
	v.ended = true
}

// update changes the record here and in the store. It is not for the log.
func (v *visit) update(change func(*record.Record)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	change(&v.record)
	v.store.Update(v.id, change)
}

// snapshot returns the record as it is now.
func (v *visit) snapshot() *record.Record {
	v.mu.Lock()
	defer v.mu.Unlock()
	r := v.record
	r.ID = v.id
	r.Log = slices.Clone(r.Log)
	return &r
}

// A bodyCopy keeps what is read of a body. Who answers without reading all of it leaves the record without the rest.
type bodyCopy struct {
	io.ReadCloser
	length int64 // as the client has announced it; -1 if it has not
	kept   bytes.Buffer
	more   int64 // what was read and not kept
	ended  bool
}

func (b *bodyCopy) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	keep := min(n, maxBody-b.kept.Len())
	b.kept.Write(p[:keep])
	b.more += int64(n - keep)
	b.ended = b.ended || err == io.EOF
	return n, err
}

func (b *bodyCopy) recorded() record.Body {
	truncated := max(b.more, b.length-int64(b.kept.Len()))
	if b.length < 0 && !b.ended {
		truncated = max(truncated, 1) // at least
	}
	return record.Body{Bytes: b.kept.Bytes(), Truncated: truncated}
}

// An answerCopy keeps what is written of a response, at most 1 MB here.
type answerCopy struct {
	http.ResponseWriter
	status int
	header http.Header
	kept   bytes.Buffer
}

func (a *answerCopy) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.header = status, a.Header().Clone()
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answerCopy) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status, a.header = http.StatusOK, a.Header().Clone()
	}
	a.kept.Write(p)
	return a.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (a *answerCopy) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func (a *answerCopy) message() record.Message {
	return record.Message{Status: a.status, Headers: record.Headers(a.header), Body: record.Body{Bytes: a.kept.Bytes()}}
}
