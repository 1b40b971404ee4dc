package schema

import (
	"cmp"
	"errors"
	"math/bits"
	"strconv"
	"strings"
)

// Decimal is an exact decimal number, as a constraint tag has it. Nothing is rounded: 0.3 is a multiple of 0.1.
type Decimal struct {
	text  string
	value number
}

// ParseDecimal takes a number in JSON's syntax.
func ParseDecimal(text string) (*Decimal, error) {
	n, ok := parseNumber(text)
	digits := strings.TrimPrefix(text, "-")
	if !ok || len(digits) > 1 && digits[0] == '0' && isDigit(digits[1]) {
		return nil, errors.New("is not a number as JSON writes it")
	}
	return &Decimal{text: text, value: n}, nil
}

// String is the text that was parsed: a JSON number.
func (d *Decimal) String() string { return d.text }

// Compare is negative when d is less than the JSON number, zero when they are equal, else positive. What is no number counts as 0.
func (d *Decimal) Compare(text string) int {
	n, _ := parseNumber(text)
	return d.value.compare(n)
}

// number is 0.d₁d₂d₃… × 10^point, where whole and fraction together are the digits. The first digit and the last are not 0, so that
// equal numbers have equal digits. The zero value is 0. It lives as long as the text it was parsed from.
type number struct {
	negative        bool
	whole, fraction string
	point           int
}

// exponentLimit is beyond every exponent that matters: no text is long enough to make up for it with digits.
const exponentLimit = 1 << 30

// parseNumber takes the syntax of JSON, RFC 8259 section 6, and leading zeros besides, which parameters may have.
func parseNumber(text string) (n number, ok bool) {
	rest := text
	if rest != "" && rest[0] == '-' {
		n.negative, rest = true, rest[1:]
	}
	if n.whole, rest = cutDigits(rest); n.whole == "" {
		return number{}, false
	}
	if rest != "" && rest[0] == '.' {
		if n.fraction, rest = cutDigits(rest[1:]); n.fraction == "" {
			return number{}, false
		}
	}
	exponent := 0
	if rest != "" {
		if exponent, ok = parseExponent(rest); !ok {
			return number{}, false
		}
	}
	return n.normal(exponent), true
}

// normal takes the zeros from both ends.
func (n number) normal(exponent int) number {
	n.whole = strings.TrimLeft(n.whole, "0")
	n.fraction = strings.TrimRight(n.fraction, "0")
	n.point = len(n.whole) + exponent
	if n.whole == "" {
		digits := len(n.fraction)
		n.fraction = strings.TrimLeft(n.fraction, "0")
		n.point -= digits - len(n.fraction)
	}
	if n.fraction == "" {
		n.whole = strings.TrimRight(n.whole, "0")
	}
	if n.len() == 0 {
		return number{}
	}
	return n
}

func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

func parseExponent(s string) (exponent int, ok bool) {
	if s[0] != 'e' && s[0] != 'E' {
		return 0, false
	}
	s = s[1:]
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	digits, rest := cutDigits(s)
	if digits == "" || rest != "" {
		return 0, false
	}
	for i := range len(digits) {
		exponent = min(10*exponent+int(digits[i]-'0'), exponentLimit)
	}
	if negative {
		return -exponent, true
	}
	return exponent, true
}

// plainInteger returns the number in plain digits, if it is whole. One beyond the range of every Go type is cut to 21 digits, which
// are beyond it, too: an exponent must not make a text of any length.
func plainInteger(text string) (plain string, ok bool) {
	n, ok := parseNumber(text)
	if !ok || n.len() > max(n.point, 0) {
		return "", false
	}
	if n.len() == 0 {
		return "0", true
	}
	var digits []byte
	if n.negative {
		digits = append(digits, '-')
	}
	for i := range min(n.point, 21) {
		digits = append(digits, n.digit(i))
	}
	return string(digits), true
}

func (n number) len() int { return len(n.whole) + len(n.fraction) }

// digit is 0 beyond the last one.
func (n number) digit(i int) byte {
	if i < len(n.whole) {
		return n.whole[i]
	}
	if i -= len(n.whole); i < len(n.fraction) {
		return n.fraction[i]
	}
	return '0'
}

func (n number) sign() int {
	switch {
	case n.len() == 0:
		return 0
	case n.negative:
		return -1
	default:
		return 1
	}
}

func (n number) compare(other number) int {
	sign := n.sign()
	if c := cmp.Compare(sign, other.sign()); c != 0 || sign == 0 {
		return c
	}
	if c := cmp.Compare(n.point, other.point); c != 0 {
		return c * sign
	}
	for i := range max(n.len(), other.len()) {
		if c := cmp.Compare(n.digit(i), other.digit(i)); c != 0 {
			return c * sign
		}
	}
	return 0
}

// maxDivisorDigits is what a uint64 always holds.
const maxDivisorDigits = 18

// isMultipleOf reports whether n is a whole multiple of divisor, which has at most maxDivisorDigits digits and is not 0.
func (n number) isMultipleOf(divisor number) bool {
	if n.len() == 0 {
		return true
	}
	zeros := (n.point - n.len()) - (divisor.point - divisor.len())
	if zeros < 0 { // n has a finer last digit than any multiple
		return false
	}
	var m uint64
	for i := range divisor.len() {
		m = 10*m + uint64(divisor.digit(i)-'0')
	}
	var remainder uint64
	for i := range n.len() {
		remainder = (10*remainder + uint64(n.digit(i)-'0')) % m // m < 10^18, so that nothing overflows
	}
	for power := 10 % m; zeros > 0 && remainder > 0; zeros >>= 1 { // remainder × 10^zeros, modulo m
		if zeros&1 == 1 {
			remainder = multiply(remainder, power, m)
		}
		power = multiply(power, power, m)
	}
	return remainder == 0
}

// multiply is a × b modulo m, for a and b less than m.
func multiply(a, b, m uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, m)
}

// appendTo appends a text that equal numbers share.
func (n number) appendTo(b []byte) []byte {
	if n.sign() < 0 {
		b = append(b, '-')
	}
	b = append(b, '.')
	b = append(b, n.whole...)
	b = append(b, n.fraction...)
	b = append(b, 'e')
	return strconv.AppendInt(b, int64(n.point), 10)
}
