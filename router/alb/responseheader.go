package alb

import (
	"net/textproto"
	"strings"
	"unicode/utf8"
)

// responseHeader is a handler's header in the form that may be sent.
type responseHeader struct {
	lines    []headerLine // sorted by name
	size     int          // on the wire
	hasType  bool
	encoded  bool // by Content-Encoding
	bodyless bool // the status allows no body
	inv      *invocation
}

// add takes a line, under its name's canonical form, unless it may not be sent.
func (h *responseHeader) add(line headerLine) {
	name := textproto.CanonicalMIMEHeaderKey(line.name)
	switch {
	case hopByHop(name), name == "Content-Length", name == "Server": // the load balancer writes its own
		return
	case !isToken(name):
		h.inv.reportf("response header %q was dropped; that is no valid name (RFC 9110 section 5.1)", line.name)
		return
	case name == "Content-Encoding":
		h.encoded = h.encoded || line.value != ""
	case name == "Content-Type":
		if h.bodyless {
			return
		}
		h.hasType = true
	}
	line = headerLine{name, h.clean(name, line.value)}
	h.size += len(name) + len(": ") + len(line.value) + len("\r\n")
	h.lines = append(h.lines, line)
	for i := len(h.lines) - 1; i > 0 && h.lines[i-1].name > name; i-- {
		h.lines[i-1], h.lines[i] = line, h.lines[i-1]
	}
}

// clean returns a value that ends no line and is text that JSON can carry. net/http replaces CR and LF in the same way.
func (h *responseHeader) clean(name, value string) string {
	plain := true
	for i := range len(value) {
		plain = plain && value[i] >= ' ' && value[i] < 0x7f
	}
	if !plain {
		if !utf8.ValidString(value) {
			h.inv.reportf("response header %s had bytes that are not UTF-8, which JSON cannot carry; they were replaced by U+FFFD", name)
		}
		value = printable(value) // where bytes that are not UTF-8 are U+FFFD
	}
	return textproto.TrimString(value)
}

// printable returns s in one line, without control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
