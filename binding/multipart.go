package binding

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path"
	"strings"

	"github.com/albatross-go/albatross/router/problem"
)

// maxParts is where a form ends being one that a program reads.
const maxParts = 1000

// part is one field of a multipart form.
type part struct {
	name    string // of the field
	isFile  bool   // it has a file name, perhaps an empty one: the client chose no file
	file    string // the last element of the file name
	header  textproto.MIMEHeader
	content []byte
}

// readParts reads a multipart form (RFC 7578) from memory, so that nothing goes to the disk. It leaves out parts without a name.
func (d *reading) readParts(boundary string) *problem.Details {
	data, failure := readAll(d.request, d.config.maxBody)
	if failure != nil {
		return failure
	}
	source := multipart.NewReader(bytes.NewReader(data), boundary)
	for n := 0; ; n++ {
		next, err := source.NextRawPart()
		switch {
		case err == io.EOF: //nolint:errorlint // wrapped, it is a form without an end
			return nil
		case err != nil:
			return notForm(err)
		case n == maxParts:
			return problem.New(http.StatusRequestEntityTooLarge, "The form has too many parts.")
		}
		p, err := readPart(next)
		if err != nil {
			return notForm(err)
		}
		if p.name != "" {
			d.form.parts = append(d.form.parts, p)
		}
	}
}

// readPart refuses content that is encoded, as none is any more: RFC 7578, section 4.7.
func readPart(source *multipart.Part) (p part, err error) {
	switch strings.ToLower(source.Header.Get("Content-Transfer-Encoding")) {
	case "", "7bit", "8bit", "binary":
	default:
		return part{}, errors.New("binding: a part of the form has a Content-Transfer-Encoding")
	}
	p.header = source.Header
	if p.content, err = io.ReadAll(source); err != nil {
		return part{}, err
	}
	disposition, parameters, err := mime.ParseMediaType(p.header.Get("Content-Disposition"))
	if err == nil && disposition == "form-data" {
		p.name = parameters["name"]
		p.file, p.isFile = parameters["filename"]
	}
	if p.file != "" {
		p.file = path.Base(p.file)
	}
	return p, nil
}

// notForm is the answer to a body that cannot be read as the form that it should be.
func notForm(err error) *problem.Details {
	detail := "The body is not a valid form."
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		detail = "The form ends before its last part does."
	}
	return problem.Wrap(err, http.StatusBadRequest, detail)
}

// content is a [File] that is open.
type content struct{ *bytes.Reader }

func (content) Close() error { return nil }
