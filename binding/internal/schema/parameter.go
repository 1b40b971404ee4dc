package schema

import (
	"fmt"
	"reflect"
)

// OfText returns the schema of a parameter: a value, or a slice of values, that is read from text. For a map it is that of every
// key that has no field. Defaults and whether the parameter is required are not looked at. Its error is an *Error.
func OfText(t reflect.Type, tag reflect.StructTag) (*Schema, error) {
	s, err := text(t, tag, wholeTag)
	if err != nil {
		return nil, at(nil, "", err)
	}
	return s, nil
}

// text is the schema of a parameter, or of an item of one, to which itemsTag is left.
func text(t reflect.Type, tag reflect.StructTag, left scope) (s *Schema, err error) {
	s = &Schema{Type: t, base: t}
	if t.Kind() == reflect.Pointer {
		s.base = t.Elem()
	}
	switch {
	case s.setText(), s.setScalar():
	case t.Kind() == reflect.Slice && left == wholeTag:
		s.Kind = Array
		s.Elem, err = text(t.Elem(), tag, itemsTag)
	case isFreeForm(t):
		s.Kind = Map
		s.Elem, err = text(t.Elem(), tag, wholeTag)
	default:
		err = fmt.Errorf("%s cannot be read from text; use a string, number, bool, time.Time, a slice of one, map[string]string, "+
			"map[string][]string, or give the type an UnmarshalText method", t)
	}
	if err != nil {
		return nil, err
	}
	err = s.constrain(tag, left)
	return s, err
}

// isFreeForm reports whether the type is map[string]string or map[string][]string.
func isFreeForm(t reflect.Type) bool {
	if t.Kind() != reflect.Map || t.Key().Kind() != reflect.String {
		return false
	}
	elem := t.Elem()
	return elem.Kind() == reflect.String || elem.Kind() == reflect.Slice && elem.Elem().Kind() == reflect.String
}
