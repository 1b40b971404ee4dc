package binding

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// inspection is where in a type values have a Validate method. Types that contain themselves make it a circle.
type inspection struct {
	self     bool // the type itself has one
	members  []member
	elem     *inspection // of a slice, an array or a map
	embedded [][]int     // structs that have one: their members are the outer struct's, but their method may not be

	matters bool // self, or something inside matters
}

// member is a field that has a Validate method in it.
type member struct {
	index      []int
	place      place // without the outer one
	inspection *inspection
	body       bool // the request's body
}

// inspector makes the inspections of one input.
type inspector struct {
	structs map[reflect.Type]*inspection
	all     []*inspection
}

// inspectionOfInput returns nil if nothing in the input has a Validate method.
func inspectionOfInput(p *plan) *inspection {
	i := &inspector{structs: map[reflect.Type]*inspection{}}
	root := i.new(p.in)
	root.embedded = embeddedIn(p.in, nil)
	for k := range p.parameters {
		i.addParameter(root, &p.parameters[k])
	}
	if p.body != nil {
		i.addBody(root, p.body)
	}
	return i.prune(root)
}

func (i *inspector) addBody(root *inspection, b *body) {
	var n *inspection
	switch {
	case b.kind == formBody && !b.inBody: // its fields are In's own
		i.addForm(root, b)
		return
	case b.kind == formBody:
		n = i.new(b.field.Type)
		n.embedded = embeddedIn(b.field.Type, nil)
		i.addForm(n, b)
	case b.kind == jsonBody:
		n = i.ofSchema(b.schema)
	default:
		n = i.ofList(b.field.Type, nil)
	}
	root.add(member{index: b.field.Index, place: place{same: true}, inspection: n, body: true})
}

// new returns an inspection of the type alone.
func (i *inspector) new(t reflect.Type) *inspection {
	n := &inspection{self: hasValidate(t)}
	if n.self && t.Kind() == reflect.Struct {
		refuseNil(t)
	}
	i.all = append(i.all, n)
	return n
}

// hasValidate reports whether t or a pointer to it is a [Validator].
func hasValidate(t reflect.Type) bool {
	return t.Kind() != reflect.Interface && (t.PkgPath() != "" || t.Kind() == reflect.Struct) && reflect.PointerTo(t).Implements(reflect.TypeFor[Validator]())
}

// refuseNil panics if the struct may have its Validate method from an embedded field that can be nil. The method could not run
// then, and whether it is the struct's own after all is not to be seen.
func refuseNil(t reflect.Type) {
	for k := range t.NumField() {
		f := t.Field(k)
		switch {
		case !f.Anonymous:
		case f.Type.Kind() == reflect.Struct:
			refuseNil(f.Type)
		case (f.Type.Kind() == reflect.Pointer || f.Type.Kind() == reflect.Interface) && f.Type.Implements(reflect.TypeFor[Validator]()):
			(&plan{in: t}).fail(&f, "the Validate method of an embedded "+f.Type.Kind().String()+" cannot run where that is nil",
				"embed a struct by value, or give the field a name")
		}
	}
}

// ofList returns the inspection of a list, a map or, where elem is nil, a scalar; nil if there is nothing to run.
func (i *inspector) ofList(t reflect.Type, elem *inspection) *inspection {
	if elem == nil && !hasValidate(t) {
		return nil
	}
	n := i.new(t)
	n.elem = elem
	return n
}

// add adds a member, unless there is nothing to run in it.
func (n *inspection) add(m member) {
	if m.inspection != nil {
		n.members = append(n.members, m)
	}
}

func (i *inspector) addForm(n *inspection, b *body) {
	for k := range b.form {
		i.addParameter(n, &b.form[k].parameter)
	}
}

func (i *inspector) addParameter(n *inspection, q *parameter) {
	n.add(member{index: q.field.Index, place: place{parameter: q.name}, inspection: i.ofText(q.field.Type), body: q.source == "form"})
}

// ofText returns the inspection of a parameter: a scalar, a slice or a map of them, or a pointer.
func (i *inspector) ofText(t reflect.Type) *inspection {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if _, ok := scalarOf(t); !ok && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map) {
		return i.ofList(t, i.ofText(t.Elem()))
	}
	return i.ofList(t, nil)
}

// ofSchema returns the inspection of a place in a JSON body.
func (i *inspector) ofSchema(s *schema.Schema) *inspection {
	t := s.Type
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch s.Kind {
	case schema.Object:
		return i.ofStruct(t, s.Struct)
	case schema.Array, schema.Map:
		return i.ofList(t, i.ofSchema(s.Elem))
	default:
		return i.ofList(t, nil)
	}
}

func (i *inspector) ofStruct(t reflect.Type, s *schema.Struct) *inspection {
	if n := i.structs[t]; n != nil {
		return n
	}
	n := i.new(t)
	i.structs[t] = n
	n.embedded = embeddedIn(t, nil)
	for k := range s.Fields {
		f := &s.Fields[k]
		n.add(member{index: f.Index, place: place{token: f.Name, index: -1}, inspection: i.ofSchema(f.Schema)})
	}
	return n
}

// embeddedIn returns the structs with a Validate method that are embedded in t, the innermost first.
func embeddedIn(t reflect.Type, outer []int) [][]int {
	var found [][]int
	for k := range t.NumField() {
		f := t.Field(k)
		inner := f.Type
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous || !f.IsExported() || inner.Kind() != reflect.Struct || name != "" || f.Tag.Get("binding") == "-" {
			continue
		}
		index := slices.Concat(outer, f.Index)
		found = append(found, embeddedIn(inner, index)...)
		if hasValidate(inner) {
			found = append(found, index)
		}
	}
	return found
}

// prune cuts off what has no Validate method, and returns nil if nothing is left.
func (i *inspector) prune(root *inspection) *inspection {
	for changed := true; changed; { // until it has come round every circle
		changed = false
		for _, n := range i.all {
			if !n.matters && n.hasAny() {
				n.matters, changed = true, true
			}
		}
	}
	for _, n := range i.all {
		kept := n.members[:0]
		for _, m := range n.members {
			if m.inspection.matters {
				kept = append(kept, m)
			}
		}
		n.members = kept
		if n.elem != nil && !n.elem.matters {
			n.elem = nil
		}
	}
	if !root.matters {
		return nil
	}
	return root
}

func (n *inspection) hasAny() bool {
	for k := range n.members {
		if n.members[k].inspection.matters {
			return true
		}
	}
	return n.self || len(n.embedded) > 0 || n.elem != nil && n.elem.matters
}

// nameOfKey is the name that package encoding/json gives a key. It reports false for one that can be read, but not written.
func nameOfKey(key reflect.Value) (name string, ok bool) {
	if key.Kind() == reflect.String {
		return key.String(), true
	}
	if m, ok := key.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		return string(text), err == nil
	}
	switch {
	case key.CanInt():
		return strconv.FormatInt(key.Int(), 10), true
	case key.CanUint():
		return strconv.FormatUint(key.Uint(), 10), true
	default:
		return "", false
	}
}
