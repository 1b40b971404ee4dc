package schema

import (
	"encoding"
	"encoding/json"
	"net/url"
	"reflect"
	"time"
)

// setText is for types that are text in a parameter, whatever their kind.
func (s *Schema) setText() bool {
	switch {
	case s.base == reflect.TypeFor[time.Duration]():
		s.Kind, s.syntax = String, goDurationFormat
	case s.base == reflect.TypeFor[url.URL]():
		s.Kind, s.syntax, s.Format = String, uriReferenceFormat, "uri-reference"
	case s.setTime(), s.setUnmarshaler():
	case s.base.Kind() == reflect.Slice && s.base.Elem() == reflect.TypeFor[byte]():
		s.Kind = String
	default:
		return false
	}
	return true
}

func (s *Schema) setTime() bool {
	if s.base != reflect.TypeFor[time.Time]() {
		return false
	}
	s.Kind, s.syntax, s.Format, s.own = String, goTimeFormat, "date-time", true
	return true
}

// setUnmarshaler is for types with an UnmarshalText of their own.
func (s *Schema) setUnmarshaler() bool {
	if !decodesItself(s.base, reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return false
	}
	s.Kind, s.own = String, true
	return true
}

func decodesItself(t, how reflect.Type) bool {
	if t.PkgPath() == "" && t.Kind() != reflect.Struct || t.Kind() == reflect.Interface {
		return false // string, []T: without a name there are no methods, unless embedded fields have them
	}
	return reflect.PointerTo(t).Implements(how)
}

// setScalar is for the kinds that JSON and text have in common.
func (s *Schema) setScalar() bool {
	switch k := s.base.Kind(); k {
	case reflect.Bool:
		s.Kind = Boolean
	case reflect.String:
		s.Kind = String
		if s.base == reflect.TypeFor[json.Number]() {
			s.Kind = Number
		}
	case reflect.Float32:
		s.Kind, s.Format = Number, "float"
	case reflect.Float64:
		s.Kind, s.Format = Number, "double"
	case reflect.Int32:
		s.Kind, s.Format = Integer, "int32"
	case reflect.Int, reflect.Int64:
		s.Kind, s.Format = Integer, "int64"
	default:
		if k < reflect.Int || k > reflect.Uintptr {
			return false
		}
		s.Kind = Integer
	}
	return true
}

func (s *Schema) takesNull() bool {
	if s.Type != s.base {
		return true // a pointer
	}
	switch s.base.Kind() {
	case reflect.Slice, reflect.Map:
		return s.Kind == Any || !s.own // an UnmarshalText of its own is not called for null
	default:
		return s.Kind == Any
	}
}

// isEndless reports whether the type never comes to anything but slices, arrays, maps and pointers, as type T []T does.
func isEndless(t reflect.Type) bool {
	const levels = 64 // no one writes so many
	for range levels {
		switch k := t.Kind(); {
		case k != reflect.Slice && k != reflect.Array && k != reflect.Map && k != reflect.Pointer:
			return false
		case decodesItself(t, reflect.TypeFor[json.Unmarshaler]()) || decodesItself(t, reflect.TypeFor[encoding.TextUnmarshaler]()):
			return false
		}
		t = t.Elem()
	}
	return true
}

// isBytes reports whether encoding/json has the slice as a string in base64.
func isBytes(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 &&
		!decodesItself(t.Elem(), reflect.TypeFor[json.Unmarshaler]()) && !decodesItself(t.Elem(), reflect.TypeFor[encoding.TextUnmarshaler]())
}
