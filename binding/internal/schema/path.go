package schema

import (
	"strconv"
	"strings"
)

// path is the way from the root of a document to a value. The first steps need no allocation.
type path struct {
	few  [16]step
	more []step // those after few
	n    int
}

// step goes to a member, or to an item: ^index.
type step int

// setMember takes the offset of the quote before the member's name.
func (s *step) setMember(offset int) { *s = step(offset) }

func (s *step) setItem(index int) { *s = ^step(index) }

// push adds a step, which is then to be set.
func (p *path) push() {
	if p.n++; p.n > len(p.few)+len(p.more) {
		p.more = append(p.more, 0)
	}
}

func (p *path) last() *step { return p.at(p.n - 1) }

func (p *path) at(i int) *step {
	if i < len(p.few) {
		return &p.few[i]
	}
	return &p.more[i-len(p.few)]
}

// appendPointer appends the JSON Pointer, RFC 6901.
func (p *path) appendPointer(b, data []byte) []byte {
	for i := range p.n {
		s := *p.at(i)
		if s < 0 {
			b = strconv.AppendInt(append(b, '/'), int64(^s), 10)
			continue
		}
		c := cursor{data: data, at: int(s)}
		b = appendToken(b, string(c.chars()))
	}
	return b
}

// appendToken appends a member's name to a JSON Pointer.
func appendToken(b []byte, name string) []byte {
	return append(append(b, '/'), EscapeToken(name)...)
}

// EscapeToken is a member's name in a JSON Pointer, RFC 6901 section 3.
func EscapeToken(name string) string {
	return strings.ReplaceAll(strings.ReplaceAll(name, "~", "~0"), "/", "~1")
}
