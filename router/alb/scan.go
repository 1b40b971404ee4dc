package alb

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
)

// scanner reads JSON, RFC 8259, as encoding/json does: it takes and refuses the same texts. It copies nothing. Methods that read a
// value begin at pos. A syntax error moves to the end, where nothing more is read.
type scanner struct {
	data   []byte
	pos    int
	depth  int
	failed bool
}

// maxDepth is encoding/json's limit of nesting.
const maxDepth = 10000

// literal is a string in the text, between its quotes.
type literal struct {
	start, end int
	escaped    bool // has a backslash
	wide       bool // has bytes beyond ASCII, perhaps not valid UTF-8
}

func (s *scanner) fail() {
	s.pos, s.failed = len(s.data), true
}

// next skips white space and returns the byte at pos, 0 at the end.
func (s *scanner) next() byte {
	for ; s.pos < len(s.data); s.pos++ {
		if c := s.data[s.pos]; c > ' ' || c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
	}
	return 0
}

// enter begins an object or an array that ends with a byte, and reports whether there is something in it.
func (s *scanner) enter(end byte) bool {
	s.pos++
	if s.depth++; s.depth > maxDepth {
		s.fail()
	}
	if s.next() == end {
		return s.leave()
	}
	return !s.failed
}

// another goes on behind an element, and reports whether there is one more.
func (s *scanner) another(end byte) bool {
	switch s.next() {
	case ',':
		s.pos++
		return true
	case end:
		return s.leave()
	}
	s.fail()
	return false
}

func (s *scanner) leave() bool {
	s.pos++
	s.depth--
	return false
}

// key reads a member's name and moves to its value.
func (s *scanner) key() literal {
	if s.next() != '"' {
		s.fail()
		return literal{}
	}
	name := s.string()
	if s.next() != ':' {
		s.fail()
		return name
	}
	s.pos++
	return name
}

// skip reads a value of any kind.
func (s *scanner) skip() {
	switch s.next() {
	case '{':
		for more := s.enter('}'); more; more = s.another('}') {
			s.key()
			s.skip()
		}
	case '[':
		for more := s.enter(']'); more; more = s.another(']') {
			s.skip()
		}
	case '"':
		s.string()
	case 't':
		s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.word("null")
	default:
		s.number()
	}
}

func (s *scanner) word(w string) {
	if !bytes.HasPrefix(s.data[s.pos:], []byte(w)) {
		s.fail()
		return
	}
	s.pos += len(w)
}

func (s *scanner) number() {
	s.take("-")
	if !s.take("0") {
		s.digits()
	}
	if s.take(".") {
		s.digits()
	}
	if s.take("eE") {
		s.take("+-")
		s.digits()
	}
}

// take reads one of the bytes, if there is one.
func (s *scanner) take(one string) bool {
	found := s.pos < len(s.data) && strings.IndexByte(one, s.data[s.pos]) >= 0
	if found {
		s.pos++
	}
	return found
}

func (s *scanner) digits() {
	begin := s.pos
	for s.pos < len(s.data) && '0' <= s.data[s.pos] && s.data[s.pos] <= '9' {
		s.pos++
	}
	if s.pos == begin {
		s.fail()
	}
}

// string reads a string, eight bytes at a time.
func (s *scanner) string() (lit literal) {
	lit.start = s.pos + 1
	data := s.data
	var seen uint64
	i := lit.start
	for {
		for i+8 <= len(data) {
			w := binary.LittleEndian.Uint64(data[i:])
			m := special(w)
			if m == 0 {
				seen |= w
				i += 8
				continue
			}
			n := bits.TrailingZeros64(m) &^ 7 // bits before the special byte
			seen |= w & (1<<n - 1)
			i += n / 8
			if data[i] != '\\' || i+1 == len(data) || data[i+1] != '"' { // the escape that JSON in JSON is full of
				break
			}
			lit.escaped = true
			i += 2
		}
		if i >= len(data) {
			break
		}
		switch c := data[i]; {
		case c == '"':
			lit.end, lit.wide = i, seen&high != 0
			s.pos = i + 1
			return lit
		case c == '\\':
			lit.escaped = true
			i += escapeLen(data[i:])
		case c < ' ':
			i = len(data)
		default: // one of the last bytes
			seen |= uint64(c)
			i++
		}
	}
	s.fail()
	return literal{}
}

// escapeLen returns the length of the escape that s begins with; if it is none, that of s.
func escapeLen(s []byte) int {
	switch {
	case len(s) < 2:
	case s[1] == '"', strings.IndexByte(`\/bfnrt`, s[1]) >= 0:
		return 2
	case s[1] == 'u' && len(s) >= 6 && isHex(s[2]) && isHex(s[3]) && isHex(s[4]) && isHex(s[5]):
		return 6
	}
	return len(s)
}

const (
	ones = 0x0101010101010101
	high = 0x80 * ones
)

// special marks, by their high bits, the bytes that mean something in a string: the quote, the backslash and control bytes. Of
// the marks the lowest is exact, those above may be too many.
func special(w uint64) uint64 {
	quote, backslash := w^'"'*ones, w^'\\'*ones
	return ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-' '*ones)&^w) & high
}
