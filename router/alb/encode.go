package alb

import (
	"encoding/binary"
	"math/bits"
	"net/http"
)

// appendHead appends the response up to its body: statusCode, statusDescription, the header family of the target group's mode and
// only that. No member of a response is ever null.
func (inv *invocation) appendHead(dst []byte, status int, lines []headerLine) []byte {
	reason := http.StatusText(status)
	if reason == "" {
		reason = "Unknown"
	}
	family := "headers"
	if inv.event.MultiValueHeaders {
		family = "multiValueHeaders"
	}
	code := string([]byte{byte('0' + status/100), byte('0' + status/10%10), byte('0' + status%10)})
	dst = appendAll(dst, `{"statusCode":`, code, `,"statusDescription":"`, code, " ", reason, `","`, family, `":{`)
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].name == lines[0].name {
			n++
		}
		group := lines[:n]
		lines = lines[n:]
		if n > 1 && group[0].name == "Set-Cookie" {
			group = lastOfEachCookie(group)
		}
		if inv.event.MultiValueHeaders {
			dst = appendList(dst, group)
		} else {
			dst = inv.appendSingle(dst, group)
		}
	}
	if dst[len(dst)-1] == ',' {
		dst = dst[:len(dst)-1]
	}
	return append(dst, `},"body":"`...)
}

// appendList appends one header of multi-value mode.
func appendList(dst []byte, lines []headerLine) []byte {
	dst = append(appendString(dst, lines[0].name), `:[`...)
	for _, line := range lines {
		dst = append(appendString(dst, line.value), ',')
	}
	dst[len(dst)-1] = ']'
	return append(dst, ',')
}

// appendSingle appends one header of single-value mode, where it has one value. Several cookies go under case variants of the name.
func (inv *invocation) appendSingle(dst []byte, lines []headerLine) []byte {
	name := lines[0].name
	switch {
	case len(lines) == 1:
	case name == "Set-Cookie":
		inv.handler.warnCookies.Do(func() { inv.report(errCookies) })
		most := 1
		if inv.handler.setCookieVariants {
			most = setCookieVariants
		}
		if excess := len(lines) - most; excess > 0 {
			if most > 1 {
				inv.reportf("the first %d of %d cookies were dropped; a single-value response has room for %d", excess, len(lines), most)
			}
			lines = lines[excess:]
		}
	case name == "Content-Type", name == "Content-Disposition", name == "Location":
		inv.reportf("%d values of response header %s; the first was sent, a list is not allowed", len(lines), name)
		lines = lines[:1]
	default:
		values := lines[0].value
		for _, line := range lines[1:] {
			values += ", " + line.value //nolint:perfsprint // RFC 9110 section 5.3; rare and few
		}
		lines = []headerLine{{name, values}}
	}
	for i, line := range lines {
		if i > 0 {
			name = setCookieVariant(i)
		}
		dst = append(appendString(dst, name), ':')
		dst = append(appendString(dst, line.value), ',')
	}
	return dst
}

// appendString appends a valid string as JSON.
func appendString(dst []byte, s string) []byte {
	begin := len(dst) + len(`"`)
	dst = appendAll(dst, `"`, s, `"`)
	for _, c := range dst[begin : len(dst)-1] {
		if c < ' ' || c == '"' || c == '\\' {
			return append(appendEscaping(dst[:begin], []byte(s)), '"')
		}
	}
	return dst
}

// appendAll appends all parts.
//
//go:noinline // the binary is to stay small
func appendAll(dst []byte, parts ...string) []byte {
	for _, part := range parts {
		dst = append(dst, part...)
	}
	return dst
}

// appendText appends s, which is valid UTF-8, as the inside of a JSON string, eight bytes at a time. HTML's characters stay as they
// are.
func appendText(dst, s []byte) []byte {
	const margin = 64 // of room: more than a word, all of it escaped
	n := len(dst)
	dst = dst[:cap(dst)]
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if len(dst)-n < margin {
			dst = room(dst[:n], len(s)-i+(len(s)-i)/8+margin)
		}
		w := binary.LittleEndian.Uint64(s[i:])
		out := (*[24]byte)(dst[n:])
		binary.LittleEndian.PutUint64(out[:8], w)
		m := special(w)
		if m != 0 && (w-' '*ones)&^w&high != 0 { // there are control bytes
			n = len(appendEscaping(dst[:n], s[i:i+8]))
			continue
		}
		n += 8
		for at := 0; m != 0; m &= m - 1 {
			// The word once more from the marked byte on, behind a backslash.
			k := bits.TrailingZeros64(m) &^ 7
			out[(at+k/8)&15] = '\\'
			at++
			binary.LittleEndian.PutUint64(out[(at+k/8)&15:][:8], w>>k)
			n++
		}
	}
	return appendEscaping(dst[:n], s[i:])
}

// appendEscaping does the same byte by byte.
//
//go:noinline // the binary is to stay small
func appendEscaping(dst, s []byte) []byte {
	const letters, hex = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu", "0123456789abcdef"
	for _, c := range s {
		prefix := ""
		switch {
		case c == '"', c == '\\':
			prefix = `\`
		case c >= ' ':
		case letters[c] != 'u':
			prefix, c = `\`, letters[c]
		case c >= 16:
			prefix, c = `\u001`, hex[c-16]
		default:
			prefix, c = `\u000`, hex[c]
		}
		dst = append(append(dst, prefix...), c)
	}
	return dst
}
