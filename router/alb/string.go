package alb

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	ones = 0x0101010101010101
	low  = 0x7f * ones
	high = 0x80 * ones
)

// special marks, by their high bits, the bytes of a word that mean something in a JSON string: the quote, the backslash and control
// bytes.
func special(w uint64) uint64 {
	below := w ^ 2*ones        // the quote and control bytes are below 0x21, and nothing else
	backslash := w ^ '\\'*ones // 0 where it is one
	return ^((below&low + (0x80-0x21)*ones | below) & (backslash&low + low | backslash)) & high
}

// firstSpecial is special for the lowest mark. Those above it may be too many.
func firstSpecial(w uint64) uint64 {
	below, backslash := w^2*ones, w^'\\'*ones
	return ((below-0x21*ones)&^below | (backslash-ones)&^backslash) & high
}

// string reads a string, eight bytes at a time, and appends its value to text.
func (s *scanner) string() stretch {
	const margin = 16 // of room: a whole word, an escape
	start := len(s.text)
	data, text, n := s.data, s.text[:cap(s.text)], start
	var seen uint64
	for i := s.pos + 1; i < len(data); {
		if len(text)-n < margin {
			text = room(text[:n], max(64, n))
		}
		if len(data)-i >= 8 {
			w := binary.LittleEndian.Uint64(data[i:])
			binary.LittleEndian.PutUint64(text[n:], w)
			m := firstSpecial(w)
			if m == 0 {
				seen |= w
				i, n = i+8, n+8
				continue
			}
			k := bits.TrailingZeros64(m) &^ 7 // bits before the first byte that means something
			seen |= w & (1<<k - 1)
			i, n = i+k/8, n+k/8
		}
		switch c := data[i]; {
		case c == '"':
			if seen&high != 0 && !utf8.Valid(text[start:n]) {
				text = append(text[:start], string([]rune(string(text[start:n])))...) // with U+FFFD for what is not UTF-8
				n = len(text)
				text = room(text, margin)
			}
			s.text, s.pos = text[:n], i+1
			return stretch{start, n}
		case c == '\\' && i+1 < len(data) && data[i+1] == '"': // of these JSON in JSON is full
			text[n] = '"'
			i, n = i+2, n+1
		case c == '\\':
			value, size := unescape(text[n:], data[i:])
			if size == 0 {
				i = len(data)
			}
			i, n = i+size, n+value
		case c < ' ':
			i = len(data)
		default: // one of the last bytes
			text[n] = c
			seen |= uint64(c)
			i, n = i+1, n+1
		}
	}
	s.fail()
	return stretch{start, start}
}

// room returns the whole capacity of a buffer that has room for n more bytes.
//
//go:noinline // the binary is to stay small
func room(buf []byte, n int) []byte {
	buf = slices.Grow(buf, n)
	return buf[:cap(buf)]
}

// unescape writes the value of the escape that src begins with to dst, and returns the lengths of both; the second is 0 if there is
// no escape.
func unescape(dst, src []byte) (n, size int) {
	if len(src) < 2 {
		return 0, 0
	}
	c := src[1]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	default:
		return unescapeUnit(dst, src)
	}
	dst[0] = c
	return 1, 2
}

// unescapeUnit is unescape for the escapes with u. A surrogate without its other half is U+FFFD, as in encoding/json.
func unescapeUnit(dst, src []byte) (n, size int) {
	r := codeUnit(src)
	if r < 0 {
		return 0, 0
	}
	size = 6
	if utf16.IsSurrogate(r) {
		if r = utf16.DecodeRune(r, codeUnit(src[6:])); r != utf8.RuneError {
			size = 12
		}
	}
	return utf8.EncodeRune(dst, r), size
}

// codeUnit returns the value of the escape with u that s begins with, -1 if there is none.
func codeUnit(s []byte) rune {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(n)
}
