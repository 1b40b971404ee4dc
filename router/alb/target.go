package alb

import (
	"bytes"
	"net/url"
	"strings"
)

// The load balancer passes path and query on as the client sent them, still percent-encoded. Neither is parsed as a URL reference:
// "//host/x" is a path. A query inside the path, as a health check's configured path may have, goes to the query.

// illegal are the bytes that are escaped besides control bytes, space and bytes beyond ASCII, which net/http's server takes in no
// request target. Of percent signs, those that begin no escape.
type illegal struct{ any, inKey, inValue string }

var (
	notInTarget = illegal{"", "&=", "&"}
	// The semicolon is legal in a query, but url.ParseQuery refuses it, where it is data to the load balancer.
	notInQuery = illegal{`%"<>#;`, `%"<>#;&=`, `%"<>#;&`}
)

// target is a request target in a builder's text.
type target struct {
	whole, path, query stretch // query is whole's, unless something had to be escaped
}

// appendTarget appends the request target.
func (b *builder) appendTarget() (t target) {
	path, inPath, _ := bytes.Cut(b.text[b.texts[memberPath].start:b.texts[memberPath].end], []byte("?"))
	t.path.start = len(b.text)
	if !bytes.HasPrefix(path, []byte("/")) && string(path) != "*" {
		b.text = append(b.text, '/')
	}
	b.text = appendEscaped(b.text, path, notInTarget.any)
	t.path.end = len(b.text)
	b.text = append(b.text, '?')
	t.query.start = len(b.text)
	same := b.appendQuery(inPath, &notInQuery)
	t.query.end = len(b.text)
	t.whole = stretch{t.path.start, t.query.end}
	if t.query.start == t.query.end {
		t.whole = t.path
	} else if !same {
		t.whole.start = len(b.text)
		b.text = append(append(b.text, b.text[t.path.start:t.path.end]...), '?')
		b.appendQuery(inPath, &notInTarget)
		t.whole.end = len(b.text)
	}
	return t
}

// appendQuery restores the query: pairs in the event's order, nothing decoded, nothing escaped twice. It reports whether nothing was
// escaped at all.
func (b *builder) appendQuery(inPath []byte, not *illegal) bool {
	begin := len(b.text)
	b.text = appendEscaped(b.text, inPath, not.any)
	want := begin + len(inPath)
	for _, f := range b.fields[b.queries.first:b.queries.end] {
		for _, v := range b.values[f.first:f.end] {
			if len(b.text) > begin {
				b.text = append(b.text, '&')
				want++
			}
			key, value := b.text[f.name.start:f.name.end], b.text[v.start:v.end]
			b.text = appendEscaped(b.text, key, not.inKey)
			b.text = append(b.text, '=')
			b.text = appendEscaped(b.text, value, not.inValue)
			want += len(key) + 1 + len(value)
		}
	}
	return len(b.text) == want
}

// appendEscaped appends s with the illegal bytes percent-encoded.
func appendEscaped(dst, s []byte, illegal string) []byte {
	const hex = "0123456789ABCDEF"
	done := 0
	for i, c := range s {
		if isAlphanumeric(c) || c > ' ' && c < 0x7f && (strings.IndexByte(illegal, c) < 0 || c == '%' && isEscape(s[i:])) {
			continue
		}
		dst = append(append(dst, s[done:i]...), '%', hex[c>>4], hex[c&15])
		done = i + 1
	}
	return append(dst, s[done:]...)
}

// isEscape reports whether s, which begins with a percent sign, begins with an escape.
func isEscape(s []byte) bool {
	return len(s) >= 3 && isHex(s[1]) && isHex(s[2])
}

// setPath sets a URL's path as package url does: RawPath only where the default encoding of Path differs.
func setPath(u *url.URL, escaped string) {
	const unreserved = "-_.~$&+,/:;=@" // the default encoding leaves these alone in a path
	plain := true
	for i := range len(escaped) {
		plain = plain && (isAlphanumeric(escaped[i]) || strings.IndexByte(unreserved, escaped[i]) >= 0)
	}
	if u.Path = escaped; plain || escaped == "*" {
		return
	}
	escaped = string(appendEscaped(nil, []byte(escaped), "%"))
	u.Path, _ = url.PathUnescape(escaped) // every escape is good by now
	if u.EscapedPath() != escaped {
		u.RawPath = escaped
	}
}
