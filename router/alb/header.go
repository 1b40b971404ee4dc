package alb

import (
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"unicode/utf8"
)

// headerWriter turns a handler's header into the fields of a response.
type headerWriter struct {
	multi             bool
	setCookieVariants bool
	report            func(error)

	size              int // on the wire, with ": " and CRLF
	cookiesInOneField bool
}

// merge returns the header under canonical names, without what may not be sent.
func (h *headerWriter) merge(header http.Header) http.Header {
	merged := make(http.Header, len(header)+1)
	for _, key := range slices.Sorted(maps.Keys(header)) {
		name := textproto.CanonicalMIMEHeaderKey(key)
		switch {
		case len(header[key]) == 0, droppedFromResponse(name):
		case !isToken(name):
			h.report(fmt.Errorf("alb: response header %q was dropped; that is no valid name (RFC 9110 section 5.1)", key))
		default:
			for _, value := range header[key] {
				merged[name] = append(merged[name], h.clean(name, value))
			}
		}
	}
	if cookies := merged["Set-Cookie"]; len(cookies) > 1 {
		merged["Set-Cookie"] = lastOfEachCookie(cookies)
	}
	return merged
}

// fields returns the merged header sorted by name.
func (h *headerWriter) fields(merged http.Header) []field {
	fields := make([]field, 0, len(merged))
	for _, name := range slices.Sorted(maps.Keys(merged)) {
		fields = append(fields, h.field(name, merged[name])...)
	}
	for _, f := range fields {
		for _, value := range f.values {
			h.size += len(f.name) + len(": ") + len(value) + len("\r\n")
		}
	}
	return fields
}

// field returns one header, or in single-value mode several cookies.
func (h *headerWriter) field(name string, values []string) []field {
	switch {
	case h.multi || len(values) == 1:
		return []field{{name, values}}
	case name == "Set-Cookie" && h.setCookieVariants:
		h.cookiesInOneField = true
		return h.cookieVariants(values)
	case name == "Set-Cookie":
		h.cookiesInOneField = true
		return []field{{name, values[len(values)-1:]}}
	case name == "Content-Type", name == "Content-Disposition", name == "Location":
		h.report(fmt.Errorf("alb: %d values of response header %s; the first was sent, a list is not allowed", len(values), name))
		return []field{{name, values[:1]}}
	default:
		return []field{{name, []string{strings.Join(values, ", ")}}} // RFC 9110 section 5.3
	}
}

// droppedFromResponse reports whether the load balancer writes a header itself.
func droppedFromResponse(name string) bool {
	return hopByHop(name) || name == "Content-Length" || name == "Server"
}

// clean returns a value that ends no line and is text that JSON can carry. net/http replaces CR and LF in the same way.
func (h *headerWriter) clean(name, value string) string {
	if !utf8.ValidString(value) {
		h.report(fmt.Errorf("alb: response header %s had bytes that are not UTF-8, which JSON cannot carry; they were replaced by U+FFFD", name))
		value = strings.ToValidUTF8(value, "\uFFFD")
	}
	if strings.ContainsFunc(value, isControl) {
		value = strings.Map(func(r rune) rune {
			if isControl(r) {
				return ' '
			}
			return r
		}, value)
	}
	return textproto.TrimString(value)
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
