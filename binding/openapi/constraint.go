package openapi

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// limit writes the range of an integer type. That of 64 bits is said by the format alone: in most languages JSON's numbers are no
// longer exact there, RFC 8259 section 6.
func limit(o *schemaObject, s *schema.Schema) {
	switch pointee(s.Type).Kind() {
	case reflect.Int8:
		o.Minimum, o.Maximum = "-128", "127"
	case reflect.Int16:
		o.Minimum, o.Maximum = "-32768", "32767"
	case reflect.Int32:
		o.Minimum, o.Maximum = "-2147483648", "2147483647"
	case reflect.Uint8:
		o.Minimum, o.Maximum = "0", "255"
	case reflect.Uint16:
		o.Minimum, o.Maximum = "0", "65535"
	case reflect.Uint32:
		o.Minimum, o.Maximum = "0", "4294967295"
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		o.Minimum = "0"
	default:
	}
}

// constrain writes the constraint tags, in place of the limits of the type where both bound a value on one side.
func constrain(o *schemaObject, r *schema.Rules) {
	o.MinLength = r.MinLength
	if r.MaxLength >= 0 {
		o.MaxLength = &r.MaxLength
	}
	if r.Pattern != nil {
		o.Pattern = portable(r.Pattern.String())
	}
	if r.Minimum != nil || r.ExclusiveMinimum != nil {
		o.Minimum, o.ExclusiveMinimum = number(r.Minimum), number(r.ExclusiveMinimum)
	}
	if r.Maximum != nil || r.ExclusiveMaximum != nil {
		o.Maximum, o.ExclusiveMaximum = number(r.Maximum), number(r.ExclusiveMaximum)
	}
	o.MultipleOf = number(r.MultipleOf)
	for _, text := range r.Enum {
		o.Enum = append(o.Enum, json.RawMessage(text))
	}
	o.MinItems = r.MinItems
	if r.MaxItems >= 0 {
		o.MaxItems = &r.MaxItems
	}
	o.UniqueItems = r.UniqueItems
}

// number returns "" for nil.
func number(d *schema.Decimal) json.Number {
	if d == nil {
		return ""
	}
	return json.Number(d.String())
}

// quotedPattern is the syntax of what stands in the string of a member with the option "string" of the tag json, or "".
func quotedPattern(f *schema.Field) string {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	if !slices.Contains(strings.Split(options, ","), "string") {
		return ""
	}
	switch k := pointee(f.Schema.Type).Kind(); {
	case k == reflect.Bool:
		return "^(true|false)$"
	case k >= reflect.Int && k <= reflect.Int64:
		return "^-?(0|[1-9][0-9]*)$"
	case k >= reflect.Uint && k <= reflect.Uintptr:
		return "^(0|[1-9][0-9]*)$"
	case k == reflect.Float32 || k == reflect.Float64:
		return `^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`
	default:
		return ""
	}
}
