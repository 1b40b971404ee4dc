package schema

import "reflect"

// Error is a programmer's mistake in a type or its tags. Its text begins "<Type>.<Field>: ", except where the mistake is in the
// type or tag that was given to [OfJSON] or [OfText]: only the caller knows the field that it stands at.
type Error struct {
	Type   reflect.Type // the struct that has the field; nil: known to the caller alone
	Field  string       // in Go
	Detail string       // what is wrong, with the tag; what mends it
}

func (e *Error) Error() string {
	if e.Type == nil {
		return e.Detail
	}
	return e.Type.String() + "." + e.Field + ": " + e.Detail
}

// at says where err happened, unless it knows that already.
func at(owner reflect.Type, field string, err error) error {
	if e, ok := err.(*Error); ok && e.Type != nil { //nolint:errorlint // this package's errors are not wrapped
		return err
	}
	return &Error{Type: owner, Field: field, Detail: err.Error()}
}
