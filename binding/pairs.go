package binding

import (
	"net/url"
	"strings"
)

// pair is one key and its value of a query, or of a form that is encoded like one.
type pair struct {
	key, value string
	bad        bool // the value cannot be decoded
}

// maxPairs is where a query or a form ends being one that a program reads.
const maxPairs = 10_000

// parsePairs appends the pairs of text to dst, decoded as [url.ParseQuery] does. It reports whether all could be: a pair whose
// key cannot be decoded is left out, and nothing is read after maxPairs.
func parsePairs(dst []pair, text string) (_ []pair, ok bool) {
	ok = true
	plain := !strings.ContainsAny(text, "%+;")
	for text != "" {
		var p pair
		p.key, text, _ = strings.Cut(text, "&")
		if p.key == "" {
			continue
		}
		if len(dst) == maxPairs {
			return dst, false
		}
		semicolon := !plain && strings.Contains(p.key, ";") // once a separator: some read one pair here, some two
		p.key, p.value, _ = strings.Cut(p.key, "=")
		if !plain {
			var err error
			if p.key, err = url.QueryUnescape(p.key); err != nil {
				ok = false
				continue
			}
			p.value, err = url.QueryUnescape(p.value)
			p.bad = err != nil || semicolon
			ok = ok && !p.bad
		}
		dst = append(dst, p)
	}
	return dst, ok
}
