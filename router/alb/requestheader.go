package alb

import (
	"net/http"
	"strings"
)

// appendHeader appends names, in canonical form, and values.
func (b *builder) appendHeader() {
	for i := b.headers.first; i < b.headers.end; i++ {
		f := &b.fields[i]
		f.text = b.append(f.name)
		canonicalise(b.text[f.text.start:f.text.end])
		for j := f.first; j < f.end; j++ {
			b.values[j].text = b.append(b.values[j].literal)
		}
		if f.first < f.end && string(b.text[f.text.start:f.text.end]) == "X-Forwarded-For" {
			b.forwarded = b.values[f.end-1].text
			b.text = append(b.text, noPort...)
		}
	}
}

// header returns the header. Its values are in buf as far as there is room.
func (b *builder) header(buf []string) http.Header {
	b.host = nil // the fields may have been sorted since
	fields := b.fields[b.headers.first:b.headers.end]
	header := make(http.Header, max(0, len(fields)-1)) // without Host
	for i := range fields {
		f := &fields[i]
		name := b.string(f.text)
		if f.first == f.end || hopByHop(name) {
			continue
		}
		if name == "Host" {
			if b.host == nil || string(b.name(f.name)) < string(b.name(b.host.name)) {
				b.host = f
			}
			continue
		}
		begin := len(buf)
		for _, v := range b.values[f.first:f.end] {
			buf = append(buf, b.string(v.text))
		}
		values := buf[begin:len(buf):len(buf)]
		if variant := header[name]; variant != nil {
			if b.sortHeader() {
				return b.header(nil)
			}
			values = append(variant, values...)
		}
		if len(values) > 1 {
			values = settle(name, values)
		}
		header[name] = values
	}
	return header
}

// sortHeader sorts the fields by name, and reports whether they were not. A load balancer sends lower case alone; a test event may
// have names that differ in case only, whose values are merged in the order of the names.
func (b *builder) sortHeader() (changed bool) {
	fields := b.fields[b.headers.first:b.headers.end]
	for i := range fields {
		for ; i > 0 && string(b.name(fields[i-1].name)) > string(b.name(fields[i].name)); i-- {
			fields[i-1], fields[i] = fields[i], fields[i-1]
			changed = true
		}
	}
	return changed
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

// canonicalise writes a header's name as net/textproto does. What is no valid name stays as it is.
func canonicalise(name []byte) {
	for _, c := range name {
		if !isTokenByte(c) {
			return
		}
	}
	upper := true
	for i, c := range name {
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			name[i] = c ^ ' '
		}
		upper = c == '-'
	}
}

// hopByHop reports whether a canonical name is a header between neighbours, RFC 9110 section 7.6.1.
func hopByHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "Te", "Trailer", "Upgrade":
		return true
	}
	return false
}

// isToken reports whether s is a token, RFC 9110 section 5.6.2: a method or a header's name.
func isToken(s string) bool {
	for i := range len(s) {
		if !isTokenByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func isTokenByte(c byte) bool {
	return isAlphanumeric(c) || c == '-' || strings.IndexByte("!#$%&'*+.^_`|~", c) >= 0
}
