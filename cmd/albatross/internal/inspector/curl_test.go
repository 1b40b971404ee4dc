package inspector_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/inspector"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A copied command, run by a shell, sends what was recorded: no more, no less.
func TestCurlCommand(t *testing.T) {
	for _, program := range []string{"sh", "curl", "base64"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	type got struct {
		line, headers string
		body          []byte
	}
	received := make(chan got, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var headers bytes.Buffer
		_ = r.Header.WriteSubset(&headers, map[string]bool{"Content-Length": true})
		received <- got{r.Method + " " + r.RequestURI + " " + r.Host, headers.String(), body}
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")

	for _, test := range []struct {
		name    string
		m       record.Message
		headers string
	}{
		{"bare", record.Message{Method: "GET", Target: "/"}, ""},
		{"as curl would", record.Message{Method: "GET", Target: "/", Headers: [][2]string{{"Accept", "*/*"}, {"User-Agent", "u"}}}, "Accept: */*\r\nUser-Agent: u\r\n"},
		{"host", record.Message{Method: "GET", Target: "/", Headers: [][2]string{{"Host", "example.com"}}}, ""},
		{"path", record.Message{Method: "GET", Target: "/a/../b/[1-3]{x,y}%2F?q='$HOME'&r=`id`&s=\\n"}, ""},
		{"empty and repeated headers", record.Message{Method: "GET", Target: "/", Headers: [][2]string{{"X-A", ""}, {"X-B", "it's \"1\""}, {"X-B", "2"}}},
			"X-A: \r\nX-B: it's \"1\"\r\nX-B: 2\r\n"},
		{"head", record.Message{Method: "HEAD", Target: "/"}, ""},
		{"own method", record.Message{Method: "PURGE", Target: "/"}, ""},
		{"text", record.Message{Method: "POST", Target: "/", Headers: [][2]string{{"Content-Type", "text/plain"}}, Body: text("@it's\r\nline\n")}, "Content-Type: text/plain\r\n"},
		{"body without type", record.Message{Method: "PUT", Target: "/", Body: text("x")}, ""},
		{"body of a GET", record.Message{Method: "GET", Target: "/", Body: text("x")}, ""},
		{"text with a NUL", record.Message{Method: "POST", Target: "/", Body: text("a\x00b")}, ""},
		{"bytes", record.Message{Method: "POST", Target: "/", Body: text("\x00\xff\n")}, ""},
		{"wrong length", record.Message{Method: "POST", Target: "/", Headers: [][2]string{{"Content-Length", "99"}}, Body: text("x")}, ""},
		{"asterisk", record.Message{Method: "OPTIONS", Target: "*"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := inspector.NewStore(10, 1<<20)
			page := httptest.NewServer(inspector.New(store, &fake{store: store}, inspector.Options{Listener: server.URL + "/"}))
			defer page.Close()
			id := store.Add(&record.Record{Request: test.m})
			_, command, _ := (&site{page, store, nil}).call(t, "GET", fmt.Sprintf("/api/requests/%d/curl", id), "")
			shell := exec.CommandContext(t.Context(), "sh", "-c", command)
			shell.Env = append(shell.Environ(), "no_proxy=*")
			if out, err := shell.CombinedOutput(); err != nil {
				t.Fatalf("%s\n%v: %s", command, err, out)
			}
			if test.m.Target == "*" {
				return // net/http answers it by itself
			}
			want := got{line: test.m.Method + " " + test.m.Target + " " + host, headers: test.headers, body: test.m.Body.Bytes}
			if test.name == "host" {
				want.line = "GET / example.com"
			}
			if g := <-received; g.line != want.line || g.headers != want.headers || !bytes.Equal(g.body, want.body) {
				t.Errorf("%s\nsent %q\nwant %q", command, g, want)
			}
		})
	}
}

// A command that sends a part of the body must not look like one that sends it all.
func TestCurlCommandOfAPart(t *testing.T) {
	s := newSite(t)
	id := s.store.Add(&record.Record{Request: record.Message{Method: "POST", Target: "/", Body: record.Body{Bytes: []byte("x"), Truncated: 7}}})
	_, command, _ := s.call(t, "GET", fmt.Sprintf("/api/requests/%d/curl", id), "")
	if comment, rest, _ := strings.Cut(command, "\n"); !strings.HasPrefix(comment, "# ") || !strings.Contains(comment, "7 bytes") || !strings.HasPrefix(rest, "curl ") {
		t.Errorf("%s", command)
	}
}
