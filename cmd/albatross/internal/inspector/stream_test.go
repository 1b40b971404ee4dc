package inspector_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A pipes is a listener whose connections are in memory, so that their time is that of the test.
type pipes struct {
	accept chan net.Conn
	done   chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.accept:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// loopback is a connection to port 80 of this machine.
type loopback struct{ net.Conn }

func (loopback) LocalAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

// A stream is one connection that reads it.
type stream struct {
	conn net.Conn
	in   *bufio.Reader
}

type event struct{ id, name, data string }

// streams starts a server in the test's bubble, and returns how to open a stream.
func streams(t *testing.T, store *inspector.Store, backend *fake) (open func(cursor string) *stream, handler *inspector.Handler) {
	t.Helper()
	handler = inspector.New(store, backend, inspector.Options{})
	p := &pipes{accept: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: handler}
	ended := make(chan error)
	go func() { ended <- server.Serve(p) }()
	t.Cleanup(func() {
		handler.Close()
		_ = server.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return func(cursor string) *stream {
		t.Helper()
		client, conn := net.Pipe()
		t.Cleanup(func() { _ = client.Close() })
		p.accept <- loopback{conn}
		request := "GET /api/stream HTTP/1.0\r\nHost: localhost\r\n"
		if cursor != "" {
			request += "Last-Event-ID: " + cursor + "\r\n"
		}
		if _, err := io.WriteString(client, request+"\r\n"); err != nil {
			t.Fatal(err)
		}
		s := &stream{client, bufio.NewReader(client)}
		for line := "-"; line != "\r\n"; {
			var err error
			if line, err = s.in.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		return s
	}, handler
}

// next reads the next event by the WHATWG's rules for event streams. A comment has the name ":".
func (s *stream) next(t *testing.T) event {
	t.Helper()
	var e event
	for {
		line, err := s.in.ReadString('\n')
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case line == "\n":
			return e
		case strings.HasPrefix(line, ":"):
			e.name = ":"
		case field == "id":
			e.id = value
		case field == "event":
			e.name = value
		case field == "data":
			e.data = value
		}
	}
}

type news struct {
	First   int64
	Records []inspector.Summary
}

// changes reads on to the next changes.
func (s *stream) changes(t *testing.T) (news, string) {
	t.Helper()
	for {
		e := s.next(t)
		if e.name != "changes" {
			continue
		}
		var n news
		if err := json.Unmarshal([]byte(e.data), &n); err != nil {
			t.Fatal(err)
		}
		return n, e.id
	}
}

func TestStreamResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := inspector.NewStore(3, 1<<20)
		open, _ := streams(t, store, &fake{store: store})
		store.Add(&record.Record{Request: record.Message{Method: "GET", Target: "/a"}})
		s := open("")
		if hello := s.next(t); hello.name != "hello" || !strings.Contains(hello.data, `"fresh":true`) {
			t.Errorf("it begins with %+v", hello)
		}
		if n, _ := s.changes(t); n.First != 1 || len(n.Records) != 1 || n.Records[0].Target != "/a" {
			t.Errorf("at first: %+v", n)
		}
		store.Add(&record.Record{})
		n, cursor := s.changes(t)
		if len(n.Records) != 1 || n.Records[0].ID != 2 {
			t.Errorf("then: %+v", n)
		}
		_ = s.conn.Close()

		// Away: 1 and 2 are evicted, 3 changes, 4 and 5 are new.
		store.Add(&record.Record{})
		store.Add(&record.Record{})
		store.Add(&record.Record{})
		store.Update(3, func(r *record.Record) { r.Response.Status = 204 })
		s = open(cursor)
		if hello := s.next(t); !strings.Contains(hello.data, `"fresh":false`) {
			t.Errorf("a return begins with %+v", hello)
		}
		n, _ = s.changes(t)
		if n.First != 3 || len(n.Records) != 3 || n.Records[0].ID != 3 || n.Records[0].Status != 204 {
			t.Errorf("after a return: %+v", n)
		}
		store.Update(4, func(r *record.Record) { r.Response.Status = 200 })
		if n, cursor = s.changes(t); len(n.Records) != 1 || n.Records[0].ID != 4 {
			t.Errorf("after an update: %+v", n)
		}
		store.Clear()
		if n, _ = s.changes(t); n.First != 6 || len(n.Records) != 0 {
			t.Errorf("after a clear: %+v", n)
		}
		_ = s.conn.Close()

		other := inspector.NewStore(3, 1<<20)
		open, _ = streams(t, other, &fake{store: other})
		for _, foreign := range []string{cursor, "nonsense", "-1"} {
			s = open(foreign)
			if hello := s.next(t); !strings.Contains(hello.data, `"fresh":true`) {
				t.Errorf("a cursor %q of another run begins with %+v", foreign, hello)
			}
			_ = s.conn.Close()
		}
	})
}

// A reader that is cut off within a long list must not believe that it has all.
func TestStreamInPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := inspector.NewStore(2000, 1<<24)
		for range 1200 {
			store.Add(&record.Record{})
		}
		open, _ := streams(t, store, &fake{store: store})
		s := open("")
		var got int
		for got < 1200 {
			n, cursor := s.changes(t)
			got += len(n.Records)
			if (cursor != "") != (got == 1200) {
				t.Errorf("after %d of 1200 records the cursor is %q", got, cursor)
			}
		}
	})
}

func TestStreamDropsASlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := inspector.NewStore(5000, 1<<24)
		open, _ := streams(t, store, &fake{store: store})
		s := open("")
		_, cursor := s.changes(t)
		s.next(t) // functions
		began := time.Now()
		for range 1000 { // far more than any buffer holds
			store.Add(&record.Record{Request: record.Message{Target: "/" + strings.Repeat("x", 1000)}})
			synctest.Wait()
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("a reader that does not read held requests up for %v", took)
		}
		time.Sleep(11 * time.Second)
		read, err := io.ReadAll(s.in)
		if err != nil || len(read) > 100_000 {
			t.Errorf("after 11 s of silence %d bytes are waiting, and the stream ends with %v; want to be dropped", len(read), err)
		}
		s = open(cursor)
		var got int
		for got < 1000 {
			n, _ := s.changes(t)
			got += len(n.Records)
		}
		if got != 1000 {
			t.Errorf("after its return the reader has %d of 1000", got)
		}
	})
}

func TestStreamHeartbeatAndFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := inspector.NewStore(10, 1<<20)
		backend := &fake{store: store, functions: []inspector.FunctionState{{Name: "orders", Phase: "building"}}}
		open, handler := streams(t, store, backend)
		s := open("")
		s.changes(t)
		if e := s.next(t); e.name != "functions" || !strings.Contains(e.data, "building") {
			t.Errorf("the functions come as %+v", e)
		}
		began := time.Now()
		if e := s.next(t); e.name != ":" || time.Since(began) != 15*time.Second {
			t.Errorf("after %v of silence: %+v", time.Since(began), e)
		}
		backend.mu.Lock()
		backend.functions[0].Phase = "ready"
		backend.mu.Unlock()
		store.Wake()
		if e := s.next(t); e.name != "functions" || !strings.Contains(e.data, "ready") {
			t.Errorf("a changed state comes as %+v", e)
		}
		store.Wake() // nothing has changed
		if e := s.next(t); e.name != ":" {
			t.Errorf("an unchanged state comes as %+v", e)
		}
		handler.Close()
		if _, err := s.in.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("after Close: %v, want the end", err)
		}
	})
}
