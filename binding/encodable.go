package binding

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// checkEncodable panics if encoding/json cannot write values of t: then every answer would be an error. Types in seen are not looked
// at again: they may contain themselves.
func checkEncodable(t reflect.Type, where string, seen map[reflect.Type]bool) {
	if seen[t] || implements[json.Marshaler](t) || implements[encoding.TextMarshaler](t) {
		return
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.Complex64, reflect.Complex128, reflect.UnsafePointer:
		panic("binding: " + where + ": " + t.String() + " has no JSON; leave the field out with `json:\"-\"`, or change its type")
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		seen[t] = true
		checkEncodable(t.Elem(), where, seen)
	case reflect.Struct:
		seen[t] = true
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Tag.Get("json") != "-" && (f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct) {
				checkEncodable(f.Type, t.String()+"."+f.Name, seen)
			}
		}
	default: // a scalar, or an interface, of which nothing is known yet
	}
}
