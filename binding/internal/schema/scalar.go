package schema

import (
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CheckText says what is wrong with one value of a parameter, or of an item of one, in our own words; "" is nothing. What it takes,
// the strconv function for the Go type takes too.
func (s *Schema) CheckText(text string) (fault string) {
	switch s.Kind {
	case Boolean:
		return s.boolFault(text)
	case Integer:
		return s.integerFault(text)
	case Number:
		return s.numberFault(text)
	case String:
		if s.quoted != nil {
			if fault := s.quoted.CheckText(text); fault != "" {
				return fault
			}
		}
		return s.textFault(text)
	default:
		return "" // not a single value
	}
}

// CheckItems says what is wrong with the values of a parameter as a list: too few, too many, equal ones. The values themselves are
// for the CheckText of Elem.
func (s *Schema) CheckItems(texts []string) (fault string) {
	r := s.Rules
	if r == nil {
		return ""
	}
	if fault := r.countFault(len(texts)); fault != "" {
		return fault
	}
	if !r.UniqueItems {
		return ""
	}
	var seen set
	for _, text := range texts {
		key := []byte(text)
		if n, ok := parseNumber(text); ok && s.Elem.Kind != String {
			key = n.appendTo(key[:0:0])
		}
		if !seen.add(key) {
			return equalItems
		}
	}
	return ""
}

const equalItems = "must not have equal items"

func (r *Rules) countFault(n int) string {
	switch {
	case n < r.MinItems:
		return "must have at least " + count(r.MinItems, "item")
	case r.MaxItems >= 0 && n > r.MaxItems:
		return "must have at most " + count(r.MaxItems, "item")
	default:
		return ""
	}
}

func (s *Schema) boolFault(text string) string {
	if text != "true" && text != "false" {
		return "must be true or false"
	}
	if s.Rules != nil && !slices.Contains(s.Rules.values, text) {
		return s.Rules.enumFault()
	}
	return ""
}

// isWithin reports whether text is a number of at most 18 digits, without an exponent, in the bounds: then it has no fault. Most
// have none.
func (s *Schema) isWithin(text string) bool {
	negative := text != "" && text[0] == '-'
	digits := text
	if negative {
		digits = text[1:]
	}
	n, i := int64(0), 0
	for i < len(digits) && isDigit(digits[i]) {
		if n = 10*n + int64(digits[i]-'0'); i == 18 {
			return false
		}
		i++
	}
	switch {
	case i == 0:
		return false
	case i == len(digits) && negative:
		return s.least < 0 && -n >= s.least && -n <= s.most
	case i == len(digits):
		return n >= s.least && n <= s.most
	case s.Kind != Number || negative || digits[i] != '.':
		return false
	}
	fraction, rest := cutDigits(digits[i+1:])
	return fraction != "" && rest == "" && n >= s.least && n < s.most
}

func (s *Schema) integerFault(text string) string {
	if s.isWithin(text) {
		return ""
	}
	if !isInteger(text) {
		return "must be an integer"
	}
	if s.Rules != nil {
		n, _ := parseNumber(text)
		if fault := s.Rules.numberFault(n); fault != "" {
			return fault
		}
	}
	return rangeFault(s.base.Kind(), s.base.Bits(), text)
}

func (s *Schema) numberFault(text string) string {
	if s.isWithin(text) {
		return ""
	}
	n, ok := parseNumber(text)
	if !ok {
		return "must be a number"
	}
	if s.Rules != nil {
		if fault := s.Rules.numberFault(n); fault != "" {
			return fault
		}
	}
	// The largest numbers are 3.4 × 10^38 and 1.8 × 10^308, and n is less than 10^point.
	switch k := s.base.Kind(); {
	case k == reflect.Float32 && n.point > 38 && !isFloat(text, 32):
		return "must be a number in the range of a float"
	case k == reflect.Float64 && n.point > 308 && !isFloat(text, 64):
		return "must be a number in the range of a double"
	default:
		return ""
	}
}

func isFloat(text string, bits int) bool {
	_, err := strconv.ParseFloat(text, bits)
	return err == nil
}

// isInteger reports whether text is digits, with a minus before them or not.
func isInteger(text string) bool {
	digits, rest := cutDigits(strings.TrimPrefix(text, "-"))
	return digits != "" && rest == ""
}

// rangeFault says what is wrong with an integer that the Go type cannot hold. A minus before an unsigned one is refused by strconv,
// and so here, even before a zero.
func rangeFault(k reflect.Kind, bits int, text string) string {
	const safe = 9 // characters that are always in the range of 32 bits
	if k >= reflect.Uint && k <= reflect.Uintptr {
		if text[0] == '-' {
			return "must be at least 0"
		}
		if bits >= 32 && len(text) <= safe {
			return ""
		}
		if _, err := strconv.ParseUint(text, 10, bits); err != nil {
			return "must be at most " + strconv.FormatUint(math.MaxUint64>>(64-bits), 10)
		}
		return ""
	}
	if bits >= 32 && len(text) <= safe {
		return ""
	}
	if _, err := strconv.ParseInt(text, 10, bits); err != nil {
		if text[0] == '-' {
			return "must be at least " + strconv.FormatInt(math.MinInt64>>(64-bits), 10)
		}
		return "must be at most " + strconv.FormatInt(math.MaxInt64>>(64-bits), 10)
	}
	return ""
}

func (r *Rules) numberFault(n number) string {
	switch {
	case r.Minimum != nil && n.compare(r.Minimum.value) < 0:
		return "must be at least " + r.Minimum.text
	case r.Maximum != nil && n.compare(r.Maximum.value) > 0:
		return "must be at most " + r.Maximum.text
	case r.ExclusiveMinimum != nil && n.compare(r.ExclusiveMinimum.value) <= 0:
		return "must be greater than " + r.ExclusiveMinimum.text
	case r.ExclusiveMaximum != nil && n.compare(r.ExclusiveMaximum.value) >= 0:
		return "must be less than " + r.ExclusiveMaximum.text
	case r.MultipleOf != nil && !n.isMultipleOf(r.MultipleOf.value):
		return "must be a multiple of " + r.MultipleOf.text
	}
	if r.Enum == nil {
		return ""
	}
	for _, value := range r.values {
		if v, _ := parseNumber(value); v.compare(n) == 0 {
			return ""
		}
	}
	return r.enumFault()
}

// stringFault checks what a string stands for.
func (s *Schema) stringFault(b []byte) string {
	if r := s.Rules; r != nil {
		if fault := r.lengthFault(utf8.RuneCount(b)); fault != "" {
			return fault
		}
		if r.Enum != nil && !isOneOf(r.values, b) {
			return r.enumFault()
		}
		if r.Pattern != nil && !r.Pattern.Match(b) {
			return r.patternFault()
		}
	}
	if !s.syntax.valid(b) {
		return s.syntax.fault()
	}
	return ""
}

// textFault is stringFault without the copy that a conversion would make.
func (s *Schema) textFault(text string) string {
	if r := s.Rules; r != nil {
		if fault := r.lengthFault(utf8.RuneCountInString(text)); fault != "" {
			return fault
		}
		if r.Enum != nil && !slices.Contains(r.values, text) {
			return r.enumFault()
		}
		if r.Pattern != nil && !r.Pattern.MatchString(text) {
			return r.patternFault()
		}
	}
	if s.syntax != noFormat && !s.syntax.valid([]byte(text)) {
		return s.syntax.fault()
	}
	return ""
}

func (r *Rules) lengthFault(length int) string {
	switch {
	case length < r.MinLength:
		return "must be at least " + count(r.MinLength, "character") + " long"
	case r.MaxLength >= 0 && length > r.MaxLength:
		return "must be at most " + count(r.MaxLength, "character") + " long"
	default:
		return ""
	}
}

func isOneOf(values []string, b []byte) bool {
	for _, value := range values {
		if value == string(b) {
			return true
		}
	}
	return false
}

func (r *Rules) patternFault() string { return "must match " + r.Pattern.String() }

func (r *Rules) enumFault() string {
	return "must be one of " + strings.Join(r.Enum, ", ")
}

// count is "1 item", "2 items".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
