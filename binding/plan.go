package binding

import (
	"errors"
	"reflect"
	"strconv"
	"sync"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// plan is how an input type is read from a request: all that can be known before there is one.
type plan struct {
	in         reflect.Type
	parameters []parameter // in the order of the fields
	query      bool        // some of them are in the query
	body       *body       // nil: none is read
	inspection *inspection // nil: nothing in it has a Validate method
}

// plans are the plans made so far, by type.
var plans sync.Map

// planOf panics if the type has a mistake.
func planOf(in reflect.Type) *plan {
	if p, ok := plans.Load(in); ok {
		return p.(*plan)
	}
	p := newPlan(in)
	plans.Store(in, p)
	return p
}

func newPlan(in reflect.Type) *plan {
	if in.Kind() != reflect.Struct {
		panic("binding: " + in.String() + " is no struct; take a struct whose fields have tags such as `query:\"page\"`, or struct{} for no input")
	}
	p := &plan{in: in}
	p.addFields(in, nil)
	p.inspection = inspectionOfInput(p)
	if b := p.body; b != nil && b.schema != nil {
		if err := b.schema.CheckDecodable(); err != nil {
			p.failError(b.field, err)
		}
	}
	return p
}

// addFields adds what a struct takes from the request; in embedded structs, too.
func (p *plan) addFields(t reflect.Type, outer []int) {
	for i := range t.NumField() {
		f := fieldAt(t, i, outer)
		source := p.sourceOf(f)
		switch {
		case f.Tag.Get("binding") == "-":
		case source == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			p.addFields(f.Type, f.Index)
		case source == "" && f.Anonymous && f.Type.Kind() == reflect.Pointer && f.Type.Elem().Kind() == reflect.Struct:
			p.fail(f, "an embedded pointer would have to be allocated", "embed it by value")
		case !f.IsExported():
			if source != "" {
				p.failTag(f, source, "is on an unexported field", "export the field")
			}
		case source == "form":
			p.addForm(f)
		case source != "":
			p.addParameter(newParameter(p, f, source))
		case f.Name == "Body":
			p.addBody(f)
		default:
			p.fail(f, "the field has no source", "add one of the tags path, query, header, cookie and form, or `binding:\"-\"` to leave it out")
		}
	}
}

// sourceOf returns the one tag of the field that says where its value comes from, or "".
func (p *plan) sourceOf(f *reflect.StructField) string {
	found := ""
	for _, source := range &sources {
		if _, ok := f.Tag.Lookup(source); !ok {
			continue
		}
		if found != "" {
			p.fail(f, "the tags "+found+" and "+source+" are both there", "keep one")
		}
		found = source
	}
	if value, ok := f.Tag.Lookup("binding"); ok && value != "-" {
		p.failTag(f, "binding", "is not known", "write `binding:\"-\"` to leave the field out, and constraints as tags of their own")
	}
	if err := schema.CheckTags(f.Tag); err != nil {
		p.failError(f, err)
	}
	return found
}

func (p *plan) addParameter(q parameter) {
	for i := range p.parameters {
		if other := &p.parameters[i]; other.source == q.source && other.name == q.name {
			p.fail(q.field, quoteTag(q.source, q.name)+" is the source of "+other.field.Name+" already", "read it in one field")
		}
	}
	p.query = p.query || q.source == "query"
	p.parameters = append(p.parameters, q)
}

// fail panics with a mistake in a field and its fix.
func (p *plan) fail(f *reflect.StructField, mistake, fix string) {
	panic("binding: " + p.in.String() + "." + f.Name + ": " + mistake + "; " + fix)
}

// failTag is fail with a mistake that begins with one of the field's tags.
func (p *plan) failTag(f *reflect.StructField, key, mistake, fix string) {
	p.fail(f, tagOf(f, key)+" "+mistake, fix)
}

// tagOf returns one of the field's tags, for messages.
func tagOf(f *reflect.StructField, key string) string { return quoteTag(key, f.Tag.Get(key)) }

func quoteTag(key, value string) string { return "`" + key + ":" + strconv.Quote(value) + "`" }

// failError panics with a mistake that package schema found: in the field, or in a type further in, which it then names.
func (p *plan) failError(f *reflect.StructField, err error) {
	if e, ok := errors.AsType[*schema.Error](err); ok && e.Type != nil {
		panic("binding: " + e.Error())
	}
	panic("binding: " + p.in.String() + "." + f.Name + ": " + err.Error())
}
