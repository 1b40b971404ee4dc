package schema

import (
	"fmt"
	"reflect"
)

// CheckDecodable says why encoding/json writes values of the schema, but reads none: then every request would be at fault. Its error
// is an *Error.
func (s *Schema) CheckDecodable() error {
	if err := s.decodable(map[*Struct]bool{}); err != nil {
		return at(nil, "", err)
	}
	return nil
}

// decodable does not look at structs that were seen: types may contain themselves.
func (s *Schema) decodable(seen map[*Struct]bool) error {
	if s.base.Kind() == reflect.Interface && s.base.NumMethod() > 0 {
		return fmt.Errorf("%s has methods, and JSON does not say of which type a value for it is; take a concrete type, any or json.RawMessage",
			s.base)
	}
	if s.Elem != nil {
		return s.Elem.decodable(seen)
	}
	if s.Struct == nil || seen[s.Struct] {
		return nil
	}
	seen[s.Struct] = true
	for i := range s.Struct.Fields {
		f := &s.Struct.Fields[i]
		if !canSet(s.Struct.Type, f.Index) {
			return at(s.Struct.Type, s.Struct.Type.FieldByIndex(f.Index).Name,
				fmt.Errorf("it cannot be set through an embedded pointer to an unexported struct; embed it by value"))
		}
		if err := f.Schema.decodable(seen); err != nil {
			return at(s.Struct.Type, s.Struct.Type.FieldByIndex(f.Index).Name, err)
		}
	}
	return nil
}
