package alb

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// appendLiteral appends the value of a literal of data.
func appendLiteral(dst, data []byte, lit literal) []byte {
	s := data[lit.start:lit.end]
	switch {
	case lit.wide && !utf8.Valid(s):
		return appendInvalid(dst, s)
	case lit.escaped:
		return appendUnescaped(dst, s)
	default:
		return append(dst, s...)
	}
}

// appendUnescaped appends the value of a string that the scanner has read, and that is valid UTF-8.
func appendUnescaped(dst, s []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, len(s)+8)[:n+len(s)+8] // a value is no longer than its text; 8 more let every store be whole
	for len(s) >= 8 {
		w := binary.LittleEndian.Uint64(s)
		binary.LittleEndian.PutUint64(dst[n:], w)
		b := w ^ '\\'*ones
		m := (b - ones) &^ b & high
		if m == 0 {
			n += 8
			s = s[8:]
			continue
		}
		k := bits.TrailingZeros64(m) / 8
		if s[k+1] == '"' {
			dst[n+k] = '"'
			n += k + 1
			s = s[k+2:]
			continue
		}
		var size int
		n, size = unescape(dst, n+k, s[k:])
		s = s[k+size:]
	}
	for len(s) > 0 {
		if s[0] == '\\' {
			var size int
			n, size = unescape(dst, n, s)
			s = s[size:]
			continue
		}
		dst[n] = s[0]
		n++
		s = s[1:]
	}
	return dst[:n]
}

// unescape writes the value of the escape that s begins with at dst[n:], and returns where it ends and how long the escape is.
// A surrogate without its other half is U+FFFD, as in encoding/json.
func unescape(dst []byte, n int, s []byte) (end, size int) {
	if s[1] != 'u' {
		dst[n] = unescaped(s[1])
		return n + 1, 2
	}
	r, size := codeUnit(s), 6
	if utf16.IsSurrogate(r) {
		pair := utf8.RuneError
		if len(s) >= 12 && s[6] == '\\' && s[7] == 'u' {
			pair = utf16.DecodeRune(r, codeUnit(s[6:]))
		}
		if r = pair; r != utf8.RuneError {
			size = 12
		}
	}
	return n + utf8.EncodeRune(dst[n:], r), size
}

// unescaped returns what a letter means behind a backslash.
func unescaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// codeUnit reads the four digits of an escape with u.
func codeUnit(s []byte) rune {
	n, _ := strconv.ParseUint(string(s[2:6]), 16, 16) // the scanner has seen four digits
	return rune(n)
}

// appendInvalid appends the value of a string whose bytes are not all UTF-8, with U+FFFD for each that is not, as encoding/json
// does.
func appendInvalid(dst, s []byte) []byte {
	return appendUnescaped(dst, []byte(string([]rune(string(s)))))
}
