package serve

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

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
