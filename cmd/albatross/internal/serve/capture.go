package serve

import (
	"bytes"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// maxBody is how much of a request's body is recorded: a little more than a load balancer takes.
const maxBody = 1<<20 + 1<<10

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
