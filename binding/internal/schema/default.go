package schema

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// ApplyDefaults puts the defaults into a value wherever the data has no member for them. The value is settable, of the schema's
// type, and what encoding/json made of the data; [Schema.CheckJSON] had nothing to say about them. A struct that is absent is
// filled like an empty object, a pointer that is absent or null stays nil. Without data everything is absent.
func (s *Schema) ApplyDefaults(data []byte, value reflect.Value) {
	switch {
	case !s.HasDefaults():
	case len(data) == 0:
		s.fillAbsent(value)
	default:
		c := cursor{data: data}
		s.fill(&c, value)
	}
}

// fill reads the value at the cursor.
func (s *Schema) fill(c *cursor, v reflect.Value) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() == reflect.Pointer || !s.HasDefaults() {
		c.skip()
		return
	}
	switch opening := c.peek(); {
	case s.Kind == Array && opening == '[':
		c.at++
		for i := 0; c.more(); i++ {
			if i >= v.Len() {
				c.skip()
				continue
			}
			s.Elem.fill(c, v.Index(i))
		}
	case s.Kind == Object && opening == '{':
		s.Struct.fill(c, v)
	default:
		c.skip()
	}
}

func (s *Struct) fill(c *cursor, v reflect.Value) {
	present := make([]bool, len(s.Fields))
	c.at++
	for c.more() {
		i, ok := s.find(c.chars())
		c.colon()
		if !ok {
			c.skip()
			continue
		}
		present[i] = true
		if f := &s.Fields[i]; f.Schema.HasDefaults() {
			f.Schema.fill(c, fieldOf(v, f.Index))
		} else {
			c.skip()
		}
	}
	for i := range s.Fields {
		if !present[i] {
			s.Fields[i].fillAbsent(v)
		}
	}
}

// fillAbsent is for a struct that has no object in the data.
func (s *Schema) fillAbsent(v reflect.Value) {
	if s.Kind != Object || v.Kind() != reflect.Struct {
		return
	}
	for i := range s.Struct.Fields {
		s.Struct.Fields[i].fillAbsent(v)
	}
}

func (f *Field) fillAbsent(v reflect.Value) {
	switch {
	case f.Default.IsValid():
		f.Schema.setDefault(fieldOf(v, f.Index), f)
	case f.Schema.HasDefaults():
		f.Schema.fillAbsent(fieldOf(v, f.Index))
	}
}

// setDefault gives each value parts of its own, so that no request can change another's.
func (s *Schema) setDefault(v reflect.Value, f *Field) {
	if s.Kind == Array || s.own || s.syntax == base64Format {
		s.parse(v, f.Tag.Get("default"))
		return
	}
	v.Set(f.Default)
}

// fieldOf is v.FieldByIndex, through embedded pointers that are nil.
func fieldOf(v reflect.Value, index []int) reflect.Value {
	for _, i := range index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// canSet reports whether fieldOf can get there.
func canSet(t reflect.Type, index []int) bool {
	for _, i := range index[:len(index)-1] {
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		f := t.Field(i)
		if f.Type.Kind() == reflect.Pointer && !f.IsExported() {
			return false
		}
		t = f.Type
	}
	return true
}

// defaultOf takes a default tag.
func (s *Schema) defaultOf(text string, required bool) (reflect.Value, error) {
	item := s
	if s.Kind == Array {
		item = s.Elem
	}
	switch {
	case required:
		return reflect.Value{}, fmt.Errorf("default:%q is never used beside required:\"true\"; drop one of them", text)
	case s.Type.Kind() == reflect.Pointer:
		return reflect.Value{}, fmt.Errorf("default:%q would hide that a member is absent, which the pointer is for; drop the * or the tag",
			text)
	case item.Type.Kind() == reflect.Pointer || item.Kind == Any || item.Kind >= Array ||
		item.quoted != nil && item.quoted.own:
		return reflect.Value{}, fmt.Errorf("default:%q cannot be read as %s; defaults are for strings, numbers, bools, texts and slices of them",
			text, s.Type)
	}
	v := reflect.New(s.Type).Elem()
	if fault := s.parse(v, text); fault != "" {
		return reflect.Value{}, fmt.Errorf("default:%q %s; mend the default or the other tag", text, fault)
	}
	return v, nil
}

// parse sets v and says what is wrong with the text.
func (s *Schema) parse(v reflect.Value, text string) (fault string) {
	if s.Kind == Array {
		return s.parseList(v, text)
	}
	if fault := s.CheckText(text); fault != "" {
		return fault
	}
	if s.own {
		decoder, _ := reflect.TypeAssert[encoding.TextUnmarshaler](v.Addr())
		if err := decoder.UnmarshalText([]byte(text)); err != nil {
			return "is not valid"
		}
		return ""
	}
	// What CheckText takes, strconv takes.
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(text == "true")
	case reflect.String:
		v.SetString(text)
	case reflect.Float32, reflect.Float64:
		x, _ := strconv.ParseFloat(text, v.Type().Bits())
		v.SetFloat(x)
	case reflect.Slice:
		b, _ := base64.StdEncoding.DecodeString(text)
		v.SetBytes(b)
	default:
		if v.CanInt() {
			i, _ := strconv.ParseInt(text, 10, 64)
			v.SetInt(i)
		} else {
			u, _ := strconv.ParseUint(text, 10, 64)
			v.SetUint(u)
		}
	}
	return ""
}

// parseList takes a comma list.
func (s *Schema) parseList(v reflect.Value, text string) (fault string) {
	var texts []string
	if text != "" {
		texts = strings.Split(text, ",")
	}
	if fault := s.CheckItems(texts); fault != "" {
		return fault
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), len(texts), len(texts)))
	}
	for i, item := range texts {
		if fault := s.Elem.parse(v.Index(i), item); fault != "" {
			return fmt.Sprintf("has %q, which %s", item, fault)
		}
	}
	return ""
}
