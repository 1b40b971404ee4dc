package alb

import "net/http"

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
//
//go:noinline // the binary is to stay small
func appendString(dst []byte, s string) []byte {
	return append(appendEscaping(append(dst, '"'), s), '"')
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

// longestEscape is the length of that of a control byte.
const longestEscape = len(`\u0000`)

// appendText appends s, which is valid UTF-8, as the inside of a JSON string. HTML's characters stay as they are.
func appendText(dst, s []byte) []byte {
	const (
		patch  = 32                       // bytes that are left to appendEscaping at a time
		margin = 96 + longestEscape*patch // of room: what escapeBlocks needs, and a patch
	)
	for len(s) > 0 {
		n := len(dst)
		if cap(dst)-n < margin {
			dst = room(dst, len(s)+len(s)/8+margin)
		}
		written, read := escapeBlocks(dst[n:cap(dst)], s)
		dst, s = dst[:n+written], s[read:]
		next := min(patch, len(s)) // the last bytes, or some with control bytes among them
		dst, s = appendEscaping(dst, string(s[:next])), s[next:]
	}
	return dst
}

// appendEscaping does the same byte by byte.
//
//go:noinline // the binary is to stay small
func appendEscaping(dst []byte, s string) []byte {
	const letters, hex = "uuuuuuuubtnufruuuuuuuuuuuuuuuuuu", "0123456789abcdef"
	n := len(dst)
	dst = room(dst, longestEscape*len(s))
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c == '"' || c == '\\' {
			prefix := `\`
			switch {
			case c >= ' ':
			case letters[c] != 'u':
				c = letters[c]
			case c >= 16:
				prefix, c = `\u001`, hex[c-16]
			default:
				prefix, c = `\u000`, hex[c]
			}
			n += copy(dst[n:], prefix)
		}
		dst[n] = c
		n++
	}
	return dst[:n]
}
