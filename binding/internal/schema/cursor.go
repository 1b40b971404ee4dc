package schema

import (
	"encoding/json"
	"unicode/utf8"
)

// cursor reads valid JSON. On anything else it reads nonsense, without panicking, and comes to an end.
type cursor struct {
	data []byte
	at   int
}

// peek skips white space and returns the next byte, which says what kind of value begins there. It is 0 at the end.
func (c *cursor) peek() byte {
	for ; c.at < len(c.data); c.at++ {
		if b := c.data[c.at]; b > ' ' {
			return b
		}
	}
	return 0
}

// more goes on to the next member or item of an object or array, or behind its end. It is called once before each, the first
// included, with the cursor behind the opening bracket or the value before.
func (c *cursor) more() bool {
	switch c.peek() {
	case ',':
		c.at++
		return c.peek() != 0
	case '}', ']':
		c.at++
		return false
	case 0:
		return false
	default:
		return true
	}
}

// colon goes on to the value of a member.
func (c *cursor) colon() {
	if c.peek() == ':' {
		c.at++
	}
}

// member reports whether the member at the cursor has the name, as written without escapes, and if so goes on to its value.
func (c *cursor) member(name string) bool {
	from := c.at + 1
	end := from + len(name)
	if end >= len(c.data) || c.data[end] != '"' || string(c.data[from:end]) != name {
		return false
	}
	c.at = end + 1
	c.colon()
	return true
}

// text reads a string and returns what is between its quotes. It is plain if that is what it stands for: there are no escapes in it
// and no bytes that encoding/json replaces.
func (c *cursor) text() (raw []byte, plain bool) {
	from := min(c.at+1, len(c.data))
	escaped, high := false, byte(0)
	for i := from; i < len(c.data); i++ {
		b := c.data[i]
		if b == '"' {
			c.at = i + 1
			raw = c.data[from:i]
			return raw, !escaped && (high < utf8.RuneSelf || utf8.Valid(raw))
		}
		if b == '\\' {
			escaped = true
			i++
		}
		high |= b
	}
	c.at = len(c.data)
	return c.data[from:], false
}

// unquote returns what a string stands for that is not plain.
func unquote(raw []byte) []byte {
	quoted := make([]byte, 0, len(raw)+2)
	quoted = append(quoted, '"')
	quoted = append(quoted, raw...)
	quoted = append(quoted, '"')
	var s string
	_ = json.Unmarshal(quoted, &s) // it is a string of valid JSON
	return []byte(s)
}

// chars reads a string and returns what it stands for.
func (c *cursor) chars() []byte {
	raw, plain := c.text()
	if plain {
		return raw
	}
	return unquote(raw)
}

// word reads a number, true, false or null.
func (c *cursor) word() []byte {
	from := c.at
	for c.at < len(c.data) {
		switch c.data[c.at] {
		case ',', '}', ']', ' ', '\t', '\n', '\r', ':', '{', '[', '"':
			if c.at == from { // not valid JSON
				c.at++
			}
			return c.data[from:c.at]
		}
		c.at++
	}
	return c.data[from:]
}

// skip goes behind the value at the cursor and returns how deep it is nested: 0 for a scalar.
func (c *cursor) skip() (depth int) {
	for open := 0; ; {
		switch c.peek() {
		case 0:
			return depth
		case '{', '[':
			c.at++
			open++
			depth = max(depth, open)
		case '}', ']':
			c.at++
			open--
		case ',', ':':
			c.at++
			continue
		case '"':
			c.text()
		default:
			c.word()
		}
		if open <= 0 {
			return depth
		}
	}
}
