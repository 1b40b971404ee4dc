package binding

import (
	"errors"
	"io"
	"net/http"
	"reflect"
)

// Responder is implemented by an Out, or a pointer to it, that writes the response by itself.
//
// An error from before the response has begun is answered like one of the function. A later one goes to the problem observer and
// aborts the response with [http.ErrAbortHandler], so that half an answer never passes for a whole one.
type Responder interface {
	// Respond writes the whole response to r: header, status and body.
	Respond(w http.ResponseWriter, r *http.Request) error
}

func respondItself(w http.ResponseWriter, r *http.Request, out reflect.Value) error {
	own, ok := out.Interface().(Responder)
	if !ok && out.Kind() != reflect.Interface {
		own, ok = out.Addr().Interface().(Responder)
	}
	if !ok || out.Kind() == reflect.Pointer && out.IsNil() {
		return errors.New("binding: the function returned a nil Responder; return an error with it")
	}
	t := &tracker{ResponseWriter: w}
	err := own.Respond(t, r)
	if err != nil && t.begun {
		abort(r, err)
	}
	return err
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

func (t *tracker) ReadFrom(source io.Reader) (int64, error) {
	t.begun = true
	return io.Copy(t.ResponseWriter, source)
}

// FlushError serves [http.ResponseController].
func (t *tracker) FlushError() error {
	t.begun = true
	return http.NewResponseController(t.ResponseWriter).Flush()
}

func (t *tracker) Flush() { _ = t.FlushError() } // http.Flusher has no error

// Unwrap serves [http.ResponseController].
func (t *tracker) Unwrap() http.ResponseWriter { return t.ResponseWriter }
