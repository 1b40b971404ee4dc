package schema

import (
	"bytes"
	"sort"
)

// set holds texts, the first few of them without allocation. The zero value is empty. It keeps what it is given.
type set struct {
	few  [16][]byte
	n    int // of few
	many map[string]struct{}
}

// add reports whether the text is new.
func (s *set) add(text []byte) bool {
	if s.many != nil {
		if _, ok := s.many[string(text)]; ok {
			return false
		}
		s.many[string(text)] = struct{}{}
		return true
	}
	for _, other := range s.few[:s.n] {
		if bytes.Equal(other, text) {
			return false
		}
	}
	if s.n < len(s.few) {
		s.few[s.n] = text
		s.n++
		return true
	}
	s.many = make(map[string]struct{}, 4*len(s.few))
	for _, other := range s.few {
		s.many[string(other)] = struct{}{}
	}
	s.many[string(text)] = struct{}{}
	return true
}

// identity reads a value and returns a text that equal values share: numbers are compared by their value, objects regardless of the
// order of their members, JSON Schema 2020-12 section 4.2.2. It is a part of the data where that serves.
func (c *cursor) identity() []byte {
	switch b := c.peek(); {
	case b == '{' || b == '[':
		return c.appendIdentity(nil)
	case b == '"':
		from := c.at
		if _, plain := c.text(); plain {
			return c.data[from:c.at]
		}
		c.at = from
		return c.appendIdentity(nil)
	case b == '-' || isDigit(b):
		return c.appendIdentity(nil)
	default:
		return c.word()
	}
}

func (c *cursor) appendIdentity(dst []byte) []byte {
	switch b := c.peek(); {
	case b == '{':
		return c.appendObject(dst)
	case b == '[':
		c.at++
		dst = append(dst, '[')
		for c.more() {
			dst = append(c.appendIdentity(dst), ',')
		}
		return append(dst, ']')
	case b == '"':
		// A quote within has a backslash before it, so that the end is certain.
		dst = append(dst, '"')
		dst = append(dst, bytes.ReplaceAll(bytes.ReplaceAll(c.chars(), []byte(`\`), []byte(`\\`)), []byte(`"`), []byte(`\"`))...)
		return append(dst, '"')
	case b == '-' || isDigit(b):
		n, _ := parseNumber(string(c.word()))
		return n.appendTo(dst)
	default:
		return append(dst, c.word()...)
	}
}

// appendObject sorts the members. Of several with one name the last counts, as in encoding/json.
func (c *cursor) appendObject(dst []byte) []byte {
	var members byName
	c.at++
	for c.more() {
		m := identified{at: c.at, name: c.appendIdentity(nil)}
		c.colon()
		m.value = c.appendIdentity(nil)
		members = append(members, m)
	}
	sort.Sort(members)
	dst = append(dst, '{')
	for i, m := range members {
		if i+1 < len(members) && bytes.Equal(m.name, members[i+1].name) {
			continue
		}
		dst = append(append(append(dst, m.name...), ':'), m.value...)
		dst = append(dst, ',')
	}
	return append(dst, '}')
}

// identified is a member of an object.
type identified struct {
	at          int
	name, value []byte
}

// byName sorts members, equal names in the order of the document. Package slices would be compiled for the type once more.
type byName []identified

func (m byName) Len() int      { return len(m) }
func (m byName) Swap(i, j int) { m[i], m[j] = m[j], m[i] }

func (m byName) Less(i, j int) bool {
	c := bytes.Compare(m[i].name, m[j].name)
	return c < 0 || c == 0 && m[i].at < m[j].at
}
