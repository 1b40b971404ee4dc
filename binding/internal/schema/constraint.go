package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// scope says which constraints of a tag are left for a place in a value.
type scope bool

const (
	wholeTag scope = false // all
	itemsTag scope = true  // those of a list were for the list around
)

// constrain takes the constraints that are for this place, not those for what is in it. A constraint that is for neither is an
// error.
func (s *Schema) constrain(tag reflect.StructTag, left scope) error {
	rules := Rules{MaxLength: -1, MaxItems: -1}
	given := false
	for rest := string(tag); s.Kind != Map; {
		name, quoted, more, ok := cutTag(rest)
		if !ok {
			break
		}
		rest = more
		forList := strings.HasSuffix(name, "Items")
		if forList && left == itemsTag || !forList && s.Kind == Array || !slices.Contains(ownTags[:constraintCount], name) {
			continue
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return fmt.Errorf("%s:%s is not quoted as Go strings are; mend the quotes", name, quoted)
		}
		kinds, applies := s.accepts(name)
		if !applies {
			return fmt.Errorf("%s:%q is for %s, and %s is none; drop it", name, text, kinds, s.describe())
		}
		if name == "format" {
			if err := s.setFormat(text); err != nil {
				return err
			}
			continue
		}
		given = true
		if err := rules.set(name, text, s.Kind); err != nil {
			return fmt.Errorf("%s:%q %w", name, text, err)
		}
	}
	if s.Kind == Array && s.base.Kind() == reflect.Array {
		given = true
		if err := rules.fixItems(s.base.Len()); err != nil {
			return err
		}
	}
	if s.Kind == Integer {
		added, err := rules.setRange(s.base)
		if err != nil {
			return err
		}
		given = given || added
	}
	if s.Kind == Integer || s.Kind == Number {
		s.setBounds(&rules)
	}
	if !given {
		return nil
	}
	if err := rules.contradiction(); err != nil {
		return err
	}
	kept := rules // the many that are not kept stay on the stack
	s.Rules = &kept
	for _, value := range rules.values {
		if fault := s.CheckText(value); fault != "" {
			return fmt.Errorf("enum: %q %s; mend the enum or the other tag", value, fault)
		}
	}
	return nil
}

// accepts reports whether the constraint is for values like these, and names what it is for.
func (s *Schema) accepts(name string) (kinds string, applies bool) {
	k := s.Kind
	switch name {
	case "minLength", "maxLength", "pattern":
		return "strings", k == String
	case "minItems", "maxItems", "uniqueItems":
		return "slices", k == Array
	case "format":
		return "strings and numbers", k == String || k == Integer || k == Number
	case "enum":
		return "strings, numbers and bools", k == String || k == Integer || k == Number || k == Boolean
	default:
		return "numbers", k == Integer || k == Number
	}
}

// describe names the type in a message, and why it is not what it looks like.
func (s *Schema) describe() string {
	switch {
	case s.quoted != nil:
		return s.base.String() + " with json:\",string\""
	case s.own && s.Kind == Any && s.base.Kind() != reflect.Interface:
		return s.base.String() + ", which decodes itself,"
	default:
		return s.base.String()
	}
}

// setFormat takes the format tag. What a type has by itself stays.
func (s *Schema) setFormat(name string) error {
	if name == s.Format {
		return nil
	}
	switch s.Kind {
	case Integer:
		if name != "int32" && name != "int64" {
			return fmt.Errorf("format:%q is unknown for integers; use int32 or int64", name)
		}
	case Number:
		if name != "float" && name != "double" {
			return fmt.Errorf("format:%q is unknown for numbers; use float or double", name)
		}
	default:
		syntax, known := formatOf(name)
		if !known {
			return fmt.Errorf("format:%q is unknown for strings; use one of %s, or pattern", name, formatNames)
		}
		if s.syntax != noFormat && (s.syntax != uriReferenceFormat || syntax != uriFormat) {
			return fmt.Errorf("format:%q does not suit %s, which has a syntax of its own; drop it", name, s.describe())
		}
		s.syntax = syntax
	}
	s.Format = name
	return nil
}

// set takes one tag. Its error says what is wrong with the tag's value, and the fix.
func (r *Rules) set(name, text string, k Kind) (err error) {
	switch name {
	case "minLength":
		r.MinLength, err = parseCount(text)
	case "maxLength":
		r.MaxLength, err = parseCount(text)
	case "minItems":
		r.MinItems, err = parseCount(text)
	case "maxItems":
		r.MaxItems, err = parseCount(text)
	case "uniqueItems":
		r.UniqueItems, err = parseBool(text)
	case "pattern":
		if r.Pattern, err = regexp.Compile(text); err != nil {
			return fmt.Errorf("does not compile: %w; write it in Go's regexp syntax", err)
		}
	case "minimum":
		r.Minimum, err = parseLimit(text)
	case "maximum":
		r.Maximum, err = parseLimit(text)
	case "exclusiveMinimum":
		r.ExclusiveMinimum, err = parseLimit(text)
	case "exclusiveMaximum":
		r.ExclusiveMaximum, err = parseLimit(text)
	case "multipleOf":
		r.MultipleOf, err = parseLimit(text)
		if err == nil && (r.MultipleOf.value.sign() <= 0 || r.MultipleOf.value.len() > maxDivisorDigits) {
			return fmt.Errorf("cannot divide; write a number above 0 with at most %d digits", maxDivisorDigits)
		}
	case "enum":
		return r.setEnum(text, k)
	}
	return err
}

// setEnum takes a comma list.
func (r *Rules) setEnum(text string, k Kind) error {
	if text == "" {
		return errors.New("has no values; write them with commas between")
	}
	r.values = strings.Split(text, ",")
	for i, value := range r.values {
		if strings.TrimSpace(value) != value {
			return fmt.Errorf("has a space around %q; write the values with nothing but commas between", value)
		}
		if slices.Contains(r.values[:i], value) {
			return fmt.Errorf("has %q twice; drop one", value)
		}
		if k == String {
			literal, err := quote(value)
			if err != nil {
				return err
			}
			r.Enum = append(r.Enum, literal)
			continue
		}
		if !json.Valid([]byte(value)) {
			return fmt.Errorf("has %q, which is no value of the field; write it as JSON does", value)
		}
		r.Enum = append(r.Enum, value)
	}
	return nil
}

// fixItems adds what an array has by its type: exactly n items, unless the tags ask for fewer.
func (r *Rules) fixItems(n int) error {
	if r.MaxItems > n || r.MinItems > n {
		return fmt.Errorf("the array has room for %d items; lower minItems and maxItems, or make it a slice", n)
	}
	if r.MaxItems < 0 && r.MinItems == 0 {
		r.MinItems = n
	}
	if r.MaxItems < 0 {
		r.MaxItems = n
	}
	return nil
}

// setRange adds the range of an integer type for the document, and reports whether it added anything. The ranges of int32 and int64
// are in their formats, and nobody reads the maximum of a uint64.
func (r *Rules) setRange(t reflect.Type) (added bool, err error) {
	least, most := "0", strconv.FormatUint(math.MaxUint64>>(64-t.Bits()), 10)
	narrow := 64
	if t.Kind() < reflect.Uint {
		least, most = strconv.FormatInt(math.MinInt64>>(64-t.Bits()), 10), strconv.FormatInt(math.MaxInt64>>(64-t.Bits()), 10)
		narrow = 32
	}
	if r.Minimum != nil && r.Minimum.Compare(least) < 0 {
		return false, fmt.Errorf("minimum:%q is below all that %s can be; raise it, or drop it", r.Minimum, t)
	}
	if r.Maximum != nil && r.Maximum.Compare(most) > 0 {
		return false, fmt.Errorf("maximum:%q is above all that %s can be; lower it, or drop it", r.Maximum, t)
	}
	if (least == "0" || t.Bits() < narrow) && r.Minimum == nil && r.ExclusiveMinimum == nil {
		r.Minimum, err = ParseDecimal(least)
		added = true
	}
	if t.Bits() < narrow && r.Maximum == nil && r.ExclusiveMaximum == nil && err == nil {
		r.Maximum, err = ParseDecimal(most)
		added = true
	}
	return added, err
}

// setBounds finds the integers that need no closer look.
func (s *Schema) setBounds(r *Rules) {
	const safe = 1e18 // numbers of 18 digits are less
	s.least, s.most = -safe, safe
	if s.Kind == Integer {
		switch k, bits := s.base.Kind(), s.base.Bits(); {
		case k >= reflect.Uint:
			s.least, s.most = 0, int64(min(uint64(safe), uint64(math.MaxUint64)>>(64-bits)))
		case bits < 64:
			s.least, s.most = math.MinInt64>>(64-bits), math.MaxInt64>>(64-bits)
		}
	}
	for _, limit := range [...]struct {
		decimal *Decimal
		least   bool
		beyond  int64
	}{{r.Minimum, true, 0}, {r.ExclusiveMinimum, true, 1}, {r.Maximum, false, 0}, {r.ExclusiveMaximum, false, -1}} {
		if limit.decimal == nil {
			continue
		}
		n, err := strconv.ParseInt(limit.decimal.text, 10, 62)
		switch {
		case err != nil:
			s.least, s.most = 1, 0
			return
		case limit.least:
			s.least = max(s.least, n+limit.beyond)
		default:
			s.most = min(s.most, n+limit.beyond)
		}
	}
	if r.MultipleOf != nil || r.Enum != nil {
		s.least, s.most = 1, 0
	}
}

// contradiction says why no value can keep the rules.
func (r *Rules) contradiction() error {
	if r.MaxLength >= 0 && r.MinLength > r.MaxLength {
		return errors.New("minLength is above maxLength; swap them")
	}
	if r.MaxItems >= 0 && r.MinItems > r.MaxItems {
		return errors.New("minItems is above maxItems; swap them")
	}
	above := func(low, high *Decimal, orEqual bool) bool {
		if low == nil || high == nil {
			return false
		}
		c := low.value.compare(high.value)
		return c > 0 || orEqual && c == 0
	}
	if above(r.Minimum, r.Maximum, false) || above(r.Minimum, r.ExclusiveMaximum, true) ||
		above(r.ExclusiveMinimum, r.Maximum, true) || above(r.ExclusiveMinimum, r.ExclusiveMaximum, true) {
		return errors.New("no number is between its minimum and maximum; swap them")
	}
	return nil
}

func parseCount(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, errors.New("is not a count; write a whole number, 0 or more")
	}
	return int(n), nil
}

func parseBool(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, errors.New(`is neither true nor false; write "true" or drop it`)
	}
	return text == "true", nil
}

func parseLimit(text string) (*Decimal, error) {
	d, err := ParseDecimal(text)
	if err != nil {
		return nil, fmt.Errorf("%w; write one such as 10 or 0.5", err)
	}
	return d, nil
}

// quote is a string as JSON, without the escapes of HTML.
func quote(s string) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(s)
	return strings.TrimSuffix(b.String(), "\n"), err
}
