package response_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware/internal/response"
)

// plain has none of the methods that net/http's own writers have besides.
type plain struct{ header http.Header }

func (p plain) Header() http.Header         { return p.header }
func (p plain) Write(b []byte) (int, error) { return len(b), nil }
func (p plain) WriteHeader(int)             {}

// What sends nothing is no status: an informational one, one that net/http refuses, a flush that nobody can do.
func TestWriterStatus(t *testing.T) {
	w := &response.Writer{ResponseWriter: plain{http.Header{}}}
	w.WriteHeader(http.StatusEarlyHints)
	w.WriteHeader(1000)
	w.WriteHeader(0)
	if err := w.FlushError(); !errors.Is(err, http.ErrNotSupported) || w.Status != 0 || w.FinalStatus() != http.StatusOK {
		t.Errorf("status %d, final %d, flush %v", w.Status, w.FinalStatus(), err)
	}
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.WriteString("four")
	if w.WriteHeader(http.StatusOK); w.Status != http.StatusNotFound || w.Bytes != 4 {
		t.Errorf("status %d, %d bytes", w.Status, w.Bytes)
	}
}

func TestThaw(t *testing.T) {
	h := http.Header{"Late": {"1"}, "Changed": {"2"}, http.TrailerPrefix + "Sum": {"3"}}
	response.Thaw(h, http.Header{"Changed": {"1"}, "Deleted": {"1"}})
	want := http.Header{"Changed": {"1"}, "Deleted": {"1"}, http.TrailerPrefix + "Sum": {"3"}}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}
