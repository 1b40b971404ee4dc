package inspector

import (
	"net/http"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// unframed returns the message without the fields that frame its body: whoever sends it sets them anew.
func unframed(m record.Message) record.Message {
	m.Headers = slices.DeleteFunc(slices.Clone(m.Headers), func(h [2]string) bool {
		return strings.EqualFold(h[0], "Content-Length") || strings.EqualFold(h[0], "Transfer-Encoding")
	})
	return m
}

// faultOf says why a message cannot be sent; "" if it can.
func faultOf(m record.Message) string {
	switch {
	case m.Body.Truncated > 0:
		return "the body is no longer kept in full, so the request cannot be sent again; send it from the client"
	case !isToken(m.Method):
		return "the method is not one word; give one such as GET"
	case strings.ContainsAny(m.Target, " \r\n\t") || m.Target == "":
		return "the target is empty or holds a space; give path and query, with a space as %20"
	case !strings.HasPrefix(m.Target, "/") && !(m.Target == "*" && m.Method == http.MethodOptions) && !strings.Contains(m.Target, "://"):
		return "the target does not begin with /; give path and query, such as /orders?page=2"
	}
	for _, h := range m.Headers {
		switch {
		case !isToken(h[0]):
			return "a header's name is empty or holds a character that names cannot have; use letters, digits and hyphens"
		case strings.ContainsAny(h[1], "\r\n\x00"):
			return "the value of " + h[0] + " holds a line break; remove it"
		}
	}
	return ""
}

// isToken reports whether s is a token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		digit := '0' <= c && c <= '9'
		if !letter && !digit && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}
