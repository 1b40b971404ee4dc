package binding

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"reflect"

	"github.com/albatross-go/albatross/router/problem"
)

// respond answers what the function returned. An error means that nothing was written yet.
func (o *output) respond(a *answer, r *http.Request) error {
	if o.kind == responder {
		return respondItself(a.w, r, a.out)
	}
	body := a.out
	if o.body != nil {
		body = fieldOf(a.out, o.body)
	}
	switch o.kind {
	case encoded:
		return a.finish(r, a.encode(body))
	case bytesContent:
		_, err := a.Write(body.Bytes())
		return a.finish(r, err)
	case readerContent:
		source, _ := body.Interface().(io.Reader)
		return a.finish(r, a.copy(source))
	case fileContent:
		file, _ := body.Interface().(fs.File)
		return a.finish(r, a.sendFile(r, file))
	default:
		return a.finish(r, nil)
	}
}

// answer is a response that begins, with its status and header, when the first byte of its body is written: an error before that
// can still be answered instead.
type answer struct {
	w       http.ResponseWriter
	output  *output
	config  *config
	encoder *encoder // nil: JSON
	out     reflect.Value

	begun bool
	gone  bool // the client does not take the response any more
}

// writeHeader sets the header alone.
func (a *answer) writeHeader() {
	a.begun = true
	h := a.w.Header()
	if a.output.kind == encoded {
		mediaType := "application/json"
		if a.encoder != nil {
			mediaType = a.encoder.mediaType
		}
		h["Content-Type"] = []string{mediaType}
	}
	a.output.writeHeaders(a.w, a.out)
	if len(a.config.encoders) > 0 && a.output.kind == encoded {
		h.Add("Vary", "Accept") // the representation was chosen
	}
}

func (a *answer) begin() {
	a.writeHeader()
	a.w.WriteHeader(a.output.status(a.config))
}

// Write makes the answer an [io.Writer] for its encoder.
func (a *answer) Write(p []byte) (int, error) {
	if !a.begun {
		a.begin()
	}
	n, err := a.w.Write(p)
	a.gone = a.gone || err != nil
	return n, err
}

// encode writes v as JSON, in which <, > and & stay as they are since it is no script, or as its encoder does.
func (a *answer) encode(v reflect.Value) error {
	if a.encoder != nil {
		return a.encoder.encode(a, v.Interface())
	}
	e := json.NewEncoder(a)
	e.SetEscapeHTML(false)
	return e.Encode(v.Addr().Interface())
}

// copy streams the source, and closes it if it can be closed. A nil source is an empty body.
func (a *answer) copy(source io.Reader) error {
	if source == nil {
		return nil
	}
	if closer, ok := source.(io.Closer); ok {
		defer closer.Close()
	}
	_, err := io.Copy(a, source)
	return err
}

// sendFile answers as [http.ServeContent] does where the file can seek; else the whole of it.
func (a *answer) sendFile(r *http.Request, file fs.File) error {
	if file == nil {
		return errors.New("binding: the function returned a nil file; return an error, such as fs.ErrNotExist, with it")
	}
	defer func() { _ = file.Close() }() // it was only read
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("binding: %s is a directory; return a file", info.Name())
	}
	if content, ok := file.(io.ReadSeeker); ok {
		a.writeHeader()
		http.ServeContent(a.w, r, info.Name(), info.ModTime(), content)
		return nil
	}
	h := a.w.Header()
	if contentType := cmp.Or(h.Get("Content-Type"), mime.TypeByExtension(path.Ext(info.Name()))); contentType != "" {
		h.Set("Content-Type", contentType)
	}
	if modified := info.ModTime(); !modified.IsZero() {
		h.Set("Last-Modified", modified.UTC().Format(http.TimeFormat))
	}
	_, err = io.Copy(a, file)
	return err
}

// finish ends the answer. It returns err if that can still be answered; one that comes too late aborts the response.
func (a *answer) finish(r *http.Request, err error) error {
	switch {
	case err == nil && !a.begun:
		a.begin()
		return nil
	case err == nil, a.gone: // a client that went away is the server's concern
		return nil
	case !a.begun:
		return err
	default:
		abort(r, err)
		return nil
	}
}

// abort shows an error that cannot be answered any more, and ends the response in the way of [net/http].
func abort(r *http.Request, err error) {
	problem.Observe(r.Context(), fmt.Errorf("binding: error after the response had begun: %w", err))
	panic(http.ErrAbortHandler)
}
