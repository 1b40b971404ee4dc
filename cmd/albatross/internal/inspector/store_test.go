package inspector_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

func ids(s *inspector.Store) []int64 {
	var out []int64
	for _, r := range s.List() {
		out = append(out, r.ID)
	}
	return out
}

func TestStoreKeepsTheLast(t *testing.T) {
	s := inspector.NewStore(3, 1<<20)
	mine := &record.Record{Reason: "mine"}
	for want := int64(1); want <= 5; want++ {
		if got := s.Add(mine); got != want {
			t.Errorf("Add returned %d, want %d", got, want)
		}
	}
	if mine.ID != 0 {
		t.Error("Add changed the caller's record")
	}
	if got := ids(s); len(got) != 3 || got[0] != 3 || got[2] != 5 {
		t.Errorf("the store holds %v, want 3 to 5", got)
	}
	if _, ok := s.Get(2); ok {
		t.Error("Get finds a record that was evicted")
	}
	if s.Update(2, func(*record.Record) { t.Error("Update calls back for a record that was evicted") }) {
		t.Error("Update says that an evicted record is there")
	}
	s.Clear()
	if got := s.Add(mine); got != 6 || len(ids(s)) != 1 {
		t.Errorf("after Clear the next ID is %d of %v, want 6 alone", got, ids(s))
	}
}

func TestStoreIsBoundedByBytes(t *testing.T) {
	const limit = 100_000
	s := inspector.NewStore(1000, limit)
	body := strings.Repeat("x", 10_000)
	for range 50 {
		s.Add(&record.Record{Event: text(body)})
	}
	if n := len(ids(s)); n < 5 || n > 10 {
		t.Errorf("%d records of 10 KB are kept in 100 KB", n)
	}
	// A record grows after it was added, as its log does.
	last := ids(s)[len(ids(s))-1]
	before := len(ids(s))
	s.Update(last, func(r *record.Record) { r.Answer = text(body) })
	if n := len(ids(s)); n >= before {
		t.Errorf("%d records are kept after one has grown, %d before", n, before)
	}
}

func TestStoreCutsOneThatIsTooLarge(t *testing.T) {
	s := inspector.NewStore(10, 100_000)
	r := &record.Record{Answer: text(strings.Repeat("é", 100_000)), Request: record.Message{Body: text("small")}}
	for range 1000 {
		r.Log = append(r.Log, record.Line{Text: strings.Repeat("l", 100)})
	}
	got, ok := s.Get(s.Add(r))
	if !ok {
		t.Fatal("the record is gone")
	}
	kept := len(got.Answer.Bytes)
	if kept > 25_000 || kept < 20_000 || got.Answer.Truncated != int64(200_000-kept) {
		t.Errorf("%d bytes of the answer are kept and %d said to be gone, want a quarter of the store", kept, got.Answer.Truncated)
	}
	if !utf8.Valid(got.Answer.Bytes) {
		t.Error("the text was cut within a character")
	}
	if string(got.Request.Body.Bytes) != "small" || got.Request.Body.Truncated != 0 {
		t.Error("a small body was cut")
	}
	if len(r.Log) != 1000 || len(r.Answer.Bytes) != 200_000 {
		t.Error("the caller's record was cut")
	}

	// Of an endless log the last lines are kept.
	id := s.Add(&record.Record{})
	for i := range 2000 {
		s.AddLine(id, record.Line{Text: strings.Repeat("l", i%100)})
	}
	got, _ = s.Get(id)
	if n := len(got.Log); n < 100 || n > 1000 || len(got.Log[n-1].Text) != 99 {
		t.Errorf("%d lines are kept", n)
	}
}

// A function may print much faster than it reads: whoever takes its lines must keep up, or they are lost with its process.
func TestLongLog(t *testing.T) {
	const lines = 200_000
	s := inspector.NewStore(10, 1<<30)
	id := s.Add(&record.Record{})
	allocated := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.TotalAlloc
	}
	before := allocated()
	for range lines {
		s.AddLine(id, record.Line{Text: "line"})
	}
	if each := (allocated() - before) / lines; each > 2048 { // a copy of the log would be some megabytes
		t.Errorf("a line costs %d bytes", each)
	}
	if got, _ := s.Get(id); len(got.Log) != lines {
		t.Errorf("%d lines of %d are kept", len(got.Log), lines)
	}
	s.AddLine(id+1, record.Line{}) // which is not there
}

func TestStoreReadersSeeNoChange(t *testing.T) {
	s := inspector.NewStore(10, 1<<20)
	id := s.Add(&record.Record{Reason: "before"})
	seen, _ := s.Get(id)
	s.Update(id, func(r *record.Record) {
		r.ID, r.Reason = 99, "after"
	})
	s.AddLine(id, record.Line{Text: "late"})
	if seen.Reason != "before" || len(seen.Log) != 0 {
		t.Error("a record changed under its reader")
	}
	if now, _ := s.Get(id); now.ID != id || now.Reason != "after" || len(now.Log) != 1 {
		t.Errorf("after the update: %+v", now)
	}
}

func TestStoreWakesSubscribers(t *testing.T) {
	s := inspector.NewStore(10, 1<<20)
	changed, cancel := s.Subscribe()
	signalled := func() bool {
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	if signalled() {
		t.Error("a signal without a change")
	}
	s.Add(&record.Record{})
	s.Add(&record.Record{}) // nobody reads: this must not block
	if !signalled() || signalled() {
		t.Error("two changes that nobody saw make one signal")
	}
	s.Wake()
	if !signalled() {
		t.Error("Wake gave no signal")
	}
	cancel()
	s.Clear()
	if signalled() {
		t.Error("a signal after cancel")
	}
}

func TestStoreConcurrently(t *testing.T) {
	s := inspector.NewStore(50, 100_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				id := s.Add(&record.Record{Event: text("event")})
				s.AddLine(id, record.Line{Text: "line"})
				s.Update(id, func(r *record.Record) { r.Reason = "reason" })
				changed, cancel := s.Subscribe()
				for _, r := range s.List() {
					_ = len(r.Log) + len(r.Event.Bytes)
				}
				select {
				case <-changed:
				default:
				}
				cancel()
			}
		})
	}
	wg.Wait()
	got := ids(s)
	if len(got) != 50 || got[49] != 1600 {
		t.Errorf("%d records up to %d, want 50 up to 1600", len(got), got[len(got)-1])
	}
}
