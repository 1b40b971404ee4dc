package middleware_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/problem"
)

// A copy that fails or ends before its first byte, a flush that nobody can do and a status that is none begin no response: what the
// handler answers then is what the client gets, and what the chain takes it for.
func TestNothingBegun(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
		want    int
	}{
		{"the copy fails", func(w http.ResponseWriter, r *http.Request) {
			_, err := io.Copy(w, iotest.ErrReader(errors.New("no such object")))
			problem.Write(w, r, problem.Wrap(err, http.StatusBadGateway, ""))
		}, http.StatusBadGateway},
		{"nothing to copy", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, struct{ io.Reader }{strings.NewReader("")})
			w.WriteHeader(http.StatusNotFound)
		}, http.StatusNotFound},
		{"the source panics", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, panicking{})
		}, http.StatusInternalServerError},
		{"copied", func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.Copy(w, struct{ io.Reader }{strings.NewReader("whole")})
			w.WriteHeader(http.StatusNotFound) // too late
		}, http.StatusOK},
	}
	for _, tt := range tests {
		for name, inner := range map[string]http.Handler{tt.name: tt.handler, tt.name + ", ContentType": middleware.ContentType("text/plain")(tt.handler)} {
			t.Run(name, func(t *testing.T) { tellsStatus(t, inner, tt.want) })
		}
	}
}

// tellsStatus checks what the client gets of h in a chain, and what the access line says.
func tellsStatus(t *testing.T, h http.Handler, want int) {
	var lines bytes.Buffer
	t.Setenv("AWS_LAMBDA_LOG_FORMAT", "JSON")
	l := middleware.NewLogger(middleware.WithOutput(&lines))
	chain := middleware.Logger(l)(middleware.Recoverer(middleware.CacheControl("max-age=60")(h)))
	viaEach(t, chain, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, _ string) {
		wantCache := "no-store"
		if want == http.StatusOK {
			wantCache = "max-age=60"
		}
		if cache := res.Header.Get("Cache-Control"); res.StatusCode != want || cache != wantCache && cache != "" {
			t.Errorf("the client gets %d with Cache-Control %q, want %d", res.StatusCode, cache, want)
		}
	})
	if n := strings.Count(lines.String(), fmt.Sprintf(`"http.response.status_code":%d,`, want)); n != 3 {
		t.Errorf("%d lines of 3 tell status %d:\n%s", n, want, &lines)
	}
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("broken source") }
