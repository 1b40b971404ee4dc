package router

import (
	"fmt"
	"io"
	"net/http"

	"github.com/albatross-go/albatross/router/problem"
)

// Func makes a handler of a function that may fail. Its error is answered as [problem.From] says: a [problem.Details] as it is,
// any other error as a 500 that tells the client nothing.
//
// An error that comes after the response has begun cannot be answered any more. It goes to the problem observer, and the
// response is aborted with [http.ErrAbortHandler], so that half an answer never passes for a whole one.
func Func(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		t := &tracker{ResponseWriter: w}
		err := f(t, r)
		switch {
		case err == nil:
		case t.begun:
			problem.Observe(r.Context(), fmt.Errorf("router: error after the response had begun: %w", err))
			panic(http.ErrAbortHandler)
		default:
			problem.Write(w, r, err)
		}
	}
}

// tracker knows whether the response has begun.
type tracker struct {
	http.ResponseWriter
	begun bool
}

func (t *tracker) WriteHeader(status int) {
	t.begun = t.begun || status >= 200 || status == http.StatusSwitchingProtocols
	t.ResponseWriter.WriteHeader(status)
}

func (t *tracker) Write(p []byte) (int, error) {
	t.begun = true
	return t.ResponseWriter.Write(p)
}

func (t *tracker) WriteString(s string) (int, error) {
	t.begun = true
	return io.WriteString(t.ResponseWriter, s)
}

func (t *tracker) ReadFrom(src io.Reader) (int64, error) {
	t.begun = true
	return io.Copy(t.ResponseWriter, src)
}

// FlushError serves [http.ResponseController].
func (t *tracker) FlushError() error {
	t.begun = true
	return http.NewResponseController(t.ResponseWriter).Flush()
}

func (t *tracker) Flush() { _ = t.FlushError() } // http.Flusher has no error

// Unwrap serves [http.ResponseController].
func (t *tracker) Unwrap() http.ResponseWriter { return t.ResponseWriter }
