package middleware

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// printable returns at most limit bytes of s, with an ellipsis where it was cut, as text that stays on its line and does nothing to
// a terminal: what Unicode does not call printable becomes a space. It allocates only for text that has to be changed.
func printable(s string, limit int) string {
	if len(s) > limit {
		for limit > 0 && !utf8.RuneStart(s[limit]) {
			limit--
		}
		s = s[:limit] + "…"
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return strings.Map(func(r rune) rune {
				if strconv.IsPrint(r) && r != utf8.RuneError { // which would be longer than the byte it stands for
					return r
				}
				return ' '
			}, s)
		}
	}
	return s
}
