package alb

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// appendHead appends the response up to its body: statusCode, statusDescription, the header family of the target group's mode and
// only that. No member of a response is ever null.
func (inv *invocation) appendHead(dst []byte, status int, lines []headerLine) []byte {
	reason := http.StatusText(status)
	if reason == "" {
		reason = "Unknown"
	}
	dst = append(dst, `{"statusCode":`...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(dst, `,"statusDescription":"`...)
	dst = strconv.AppendInt(dst, int64(status), 10)
	dst = append(append(append(dst, ' '), reason...), `",`...)
	if inv.event.MultiValueHeaders {
		dst = append(dst, `"multiValueHeaders":{`...)
	} else {
		dst = append(dst, `"headers":{`...)
	}
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
		room := 1
		if inv.handler.setCookieVariants {
			room = setCookieVariants
		}
		if excess := len(lines) - room; excess > 0 {
			if room > 1 {
				inv.report(fmt.Errorf("the first %d of %d cookies were dropped; a single-value response has room for %d", excess, len(lines), room))
			}
			lines = lines[excess:]
		}
	case name == "Content-Type", name == "Content-Disposition", name == "Location":
		inv.report(fmt.Errorf("%d values of response header %s; the first was sent, a list is not allowed", len(lines), name))
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
	dst = append(dst, '"')
	plain := true
	for i := range len(s) {
		plain = plain && s[i] >= ' ' && s[i] != '"' && s[i] != '\\'
	}
	if plain {
		dst = append(dst, s...)
	} else {
		dst = appendText(dst, []byte(s))
	}
	return append(dst, '"')
}

// appendText appends s, which is valid UTF-8, as the inside of a JSON string, eight bytes at a time. HTML's characters stay as they
// are.
func appendText(dst, s []byte) []byte {
	const margin = 16 // of room: a whole word, an escape
	n := len(dst)
	for i := 0; ; i++ {
		if cap(dst)-n < len(s)-i+margin {
			dst = slices.Grow(dst[:n], len(s)-i+(len(s)-i)/8+margin)
		}
		dst = dst[:cap(dst)]
		for len(s)-i >= 8 {
			w := binary.LittleEndian.Uint64(s[i:])
			binary.LittleEndian.PutUint64(dst[n:], w)
			m := special(w)
			if m == 0 {
				i, n = i+8, n+8
				continue
			}
			k := bits.TrailingZeros64(m) / 8
			i, n = i+k, n+k
			if c := s[i]; c != '"' && c != '\\' || len(dst)-n < len(s)-i+margin {
				break
			}
			dst[n], dst[n+1] = '\\', s[i]
			i, n = i+1, n+2
		}
		if i >= len(s) {
			return dst[:n]
		}
		switch c := s[i]; {
		case c == '"', c == '\\':
			dst[n], dst[n+1] = '\\', c
			n += 2
		case c < ' ':
			n = len(appendControl(dst[:n], c))
		default: // one of the last bytes
			dst[n] = c
			n++
		}
	}
}

// appendControl appends the escape of a control byte.
func appendControl(dst []byte, c byte) []byte {
	if i := strings.IndexByte("\b\t\n\f\r", c); i >= 0 {
		return append(dst, '\\', "btnfr"[i])
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
