package alb

import (
	"bytes"
	"strings"
)

// scanner reads JSON, RFC 8259, as encoding/json does: it takes and refuses the same texts. Methods that read a value begin at pos. A
// syntax error moves to the end, where nothing more is read.
type scanner struct {
	data   []byte
	pos    int
	depth  int
	failed bool
	text   []byte // the values of the strings that were read
}

// maxDepth is encoding/json's limit of nesting.
const maxDepth = 10000

// stretch is a place in a scanner's text.
type stretch struct{ start, end int }

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
func (s *scanner) key() stretch {
	if s.next() != '"' {
		s.fail()
		return stretch{}
	}
	name := s.string()
	if s.next() != ':' {
		s.fail()
		return name
	}
	s.pos++
	return name
}

// skip reads a value of any kind, and keeps nothing of it.
func (s *scanner) skip() {
	n := len(s.text)
	switch s.next() {
	case '{':
		for more := s.enter('}'); more; more = s.another('}') {
			s.key()
			s.text = s.text[:n]
			s.skip()
		}
	case '[':
		for more := s.enter(']'); more; more = s.another(']') {
			s.skip()
		}
	case '"':
		s.string()
		s.text = s.text[:n]
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

//go:noinline // the binary is to stay small
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

//go:noinline // the binary is to stay small
func (s *scanner) digits() {
	begin := s.pos
	for s.pos < len(s.data) && '0' <= s.data[s.pos] && s.data[s.pos] <= '9' {
		s.pos++
	}
	if s.pos == begin {
		s.fail()
	}
}
