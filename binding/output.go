package binding

import (
	"encoding"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"reflect"
	"strconv"
)

// output is how an output type is answered.
type output struct {
	out     reflect.Type
	kind    outputKind
	headers []outputHeader    // of a struct with tagged fields
	body    []int             // its Body field; nil without tagged fields, or without a body
	content reflect.Type      // of what kind is about: out itself, or the Body field's type
	tag     reflect.StructTag // of the Body field, for the document
}

type outputKind uint8

const (
	noContent outputKind = iota
	responder
	bytesContent
	readerContent
	fileContent
	encoded // JSON, or as WithEncoder says
)

// outputOf panics if the type has a mistake.
func outputOf(out reflect.Type) *output {
	o := &output{out: out, content: out, kind: kindOf(out)}
	if out.Kind() == reflect.Pointer && out.Elem().Kind() == reflect.Struct && o.kind == encoded && hasHeader(out.Elem()) {
		panic("binding: " + out.String() + ": a pointer cannot be taken apart into the header and the body; return " + out.Elem().String())
	}
	if o.kind == encoded && out.Kind() == reflect.Struct && hasHeader(out) {
		o.kind, o.content = noContent, reflect.TypeFor[struct{}]()
		o.addFields(out, nil)
	}
	if o.kind == encoded {
		checkEncodable(o.content, out.String(), map[reflect.Type]bool{})
	}
	return o
}

func kindOf(t reflect.Type) outputKind {
	switch {
	case t == reflect.TypeFor[struct{}]():
		return noContent
	case implements[Responder](t):
		return responder
	case t.Implements(reflect.TypeFor[fs.File]()):
		return fileContent
	case t.Implements(reflect.TypeFor[io.Reader]()):
		return readerContent
	case isBytes(t) && !implements[encoding.TextMarshaler](t):
		return bytesContent
	default:
		return encoded
	}
}

// implements reports whether t or a pointer to it has the methods of I.
func implements[I any](t reflect.Type) bool {
	i := reflect.TypeFor[I]()
	return t.Implements(i) || t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(i)
}

// hasHeader reports whether a field of the struct is sent as a header field or a cookie.
func hasHeader(t reflect.Type) bool {
	if implements[json.Marshaler](t) {
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		_, header := f.Tag.Lookup("header")
		_, cookie := f.Tag.Lookup("cookie")
		if header || cookie || f.Anonymous && f.Type.Kind() == reflect.Struct && hasHeader(f.Type) {
			return true
		}
	}
	return false
}

// addFields takes a struct apart into header fields, cookies and the body.
func (o *output) addFields(t reflect.Type, outer []int) {
	for i := range t.NumField() {
		f := fieldAt(t, i, outer)
		_, header := f.Tag.Lookup("header")
		_, cookie := f.Tag.Lookup("cookie")
		switch {
		case f.Tag.Get("binding") == "-":
		case header && cookie:
			o.fail(f, "the tags header and cookie are both there", "keep one")
		case !f.IsExported() && (header || cookie):
			o.fail(f, "the field is not exported", "export it")
		case header || cookie:
			o.addHeader(f)
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			o.addFields(f.Type, f.Index)
		case !f.IsExported():
		case f.Name != "Body":
			o.fail(f, "the field is neither in the header nor in the body, since other fields have the tags header or cookie",
				"add one of these tags, move it into a field named Body, or leave it out with `binding:\"-\"`")
		case o.body != nil:
			o.fail(f, "the output has two bodies", "keep one")
		default:
			o.body, o.content, o.tag, o.kind = f.Index, f.Type, f.Tag, kindOf(f.Type)
			if o.kind == responder {
				o.fail(f, f.Type.String()+" writes the whole response by itself", "return it instead of "+o.out.String())
			}
		}
	}
}

func (o *output) fail(f *reflect.StructField, mistake, fix string) {
	(&plan{in: o.out}).fail(f, mistake, fix)
}

// check panics if the options do not fit the output.
func (o *output) check(c *config) {
	s := c.status
	if s != 0 && o.kind == fileContent {
		panic("binding: " + o.out.String() + ": WithStatus(" + strconv.Itoa(s) + ") is given, but a file is answered with 200, 206 or 304 as the request asks; remove the option")
	}
	if (s == http.StatusNoContent || s == http.StatusResetContent || s == http.StatusNotModified) && o.kind != noContent {
		panic("binding: " + o.out.String() + ": a response with WithStatus(" + strconv.Itoa(s) + ") has no body; return struct{}, or give another status")
	}
}

// status is that of success.
func (o *output) status(c *config) int {
	switch {
	case c.status != 0:
		return c.status
	case o.kind == noContent:
		return http.StatusNoContent
	default:
		return http.StatusOK
	}
}
