package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
)

// structs has every *Struct that was made without an error, by reflect.Type. They never change.
var structs sync.Map

// OfJSON returns the schema of values that encoding/json decodes into t: a request's body, of whose field the tag has the
// constraints, or what a handler answers. Its error is an *Error.
func OfJSON(t reflect.Type, tag reflect.StructTag) (*Schema, error) {
	if _, ok := tag.Lookup("default"); ok {
		return nil, at(nil, "", errors.New("a body cannot have a default; drop the tag, or put defaults on its fields"))
	}
	required, err := boolTag(tag, "required")
	if err != nil {
		return nil, at(nil, "", err)
	}
	c := compiler{made: map[reflect.Type]*Struct{}}
	s, err := c.json(t, tag, wholeTag, required)
	if err == nil {
		err = c.finish(s)
	}
	if err != nil {
		return nil, at(nil, "", err)
	}
	return s, nil
}

// compiler makes the schema of one type and of everything in it.
type compiler struct {
	made  map[reflect.Type]*Struct // not yet in structs; may be incomplete, where a type contains itself
	order []*Struct                // of made, so that errors are the same each time
}

// json is the schema of a place in a value. What is left of the tag belongs to it.
func (c *compiler) json(t reflect.Type, tag reflect.StructTag, left scope, required bool) (*Schema, error) {
	if isEndless(t) {
		return nil, fmt.Errorf("%s contains itself with no struct between; put one there", t)
	}
	s := &Schema{Type: t, base: t}
	for s.base.Kind() == reflect.Pointer {
		s.base = s.base.Elem()
	}
	if err := c.set(s, tag, left); err != nil {
		return nil, err
	}
	if err := s.constrain(tag, left); err != nil {
		return nil, err
	}
	s.Nullable = s.takesNull() && !required && (s.Rules == nil || s.Rules.MinItems == 0)
	return s, nil
}

// set finds out the kind.
func (c *compiler) set(s *Schema, tag reflect.StructTag, left scope) (err error) {
	t := s.base
	switch k := t.Kind(); {
	case s.setTime():
	case k == reflect.Interface:
		s.Kind, s.own = Any, true
	case decodesItself(t, reflect.TypeFor[json.Unmarshaler]()):
		s.Kind, s.own = Any, true
		return unchecked(t)
	case s.setUnmarshaler(), s.setScalar():
	case isBytes(t):
		s.Kind, s.Format, s.syntax = String, "byte", base64Format
	case k == reflect.Slice || k == reflect.Array:
		s.Kind = Array
		s.Elem, err = c.json(t.Elem(), tag, itemsTag, false)
	case k == reflect.Map:
		s.Kind = Map
		if s.Key, err = mapKey(t); err == nil {
			s.Elem, err = c.json(t.Elem(), tag, left, false)
		}
	case k == reflect.Struct:
		s.Kind = Object
		s.Struct, err = c.structOf(t)
	default:
		return fmt.Errorf("%s has no JSON; leave the field out with json:\"-\", or change its type", t)
	}
	return err
}

// mapKey is the schema of the names in a map, or nil if they can be anything.
func mapKey(t reflect.Type) (*Schema, error) {
	key := &Schema{Type: t.Key(), base: t.Key()}
	switch {
	case key.setTime(), key.setUnmarshaler():
		return key, nil
	case key.base.Kind() == reflect.String:
		return nil, nil //nolint:nilnil // nothing to check
	case key.setScalar() && key.Kind == Integer:
		return key, nil
	default:
		return nil, fmt.Errorf("%s has no JSON; use strings or integers for keys", t)
	}
}

// unchecked refuses constraint tags in a struct that decodes itself: nothing would look at them.
func unchecked(t reflect.Type) error { return uncheckedIn(t, t) }

// uncheckedIn looks at a struct that is t or embedded in it.
func uncheckedIn(in, t reflect.Type) error {
	if in.Kind() != reflect.Struct {
		return nil
	}
	for i := range in.NumField() {
		f := in.Field(i)
		if f.Anonymous {
			if err := uncheckedIn(f.Type, t); err != nil {
				return err
			}
		}
		for _, name := range ownTags[:checkedCount] {
			if _, ok := f.Tag.Lookup(name); ok {
				return &Error{in, f.Name, name + " is not looked at, because " + t.String() +
					" has an UnmarshalJSON of its own (or of an embedded field); drop the tag and give the type a Validate method"}
			}
		}
	}
	return nil
}

// structOf is the schema of a struct's members.
func (c *compiler) structOf(t reflect.Type) (*Struct, error) {
	if known, ok := structs.Load(t); ok {
		return known.(*Struct), nil
	}
	if known := c.made[t]; known != nil {
		return known, nil
	}
	members, err := membersOf(t)
	if err != nil {
		return nil, err
	}
	made := &Struct{Type: t, Fields: make([]Field, 0, len(members))}
	c.made[t] = made
	c.order = append(c.order, made)
	for _, m := range members {
		f, err := c.field(t, m)
		if err != nil {
			return nil, at(m.owner, m.field.Name, err)
		}
		if f.Required {
			made.required = append(made.required, len(made.Fields))
		}
		made.Fields = append(made.Fields, f)
	}
	if len(made.Fields) > maxCompared {
		made.index = make(map[string]int, len(made.Fields))
		for i := range made.Fields {
			made.index[made.Fields[i].Name] = i
		}
	}
	return made, nil
}

// maxCompared is up to how many fields comparing the names one by one is no slower than a map.
const maxCompared = 8

// checkEmbedded refuses tags at an embedded struct: its fields are members, it is none.
func checkEmbedded(m *member) error {
	for _, name := range ownTags[:checkedCount] {
		if text, ok := m.field.Tag.Lookup(name); ok {
			return &Error{m.owner, m.field.Name, fmt.Sprintf("%s:%q has no effect on an embedded struct; put it on the fields of that", name, text)}
		}
	}
	return nil
}

func (c *compiler) field(t reflect.Type, m *member) (Field, error) {
	tag := m.field.Tag
	f := Field{Name: m.name, Index: m.index, Tag: tag}
	if err := CheckTags(m.field.Tag); err != nil {
		return f, err
	}
	var err error
	if f.Required, err = boolTag(tag, "required"); err != nil {
		return f, err
	}
	if _, err = boolTag(tag, "deprecated"); err != nil {
		return f, err
	}
	if m.quoted {
		f.Schema, err = c.quoted(m.field.Type, tag, f.Required)
	} else {
		f.Schema, err = c.json(m.field.Type, tag, wholeTag, f.Required)
	}
	if err != nil {
		return f, err
	}
	if text, ok := tag.Lookup("default"); ok {
		if !canSet(t, m.index) {
			return f, fmt.Errorf("default:%q cannot be set through an embedded pointer to an unexported struct; embed it by value", text)
		}
		f.Default, err = f.Schema.defaultOf(text, f.Required)
	}
	return f, err
}

// quoted is a field whose value is a literal within a string.
func (c *compiler) quoted(t reflect.Type, tag reflect.StructTag, required bool) (*Schema, error) {
	literal, err := c.json(t, "", wholeTag, false)
	if err != nil {
		return nil, err
	}
	s := &Schema{Type: t, base: literal.base, Kind: String, Format: literal.Format, quoted: literal}
	s.Nullable = t.Kind() == reflect.Pointer && !required
	if err = s.constrain(tag, wholeTag); err == nil && (s.Rules != nil || s.syntax != noFormat) && literal.Kind == String {
		err = fmt.Errorf("constraints on a text with json:\",string\" would be about its quotes and escapes, too; drop them, or the option")
	}
	return s, err
}

// finish is for what can be said only when everything is made: where defaults are. Then others may have it.
func (c *compiler) finish(root *Schema) error {
	for changed := true; changed; { // once more for each step that a default is away
		changed = false
		for _, s := range c.order {
			if !s.defaults && s.findDefault() {
				s.defaults, changed = true, true
			}
		}
	}
	for _, s := range c.order {
		for i := range s.Fields {
			if err := s.Fields[i].Schema.checkMaps(); err != nil {
				return at(s.Type, s.Type.FieldByIndex(s.Fields[i].Index).Name, err)
			}
		}
	}
	if err := root.checkMaps(); err != nil {
		return err
	}
	for _, s := range c.order {
		structs.Store(s.Type, s)
	}
	return nil
}

// checkMaps refuses defaults where they cannot be set: a value in a map has no address.
func (s *Schema) checkMaps() error {
	for ; s != nil; s = s.Elem {
		if s.Kind == Map && s.HasDefaults() {
			return fmt.Errorf("%s has values with a default tag, which cannot be set in a map; drop the tag, or use a slice", s.base)
		}
	}
	return nil
}

func (s *Struct) findDefault() bool {
	for i := range s.Fields {
		if f := &s.Fields[i]; f.Default.IsValid() || f.Schema.HasDefaults() {
			return true
		}
	}
	return false
}

func boolTag(tag reflect.StructTag, name string) (bool, error) {
	text, ok := tag.Lookup(name)
	if !ok {
		return false, nil
	}
	b, err := parseBool(text)
	if err != nil {
		return false, fmt.Errorf("%s:%q %w", name, text, err)
	}
	return b, nil
}
