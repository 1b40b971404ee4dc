package inspector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

const (
	// heartbeat is how often a silent stream says that it lives, and looks after the functions.
	heartbeat = 15 * time.Second

	// patience is how long a reader may take for one write. A slower one is dropped: it comes back and resumes where it was.
	patience = 10 * time.Second

	// pause is the shortest time between two writes. What happens meanwhile travels together.
	pause = 50 * time.Millisecond

	// maxBatch is how many records travel in one event.
	maxBatch = 500
)

// stream sends server-sent events:
//
//	hello      {"listener": …, "fresh": true if records that the page has are of another run}
//	changes    {"first": ID before which all is gone, "records": the summaries of new and changed ones}
//	functions  the functions' states, when one has changed
//
// The ID of changes is a cursor. A reader that comes back with it gets what it missed, one without it gets all.
func (h *Handler) stream(w http.ResponseWriter, r *http.Request) {
	changed, cancel := h.store.Subscribe()
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	seq, resumed := h.store.resume(r.Header.Get("Last-Event-ID"))
	s := streamWriter{w: w, control: http.NewResponseController(w), handler: h, seq: seq, first: -1}
	s.event("", "hello", map[string]any{"listener": h.listener, "fresh": !resumed})

	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		s.changes()
		s.functions()
		if err := s.flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-h.closed:
			return
		case <-ticker.C:
			s.out.WriteString(": still here\n\n")
		case <-changed:
			select { // let more come together
			case <-r.Context().Done():
				return
			case <-time.After(pause):
			}
		}
	}
}

// A streamWriter writes to one reader and knows what that has.
type streamWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
	handler *Handler
	out     bytes.Buffer
	seq     int64  // last change sent
	first   int64  // first record that was said to be there
	states  []byte // functions, as sent
}

// changes adds what is new since the last time.
func (s *streamWriter) changes() {
	records, first, last := s.handler.store.since(s.seq)
	if last == s.seq && first == s.first {
		return
	}
	s.seq, s.first = last, first
	cursor := s.handler.store.cursor(last)
	for len(records) > maxBatch { // without a cursor: a reader that is cut off here has not got all
		s.changed("", first, records[:maxBatch])
		records = records[maxBatch:]
	}
	s.changed(cursor, first, records)
}

func (s *streamWriter) changed(cursor string, first int64, records []*record.Record) {
	s.event(cursor, "changes", map[string]any{"first": first, "records": summaries(records)})
}

// functions adds the functions' states, if they are others than those sent.
func (s *streamWriter) functions() {
	states, err := json.Marshal(s.handler.states())
	if err != nil || bytes.Equal(states, s.states) {
		return
	}
	s.states = states
	s.event("", "functions", json.RawMessage(states))
}

func (s *streamWriter) event(id, name string, data any) {
	text, err := json.Marshal(data)
	if err != nil {
		return // nothing here fails to marshal
	}
	if id != "" {
		fmt.Fprintf(&s.out, "id: %s\n", id)
	}
	fmt.Fprintf(&s.out, "event: %s\ndata: %s\n\n", name, text)
}

// flush writes what was added.
func (s *streamWriter) flush() error {
	if err := s.control.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := s.w.Write(s.out.Bytes()); err != nil {
		return err
	}
	s.out.Reset()
	return s.control.Flush()
}

// cursor names a change of this store.
func (s *Store) cursor(seq int64) string { return s.epoch + "-" + strconv.FormatInt(seq, 10) }

// resume returns the change that a cursor names, or 0 and false if that is none of this store.
func (s *Store) resume(cursor string) (seq int64, ok bool) {
	epoch, number, _ := strings.Cut(cursor, "-")
	seq, err := strconv.ParseInt(number, 10, 64)
	if err != nil || epoch != s.epoch || seq < 0 {
		return 0, false
	}
	return seq, true
}
