package binding

import (
	"mime"
	"reflect"

	"github.com/albatross-go/albatross/router/problem"
)

// The media types of forms.
const (
	urlencoded = "application/x-www-form-urlencoded"
	multiparts = "multipart/form-data"
)

// formField is a value or an uploaded file of a form. Its parameter's Index is from In on, or from the Body field.
type formField struct {
	parameter
	file   fileShape // notFile: a value
	accept []string  // of a file: the media types taken, all if empty
}

// hasForm reports whether t is a struct with form tags.
func hasForm(t reflect.Type) bool {
	if t.Kind() != reflect.Struct {
		return false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if _, ok := f.Tag.Lookup("form"); ok || f.Anonymous && hasForm(f.Type) {
			return true
		}
	}
	return false
}

// addForm compiles a form field of In itself.
func (p *plan) addForm(f *reflect.StructField) {
	switch {
	case p.body == nil:
		p.body = &body{kind: formBody, field: f}
	case p.body.kind != formBody || p.body.inBody:
		p.failTag(f, "form", "is a second body beside "+p.body.field.Name, "keep one")
	}
	p.addFormField(p, f)
}

// addFormStruct compiles the fields of a Body that is a form.
func (p *plan) addFormStruct(t reflect.Type, outer []int) {
	own := &plan{in: t} // for messages
	for i := range t.NumField() {
		f := fieldAt(t, i, outer)
		source := own.sourceOf(f)
		switch {
		case f.Tag.Get("binding") == "-":
		case source == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			p.addFormStruct(f.Type, f.Index)
		case !f.IsExported() && source == "":
		case source != "form" || !f.IsExported():
			own.fail(f, "the field of a form has no tag `form`, or is not exported", "add the tag, export the field, or leave it out with `binding:\"-\"`")
		default:
			p.addFormField(own, f)
		}
	}
}

// addFormField adds a field of owner's type to the form.
func (p *plan) addFormField(owner *plan, f *reflect.StructField) {
	q := formField{file: fileShapeOf(f.Type)}
	if q.file == notFile {
		q.parameter = newParameter(owner, f, "form")
	} else {
		for _, tag := range &constraints {
			owner.refuse(f, tag, "a file has no constraints but accept", "remove it, or check the file in a Validate method")
		}
		owner.refuse(f, "default", "a file has no default", "remove it")
		q.parameter = parameter{field: f, source: "form", name: owner.nameOf(f, "form"), required: owner.requiredOf(f)}
		q.accept = owner.acceptOf(f)
	}
	for i := range p.body.form {
		if other := &p.body.form[i]; other.name == q.name {
			owner.failTag(f, "form", "is the source of "+other.field.Name+" already", "read it in one field")
		}
	}
	p.body.form = append(p.body.form, q)
}

// hasFile reports whether the form can only be multipart.
func (b *body) hasFile() bool {
	for i := range b.form {
		if b.form[i].file != notFile {
			return true
		}
	}
	return false
}

// formTypes are the media types that the form can have.
func (b *body) formTypes() []string {
	if b.hasFile() {
		return []string{multiparts}
	}
	return []string{urlencoded, multiparts}
}

// form is what a form holds: pairs, or parts.
type form struct {
	pairs []pair
	parts []part
}

// readForm fills the form's fields of in. A body that is empty is a form without fields.
func (b *body) readForm(d *reading, in reflect.Value) (bodyState, *problem.Details) {
	r := d.request
	if !isEmpty(r) {
		if failure := b.parseForm(d); failure != nil {
			return unknown, failure
		}
	}
	for i := range b.form {
		q := &b.form[i]
		if q.file != notFile {
			q.readFile(d, in)
			continue
		}
		q.read(in, d.formTexts(q.name), &d.faults)
	}
	return whole, nil
}

func (d *reading) formTexts(name string) []string {
	d.texts = d.textRoom[:0]
	for i := range d.form.parts {
		if p := &d.form.parts[i]; p.name == name && p.file == "" {
			d.texts = append(d.texts, string(p.content))
		}
	}
	for i := range d.form.pairs {
		if d.form.pairs[i].key == name {
			d.texts = append(d.texts, d.form.pairs[i].value)
		}
	}
	return d.texts
}

func (b *body) parseForm(d *reading) *problem.Details {
	r := d.request
	essence, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && essence == urlencoded && !b.hasFile():
		data, failure := readAll(r, d.config.maxBody)
		if failure != nil {
			return failure
		}
		var ok bool
		if d.form.pairs, ok = parsePairs(nil, string(data)); !ok {
			return problem.BadRequest("The body is not a valid form.")
		}
		return nil
	case err == nil && essence == multiparts && parameters["boundary"] != "":
		return d.readParts(parameters["boundary"])
	default:
		return wrongMediaType(b.formTypes())
	}
}
