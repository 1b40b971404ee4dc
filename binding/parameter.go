package binding

import (
	"net/http"
	"reflect"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// sources are the tags that say where a field's value comes from.
var sources = [...]string{"path", "query", "header", "cookie", "form"}

// parameter is a field that is read from text: one value, a list of them, or the rest of the query.
type parameter struct {
	field    *reflect.StructField // Index is from In on, or from the struct that holds a form
	source   string
	name     string
	required bool
	defaults []string // the texts to read where there are none
	shape    shape
	schema   *schema.Schema
	item     *schema.Schema // of one text: the schema itself, or its elements'
	scalar   scalar
	checked  bool       // the item has more rules than that the scalar can be parsed
	each     *parameter // of a map: how the values of one key are read
}

// shape is how many values a parameter has.
type shape uint8

const (
	one  shape = iota
	many       // a slice: keys repeat
	rest       // a map: every key that no other field takes
)

func newParameter(p *plan, f *reflect.StructField, source string) parameter {
	q := parameter{field: f, source: source, name: p.nameOf(f, source), required: p.requiredOf(f) || source == "path"}
	p.refuse(f, "accept", "it is for raw bodies and files", "remove it")
	s, err := schema.OfText(f.Type, f.Tag)
	if !q.compile(f.Type, s) {
		p.failTag(f, source, "cannot be read into "+f.Type.String(),
			"take a string, a bool, a number, a time.Time, a time.Duration, a netip type, a url.URL, an encoding.TextUnmarshaler, "+
				"a pointer to one of these or, except in the path, a slice; for `query:\"*\"` a map[string]string or map[string][]string")
	}
	if err != nil {
		p.failError(f, err)
	}
	q.compileDefault(p)
	return q
}

// compile fixes how values of type t are read. It reports false for a type that cannot be.
func (q *parameter) compile(t reflect.Type, s *schema.Schema) (ok bool) {
	q.schema, q.item = s, s
	if q.scalar, ok = scalarOf(t); ok {
		q.checked = s != nil && (s.Rules != nil || s.Kind == schema.Number || s.Format == "uri-reference" || q.field.Tag.Get("format") != "")
		return true
	}
	if q.source == "path" || t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		return false
	}
	of := *q
	if s != nil {
		s = s.Elem
	}
	ok = of.compile(t.Elem(), s)
	if t.Kind() == reflect.Slice {
		q.shape, q.item, q.scalar, q.checked = many, of.item, of.scalar, of.checked
		return ok && of.shape == one
	}
	q.shape, q.each = rest, &of
	return ok && of.shape <= many && q.source == "query" && q.name == "*" &&
		t.Key().Kind() == reflect.String && of.element(t.Elem()).Kind() == reflect.String
}

// element is the type of one text's value where t is read by q.
func (q *parameter) element(t reflect.Type) reflect.Type {
	if q.shape == many {
		return t.Elem()
	}
	return t
}

// requiredOf reads the required tag.
func (p *plan) requiredOf(f *reflect.StructField) bool {
	value, ok := f.Tag.Lookup("required")
	if ok && value != "true" && value != "false" {
		p.failTag(f, "required", "is neither true nor false", "write `required:\"true\"`")
	}
	return value == "true"
}

// nameOf returns the name that a source tag gives.
func (p *plan) nameOf(f *reflect.StructField, source string) string {
	name := f.Tag.Get(source)
	if i := strings.IndexByte(name, ','); i >= 0 {
		p.failTag(f, source, "has more than a name",
			"write `"+source+`:"`+name[:i]+"\"` and the rest as tags of their own, such as `required:\"true\"`")
	}
	if name == "" {
		p.failTag(f, source, "has no name", "write `"+source+`:"`+strings.ToLower(f.Name)+"\"`")
	}
	if (source == "header" || source == "cookie") && !isToken(name) {
		p.failTag(f, source, "is no name that a "+source+" can have", "write letters, digits and hyphens")
	}
	if source == "header" {
		name = http.CanonicalHeaderKey(name)
	}
	return name
}

// isToken is RFC 9110 section 5.6.2, the syntax of a field's name and of a cookie's.
func isToken(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// compileDefault parses the default once, so that no request can fail of it. It is kept as text and parsed again for each request:
// values that share memory would let one request change another's.
func (q *parameter) compileDefault(p *plan) {
	text, ok := q.field.Tag.Lookup("default")
	if !ok {
		return
	}
	f := q.field
	switch {
	case q.required:
		p.failTag(f, "default", "is never used, since the value is required", "remove one of the two")
	case f.Type.Kind() == reflect.Pointer:
		p.failTag(f, "default", "is on a pointer, where nil says that there is no value", "remove the tag or take "+f.Type.Elem().String())
	case q.shape == one:
		q.defaults = []string{text}
	case q.shape == many && text == "":
		q.defaults = []string{}
	case q.shape == many:
		q.defaults = strings.Split(text, ",")
	default:
		p.failTag(f, "default", "is on a map", "remove the tag")
	}
	if fault := q.set(reflect.New(f.Type).Elem(), q.defaults); fault != "" {
		p.failTag(f, "default", fault, "give a default that the field takes")
	}
}

// read fills the parameter's field of in, the struct that q.field.Index begins at.
func (q *parameter) read(in reflect.Value, texts []string, faults *schema.Faults) {
	fault := ""
	switch {
	case len(texts) > 0:
		fault = q.set(fieldOf(in, q.field.Index), texts)
	case q.defaults != nil:
		fault = q.set(fieldOf(in, q.field.Index), q.defaults)
	case q.required:
		fault = "is required"
	}
	if fault != "" {
		faults.Add("", q.name, fault)
	}
}

// set parses the texts into v, the field. It returns the fault or "".
func (q *parameter) set(v reflect.Value, texts []string) (fault string) {
	if q.shape == one {
		if len(texts) > 1 {
			return "must be given once"
		}
		return q.setItem(v, texts[0])
	}
	if q.schema.Rules != nil {
		if fault := q.schema.CheckItems(texts); fault != "" {
			return fault
		}
	}
	list := reflect.MakeSlice(v.Type(), len(texts), len(texts))
	for i, text := range texts {
		if fault := q.setItem(list.Index(i), text); fault != "" {
			return fault
		}
	}
	v.Set(list)
	return ""
}

func (q *parameter) setItem(v reflect.Value, text string) (fault string) {
	if q.checked {
		if fault := q.item.CheckText(text); fault != "" {
			return fault
		}
	}
	if q.scalar.parse(v, text) {
		return ""
	}
	if fault := q.item.CheckText(text); fault != "" {
		return fault
	}
	return q.scalar.fault
}

// fieldOf is v.FieldByIndex(index), quicker for the usual index.
func fieldOf(v reflect.Value, index []int) reflect.Value {
	if len(index) == 1 {
		return v.Field(index[0])
	}
	return v.FieldByIndex(index)
}

// fieldAt returns the i-th field of t, with the index that it has from the struct on in which t is at outer.
func fieldAt(t reflect.Type, i int, outer []int) *reflect.StructField {
	f := t.Field(i)
	f.Index = append(append(make([]int, 0, len(outer)+1), outer...), i)
	return &f
}
