package binding

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// Validator is implemented by types that check their own values: In, and any type inside it, with a value or a pointer receiver.
//
// Validate runs once the tags of the value and of all it contains hold, the inner values' before the outer one's and In's own last.
// It runs for absent values, too, but not for nil pointers: what may be absent is best a pointer. It returns what [Invalid] made,
// or several of those in [errors.Join], which become faults in the answer. Any other error ends the request and is treated as one
// of the handler's own.
type Validator interface {
	// Validate returns nil if the value is right. The context is the request's.
	Validate(ctx context.Context) error
}

// Invalid is the error of a Validate method whose value has a fault, described in words for the client.
//
// at is where it is: a JSON Pointer (RFC 6901) from the value on, such as "/end", or "" for the value itself. In an error of In or
// of [WithValidator] the pointer is into the body. Without a slash in front it is the name of a parameter.
func Invalid(at, detail string) error { return &invalid{at, detail} }

type invalid struct{ at, detail string }

func (e *invalid) Error() string {
	if e.at == "" {
		return "invalid: " + e.detail
	}
	return "invalid: " + e.at + " " + e.detail
}

// place is where in the request a value is. It becomes text only when there is a fault.
type place struct {
	outer     *place
	parameter string
	token     string // of the pointer, unescaped
	index     int    // instead of a token, if it is not negative
	same      bool   // the value is at the same place as the outer one: a body's root, or embedded
}

// pointer is the JSON pointer, or "" and the parameter's name.
func (p *place) pointer() (pointer, parameter string) {
	if p == nil {
		return "", ""
	}
	pointer, parameter = p.outer.pointer()
	switch {
	case p.parameter != "" || parameter != "":
		return "", parameter + p.parameter
	case p.same:
		return pointer, ""
	case p.index >= 0:
		return pointer + "/" + strconv.Itoa(p.index), ""
	default:
		return pointer + "/" + schema.EscapeToken(p.token), ""
	}
}

// sound reports whether no fault is at the place or inside it; nil is In as a whole.
func (p *place) sound(faults *schema.Faults) bool {
	if faults.Len() == 0 {
		return true
	}
	if p == nil || faults.Len() > len(faults.List) { // all of In; or the places of some are not known
		return false
	}
	parameter := p.parameterName()
	for i := range faults.List {
		f := &faults.List[i]
		if parameter != "" {
			if f.Parameter == parameter {
				return false
			}
			continue
		}
		if rest, within := p.cut(f.Pointer); within && f.Parameter == "" && (rest == "" || rest[0] == '/') {
			return false
		}
	}
	return true
}

func (p *place) parameterName() string {
	for ; p != nil; p = p.outer {
		if p.parameter != "" {
			return p.parameter
		}
	}
	return ""
}

// cut returns what comes in the pointer after that of the place, if it begins with that. The place's own is not made for it: that
// would be as long as the names in it, for each value inside.
func (p *place) cut(pointer string) (rest string, ok bool) {
	if p == nil {
		return pointer, true
	}
	if rest, ok = p.outer.cut(pointer); !ok || p.same {
		return rest, ok
	}
	if rest, ok = strings.CutPrefix(rest, "/"); !ok || len(p.token) > len(rest) {
		return "", false
	}
	token := p.token
	if p.index >= 0 {
		token = strconv.Itoa(p.index)
	}
	return strings.CutPrefix(rest, schema.EscapeToken(token))
}

// addFaults adds the faults that err consists of, for a value at p; nil is In itself. It returns err if some of it is no fault.
func addFaults(err error, p *place, faults *schema.Faults) error {
	found, ok := invalids(nil, err)
	if !ok {
		return err
	}
	if len(found) == 0 {
		return nil
	}
	pointer, parameter := p.pointer()
	for _, e := range found {
		switch {
		case e.at != "" && e.at[0] != '/':
			faults.Add("", e.at, e.detail)
		case parameter != "":
			faults.Add("", parameter, e.detail)
		default:
			faults.Add(pointer+e.at, "", e.detail)
		}
	}
	return nil
}

// invalids appends the errors of Invalid that err is, wraps or joins. It reports whether there is nothing else.
func invalids(list []*invalid, err error) (_ []*invalid, ok bool) {
	switch e := err.(type) { //nolint:errorlint // this walks the chain itself
	case nil:
		return list, true
	case *invalid:
		return append(list, e), true
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if list, ok = invalids(list, inner); !ok {
				return list, false
			}
		}
		return list, true
	case interface{ Unwrap() error }:
		inner := e.Unwrap()
		if inner == nil {
			return list, false
		}
		return invalids(list, inner)
	default:
		return list, false
	}
}

// inspect runs the Validate methods in the input. Its error is one that is no fault.
func (p *plan) inspect(ctx context.Context, in reflect.Value, body bodyState, faults *schema.Faults) error {
	for i := range p.inspection.members {
		m := &p.inspection.members[i]
		if m.body && body != whole {
			continue
		}
		if err := m.inspection.run(ctx, fieldOf(in, m.index), &m.place, faults); err != nil {
			return err
		}
	}
	if body == unknown {
		return nil
	}
	return p.inspection.runSelf(ctx, in, nil, faults)
}

// run runs the Validate methods in v, which is at p, and then its own.
func (n *inspection) run(ctx context.Context, v reflect.Value, p *place, faults *schema.Faults) error {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if err := n.runInside(ctx, v, p, faults); err != nil {
		return err
	}
	return n.runSelf(ctx, v, p, faults)
}

// runSelf runs the Validate methods of v itself: those of the structs embedded in it, then its own.
func (n *inspection) runSelf(ctx context.Context, v reflect.Value, p *place, faults *schema.Faults) error {
	for _, index := range n.embedded {
		if !p.sound(faults) {
			return nil
		}
		if err := addFaults(v.FieldByIndex(index).Addr().Interface().(Validator).Validate(ctx), p, faults); err != nil {
			return err
		}
	}
	if n.self && p.sound(faults) {
		return addFaults(v.Addr().Interface().(Validator).Validate(ctx), p, faults)
	}
	return nil
}

func (n *inspection) runInside(ctx context.Context, v reflect.Value, p *place, faults *schema.Faults) error {
	for i := range n.members {
		m := &n.members[i]
		member, err := v.FieldByIndexErr(m.index)
		if err != nil { // in an embedded pointer that is nil
			continue
		}
		at := m.place
		at.outer = p
		if err := m.inspection.run(ctx, member, &at, faults); err != nil {
			return err
		}
	}
	if n.elem == nil {
		return nil
	}
	if v.Kind() == reflect.Map {
		return n.runMap(ctx, v, p, faults)
	}
	for i := range v.Len() {
		if err := n.elem.run(ctx, v.Index(i), &place{outer: p, index: i}, faults); err != nil {
			return err
		}
	}
	return nil
}

// runMap checks the values of a map in the order of their names, so that equal requests get equal answers. Those whose keys have none
// are at the place of the map.
func (n *inspection) runMap(ctx context.Context, v reflect.Value, p *place, faults *schema.Faults) error {
	var names []string
	var unnamed []reflect.Value
	named := make(map[string][]reflect.Value, v.Len())
	for _, key := range v.MapKeys() {
		name, ok := nameOfKey(key)
		if !ok {
			unnamed = append(unnamed, key)
			continue
		}
		if named[name] == nil {
			names = append(names, name)
		}
		named[name] = append(named[name], key)
	}
	if err := n.runEntries(ctx, v, unnamed, &place{outer: p, same: true}, faults); err != nil {
		return err
	}
	slices.Sort(names)
	for _, name := range names {
		if err := n.runEntries(ctx, v, named[name], &place{outer: p, token: name, index: -1}, faults); err != nil {
			return err
		}
	}
	return nil
}

// runEntries runs the Validate methods in the values of keys that are at the same place.
func (n *inspection) runEntries(ctx context.Context, v reflect.Value, keys []reflect.Value, at *place, faults *schema.Faults) error {
	for _, key := range keys {
		value := reflect.New(v.Type().Elem()).Elem() // what is in a map has no address, and Validate may need one
		value.Set(v.MapIndex(key))
		if err := n.elem.run(ctx, value, at, faults); err != nil {
			return err
		}
	}
	return nil
}
