package binding

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/textproto"
	"reflect"
	"strings"
)

// File is a file of a multipart form: a field with the tag form, of this type, a pointer to it (nil where the file is absent) or a
// slice of it. The zero value is no file.
//
// Name and Header are what the client says. Safe only when Name is never used as a path and the declared type is not trusted.
type File struct {
	Name   string               // the last element of the client's file name
	Header textproto.MIMEHeader // of the part
	Size   int64                // in bytes

	content []byte // nil: no file
}

// Open returns the content, which is in memory. It fails for the zero File.
func (f File) Open() (multipart.File, error) {
	if f.content == nil {
		return nil, errors.New("binding: Open of a File that was not uploaded; look at Name first, or require it with the tag `required:\"true\"`")
	}
	return content{bytes.NewReader(f.content)}, nil
}

// fileShape is how a field holds files.
type fileShape uint8

const (
	notFile fileShape = iota
	oneFile
	filePointer
	manyFiles
)

func fileShapeOf(t reflect.Type) fileShape {
	switch t {
	case reflect.TypeFor[File]():
		return oneFile
	case reflect.TypeFor[*File]():
		return filePointer
	case reflect.TypeFor[[]File]():
		return manyFiles
	default:
		return notFile
	}
}

// readFile fills the field of in with the files of its name.
func (q *formField) readFile(d *reading, in reflect.Value) {
	var files []File
	for i := range d.form.parts {
		p := &d.form.parts[i]
		switch {
		case p.name != q.name || p.isFile && p.file == "" && len(p.content) == 0: // a browser's way to say that no file was chosen
			continue
		case p.file == "":
			d.faults.Add("", q.name, "must be a file")
			return
		case len(q.accept) > 0 && !accepts(q.accept, p.header.Get("Content-Type")):
			d.faults.Add("", q.name, "must be "+strings.Join(q.accept, " or "))
			return
		}
		files = append(files, File{Name: p.file, Header: p.header, Size: int64(len(p.content)), content: p.content})
	}
	switch {
	case len(files) == 0:
		if q.required {
			d.faults.Add("", q.name, "is required")
		}
		return
	case len(files) > 1 && q.file != manyFiles:
		d.faults.Add("", q.name, "must be given once")
		return
	}
	switch target := fieldOf(in, q.field.Index).Addr().Interface().(type) {
	case *File:
		*target = files[0]
	case **File:
		*target = &files[0]
	case *[]File:
		*target = files
	}
}
