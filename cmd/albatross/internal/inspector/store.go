package inspector

import (
	"crypto/rand"
	"maps"
	"slices"
	"sync"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A Store keeps the last records in memory. Make one with [NewStore]. It is safe for concurrent use, and nobody who reads from it
// holds up those who add to it.
type Store struct {
	limit int
	bytes int64
	epoch string // tells this store's cursors from those of an earlier run

	mu          sync.Mutex
	entries     []entry // ids are consecutive
	lastID      int64
	seq         int64 // counts changes
	size        int64 // of all entries
	subscribers map[chan struct{}]struct{}
}

type entry struct {
	record *record.Record // never changed, only replaced
	seq    int64          // its last change
	size   int64
}

// NewStore returns a store for so many records, and for so many bytes in all. The oldest make room for new ones. A single record
// may take a quarter of the bytes: what is beyond is cut off its log and its bodies.
func NewStore(limit int, bytes int64) *Store {
	return &Store{limit: max(limit, 1), bytes: bytes, epoch: rand.Text(), subscribers: map[chan struct{}]struct{}{}}
}

// Add keeps a copy of r and returns the ID that it gave it. A record without a response's status counts as a request under way, to
// be completed by [Store.Update] and [Store.AddLine].
func (s *Store) Add(r *record.Record) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	added := *r
	added.ID = s.lastID
	s.entries = append(s.entries, entry{})
	s.put(len(s.entries)-1, &added, sizeOf(&added))
	return added.ID
}

// Update lets f change a record, as when later log lines belong to it. It reports whether the record is still there. f may assign
// and append; what the record's slices and pointers hold already, it must leave alone, since readers may be looking at it.
func (s *Store) Update(id int64, f func(*record.Record)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index(id)
	if !ok {
		return false
	}
	updated := *s.entries[i].record
	f(&updated)
	updated.ID = id
	s.put(i, &updated, sizeOf(&updated))
	return true
}

// AddLine adds a line to a record's log. It costs the same however long the log is.
func (s *Store) AddLine(id int64, line record.Line) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index(id)
	if !ok {
		return
	}
	updated := *s.entries[i].record
	updated.Log = append(updated.Log, line)
	s.put(i, &updated, s.entries[i].size+lineSize(line))
}

// Get returns a record, which the caller must not change.
func (s *Store) Get(id int64) (*record.Record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index(id)
	if !ok {
		return nil, false
	}
	return s.entries[i].record, true
}

// List returns all records, oldest first. The caller must not change them.
func (s *Store) List() []*record.Record {
	records, _, _ := s.since(0)
	return records
}

// Clear forgets all records. Their IDs are not given again.
func (s *Store) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries, s.size = nil, 0
	s.changed()
}

// Subscribe returns a channel that receives after changes, of which several may share one signal, and a function to end that.
func (s *Store) Subscribe() (changed <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subscribers[c] = struct{}{}
	return c, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.subscribers, c)
	}
}

// Wake signals to all subscribers that something besides the records has changed, such as a function's state.
func (s *Store) Wake() {
	s.mu.Lock()
	subscribers := slices.Collect(maps.Keys(s.subscribers))
	s.mu.Unlock()
	for _, c := range subscribers {
		wake(c)
	}
}

// since returns the records that changed after seq, oldest first, the first ID that is still there or to come, and the last change.
func (s *Store) since(seq int64) (records []*record.Record, first, last int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.seq > seq {
			records = append(records, e.record)
		}
	}
	return records, s.first(), s.seq
}

// put makes r, which has this size, the entry at i, and room for it.
func (s *Store) put(i int, r *record.Record, size int64) {
	size = fit(r, size, s.bytes/4)
	s.size += size - s.entries[i].size
	s.changed()
	s.entries[i] = entry{r, s.seq, size}
	for len(s.entries) > 1 && (len(s.entries) > s.limit || s.size > s.bytes) {
		s.size -= s.entries[0].size
		s.entries[0] = entry{}
		s.entries = s.entries[1:]
	}
}

func (s *Store) changed() {
	s.seq++
	for c := range s.subscribers {
		wake(c)
	}
}

func (s *Store) first() int64 { return s.lastID - int64(len(s.entries)) + 1 }

func (s *Store) index(id int64) (int, bool) {
	i := id - s.first()
	return int(i), i >= 0 && i < int64(len(s.entries))
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it has not looked yet, and will see this change too
	}
}
