package alb

import (
	"encoding/binary"
	"net/http"
	"strings"
)

// header returns the header. Its values are in buf as far as there is room. If sorted, names may occur in several spellings.
func (b *builder) header(buf []string, sorted bool) http.Header {
	fields := b.fields[b.headers.first:b.headers.end]
	header := make(http.Header, max(0, len(fields)-1)) // without Host
	for i := range fields {
		f := &fields[i]
		name := b.string(f.name)
		if f.first == f.end || hopByHop(name) {
			continue
		}
		if name == "Host" {
			if b.host == nil || b.original(f) < b.original(b.host) {
				b.host = f
			}
			continue
		}
		begin := len(buf)
		for _, v := range b.values[f.first:f.end] {
			buf = append(buf, b.string(v))
		}
		values := buf[begin:len(buf):len(buf)]
		if name == "X-Forwarded-For" {
			b.forwarded = b.values[f.end-1]
		}
		if sorted {
			values = append(header[name], values...)
		}
		if len(values) > 1 {
			values = settle(name, values)
		}
		different := len(header)
		if header[name] = values; len(header) == different && !sorted {
			b.sortHeader()
			b.host = nil
			return b.header(nil, true)
		}
	}
	return header
}

// sortHeader sorts the fields by name. A load balancer sends lower case alone; a test event may have names that differ in case only,
// whose values are merged in the order of the names.
func (b *builder) sortHeader() {
	fields := b.fields[b.headers.first:b.headers.end]
	for i := range fields {
		for ; i > 0 && b.original(&fields[i-1]) > b.original(&fields[i]); i-- {
			fields[i-1], fields[i] = fields[i], fields[i-1]
		}
	}
}

// original returns a field's name as the payload has it.
//
//go:noinline // it is called in many places, and the binary is to stay small
func (e *event) original(f *field) string {
	s := scanner{data: e.data, pos: f.original}
	s.key()
	return string(s.text)
}

// settle returns what a handler sees of several lines of one header.
func settle(name string, lines []string) []string {
	switch {
	case name == "Cookie":
		return []string{strings.Join(lines, "; ")} // RFC 9113 section 8.2.3
	case name == "X-Forwarded-Proto", name == "X-Forwarded-Port", strings.HasPrefix(name, "X-Amzn-"):
		// The load balancer's own, or reserved for it. In multi-value mode a line that the client sent under that name comes first.
		return lines[len(lines)-1:]
	}
	return lines
}

// canonicalise writes a field's name as net/textproto does. What is no valid name stays as it is.
func (e *event) canonicalise(f *field) {
	if e.capitalise(f.name) {
		return
	}
	name := e.text[f.name.start:f.name.end]
	all, wrong := byte(token), byte(lower)
	for i, c := range name {
		is := class[c]
		all &= is
		if is&wrong != 0 {
			name[i] = c ^ ' '
		}
		if wrong = upper; c == '-' {
			wrong = lower
		}
	}
	if all == 0 {
		copy(name, e.original(f))
	}
}

// capitalise is canonicalise for letters in lower case, digits and hyphens, as load balancers write names, eight bytes at a time. It
// reports whether there was nothing else.
func (e *event) capitalise(name stretch) bool {
	text := e.text[:cap(e.text)] // which has room for a word behind every string
	first := uint64(0x80)        // marks the bytes behind a hyphen, here and below by their high bits
	for i := name.start; i < name.end; i += 8 {
		w := binary.LittleEndian.Uint64(text[i:])
		letters, hyphens := between(w, 'a', 'z'), between(w, '-', '-')
		within := uint64(high) >> max(0, 64-8*(name.end-i))
		if within&^(letters|hyphens|between(w, '0', '9')) != 0 {
			return false
		}
		first |= hyphens << 8
		binary.LittleEndian.PutUint64(text[i:], w^(letters&first&within)>>2)
		first = hyphens >> 56
	}
	return true
}

// between marks, by their high bits, the bytes of a word from one to another, both ASCII.
func between(w uint64, from, to byte) uint64 {
	ascii := w & low
	return (ascii + ones*uint64(0x80-from)) &^ (ascii + ones*uint64(0x7f-to)) &^ w & high
}

// hopByHop reports whether a canonical name is a header between neighbours, RFC 9110 section 7.6.1.
//
//go:noinline // the binary is to stay small
func hopByHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Te", "Trailer", "Upgrade":
		return true
	}
	return false
}
