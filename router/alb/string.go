package alb

import (
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

// string reads a string and appends its value to text.
func (s *scanner) string() stretch {
	const margin = 64 // of room: what unescapeBlocks needs
	start := len(s.text)
	data, text, n := s.data, s.text[:cap(s.text)], start
	var seen uint64
	for i := s.pos + 1; i < len(data); {
		if len(text)-n < margin {
			text = room(text[:n], margin)
		}
		written, read, more := unescapeBlocks(text[n:], data[i:])
		i, n, seen = i+read, n+written, seen|more
		c := data[i]
		if c == '"' {
			if seen&high != 0 && !utf8.Valid(text[start:n]) {
				value := string([]rune(string(text[start:n]))) // with U+FFFD for what is not UTF-8
				text = room(text[:start], len(value)+margin)
				n = start + copy(text[start:], value)
			}
			s.text, s.pos = text[:n], i+1
			return stretch{start, n}
		}
		value, size := unescape(text[n:], data[i:])
		if size == 0 {
			break
		}
		i, n, seen = i+size, n+value, seen|uint64(c)
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

// unescape writes the value of the escape that src begins with to dst, or that of bytes which mean nothing but themselves. It returns the
// lengths of both; the second is 0 if there is neither.
func unescape(dst, src []byte) (n, size int) {
	c := src[0]
	if c != '\\' {
		if c < ' ' {
			return 0, 0
		}
		dst[0] = c
		for n = 1; n < len(src) && n < len(dst); n++ {
			c = src[n]
			if c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
				break
			}
			dst[n] = c
		}
		return n, n
	}
	if len(src) < 2 {
		return 0, 0
	}
	c = src[1]
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
