package binding

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
	"github.com/albatross-go/albatross/router/problem"
)

// body is the field that the request's body goes to, or the fields of a form.
type body struct {
	kind     bodyKind
	field    *reflect.StructField // the Body field; of a form in In itself, its first field
	required bool
	accept   []string       // of a raw body: the media types taken, all if empty
	schema   *schema.Schema // of a JSON body
	form     []formField
	inBody   bool // the form's fields are in the Body field
}

type bodyKind uint8

const (
	jsonBody bodyKind = iota
	bytesBody
	readerBody
	formBody
)

// bodyState is what became of the body.
type bodyState uint8

const (
	absent  bodyState = iota // there is none, and none is required
	whole                    // read, perhaps with faults
	unknown                  // not read to the end: what it says of values that are missing means nothing
)

// addBody compiles the field named Body.
func (p *plan) addBody(f *reflect.StructField) {
	if p.body != nil {
		p.fail(f, "the input has two bodies, "+p.body.field.Name+" and "+f.Name, "keep one")
	}
	b := &body{field: f, required: p.requiredOf(f)}
	p.body = b
	if _, ok := f.Tag.Lookup("default"); ok {
		p.fail(f, "a body has no default", "take a pointer, which is nil where there is no body")
	}
	t := f.Type
	switch {
	case isBytes(t):
		b.kind = bytesBody
	case t == reflect.TypeFor[io.Reader](), t == reflect.TypeFor[io.ReadCloser]():
		b.kind = readerBody
	case hasForm(t):
		b.kind, b.inBody = formBody, true
		p.addFormStruct(t, nil)
		return
	case t.Kind() == reflect.Pointer && hasForm(t.Elem()):
		p.fail(f, "a form is no pointer", "take "+t.Elem().String())
	default:
		b.required = t.Kind() != reflect.Pointer && f.Tag.Get("required") != "false" || b.required
		s, err := schema.OfJSON(t, f.Tag)
		if err != nil {
			p.failError(f, err)
		}
		b.schema = s
		p.refuse(f, "accept", "it is for raw bodies and files", "remove it")
		return
	}
	for _, tag := range &constraints {
		p.refuse(f, tag, "a raw body has no constraints", "remove it, or check the bytes in a Validate method")
	}
	b.accept = p.acceptOf(f)
}

// refuse fails if the field has the tag.
func (p *plan) refuse(f *reflect.StructField, tag, why, fix string) {
	if _, ok := f.Tag.Lookup(tag); ok {
		p.fail(f, tagOf(f, tag)+": "+why, fix)
	}
}

// constraints are the tags that raw bodies and files cannot have.
var constraints = [...]string{
	"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
	"multipleOf", "enum", "minItems", "maxItems", "uniqueItems", "format",
}

// isBytes reports whether t is plain bytes. json.RawMessage, which speaks JSON by itself, is not.
func isBytes(t reflect.Type) bool {
	return isRaw(t) && !t.Implements(reflect.TypeFor[json.Marshaler]()) && !implements[json.Unmarshaler](t)
}

// tag is the body's tag, for messages.
func (b *body) tag() string {
	if b.kind == formBody {
		return `form:"` + b.form[0].name + `"`
	}
	return b.field.Name + " " + b.field.Type.String()
}

// read fills the body's field of in. The problem, if any, says why the body could not be read at all.
func (b *body) read(d *reading, in reflect.Value) (bodyState, *problem.Details) {
	switch b.kind {
	case jsonBody:
		return b.readJSON(d, fieldOf(in, b.field.Index))
	case formBody:
		if b.inBody {
			in = fieldOf(in, b.field.Index)
		}
		return b.readForm(d, in)
	default:
		return b.readRaw(d, fieldOf(in, b.field.Index))
	}
}

func (b *body) readRaw(d *reading, v reflect.Value) (bodyState, *problem.Details) {
	r := d.request
	none := isEmpty(r)
	if none && b.required {
		return unknown, noBody()
	}
	if contentType := r.Header.Get("Content-Type"); len(b.accept) > 0 && (!none || contentType != "") && !accepts(b.accept, contentType) {
		return unknown, wrongMediaType(b.accept)
	}
	if b.kind == readerBody {
		v.Set(reflect.ValueOf(http.MaxBytesReader(nil, bodyOf(r), d.config.maxBody)))
		return whole, nil
	}
	data, failure := readAll(r, d.config.maxBody)
	if failure != nil {
		return unknown, failure
	}
	if len(data) == 0 && b.required {
		return unknown, noBody()
	}
	v.SetBytes(data)
	return whole, nil
}

func (b *body) readJSON(d *reading, v reflect.Value) (bodyState, *problem.Details) {
	r := d.request
	contentType := r.Header.Get("Content-Type")
	if contentType != "" && !isEmpty(r) && !isJSON(contentType) {
		return unknown, wrongMediaType([]string{"application/json"})
	}
	data, failure := readAll(r, d.config.maxBody)
	switch {
	case failure != nil:
		return unknown, failure
	case len(data) == 0 && b.required:
		return unknown, noBody()
	case len(data) == 0:
		b.schema.ApplyDefaults(nil, v)
		return absent, nil
	case contentType == "":
		return unknown, wrongMediaType([]string{"application/json"})
	}

	before, large := d.faults.Len(), len(data) > largeJSON
	if large {
		if !json.Valid(data) {
			return unknown, notJSON(nil)
		}
		if failure := b.check(d, data, false); failure != nil || d.faults.Len() > before {
			return unknown, failure
		}
	}
	err := json.Unmarshal(data, v.Addr().Interface())
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && !json.Valid(data) { // a method of the value's may fail with one, too
		return unknown, notJSON(syntax)
	}
	if !large || err != nil {
		if failure := b.check(d, data, err != nil); failure != nil {
			return unknown, failure
		}
	}
	if err != nil {
		if plain, ok := b.schema.PlainIntegers(data); ok {
			v.SetZero() // the decoder may have filled some of it
			err = json.Unmarshal(plain, v.Addr().Interface())
		}
	}
	if err == nil {
		if d.faults.Len() == before && b.schema.HasDefaults() {
			b.schema.ApplyDefaults(data, v)
		}
		return whole, nil
	}
	if d.faults.Len() == before {
		d.faults.Add("", "", "is not valid")
	}
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok { // the decoder went on after it
		return whole, nil
	}
	return unknown, nil
}

// largeJSON is where a body is checked before it is decoded, not after: in memory two bytes of JSON can be a kilobyte, and a list that
// is too long need not be made to be refused.
const largeJSON = 64 << 10

func (b *body) check(d *reading, data []byte, decode bool) *problem.Details {
	b.schema.CheckJSON(data, schema.Options{Strict: d.config.strict, MaxDepth: d.config.maxDepth, Decode: decode}, &d.faults)
	if d.faults.TooDeep {
		return problem.BadRequest("The body is nested more than " + strconv.Itoa(d.config.maxDepth) + " levels deep.")
	}
	return nil
}

func notJSON(cause error) *problem.Details {
	return problem.Wrap(cause, http.StatusBadRequest, "The body is not valid JSON.")
}

// isJSON reports whether a body of this type is read as JSON: application/json, or any type with the suffix +json (RFC 6839,
// section 3.1), in UTF-8 (RFC 8259, section 8.1).
func isJSON(contentType string) bool {
	if contentType == "application/json" {
		return true
	}
	essence, charset, ok := mediaTypeOf(contentType)
	return ok && (essence == "application/json" || strings.HasSuffix(essence, "+json")) && (charset == "" || strings.EqualFold(charset, "utf-8"))
}

func isEmpty(r *http.Request) bool {
	return r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody
}

func bodyOf(r *http.Request) io.ReadCloser {
	if r.Body == nil {
		return http.NoBody
	}
	return r.Body
}

func noBody() *problem.Details { return problem.BadRequest("The request has no body.") }

// readAll reads the body into as much memory as it needs, where its length is known.
func readAll(r *http.Request, limit int64) ([]byte, *problem.Details) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, problem.From(&http.MaxBytesError{Limit: limit})
	}
	size := min(r.ContentLength, 1<<20) // what a client says costs it nothing
	if size < 0 {
		size = min(limit, 512)
	}
	data := make([]byte, 0, size+1) // one more, so that the end is found without growing
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Body.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case int64(len(data)) > limit:
			return nil, problem.From(&http.MaxBytesError{Limit: limit})
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, unreadable(err)
		}
	}
}

// unreadable is the answer where the body broke off.
func unreadable(err error) *problem.Details {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok { // of a middleware further out
		return problem.From(err)
	}
	return problem.Wrap(err, http.StatusBadRequest, "The request's body could not be read.")
}
