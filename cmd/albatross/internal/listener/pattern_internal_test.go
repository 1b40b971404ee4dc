package listener

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzPattern holds wildcards against a regular expression that says the same: "*" is (?s:.)*, "?" is (?s:.).
func FuzzPattern(f *testing.F) {
	for _, seed := range [][2]string{
		{"/img/*", "/img/a.png"}, {"*.example.com", "a.b.Example.COM"}, {"a?c", "abc"}, {"**a*", "bba"}, {"*a*b*c*", "aabbcc"},
		{"", ""}, {"?", "é"}, {"*\n?", "a\nb"}, {"*ab", "aab"}, {"\\*", "\\x"},
	} {
		f.Add(seed[0], seed[1], true)
		f.Add(seed[0], seed[1], false)
	}
	lower := func(s string) string {
		return strings.Map(func(c rune) rune {
			if 'A' <= c && c <= 'Z' {
				return c + 'a' - 'A'
			}
			return c
		}, s)
	}
	f.Fuzz(func(t *testing.T, pattern, s string, fold bool) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(s) || len(pattern) > maxValue {
			t.Skip()
		}
		want, text := pattern, s
		if fold {
			want, text = lower(want), lower(text)
		}
		expression := ""
		for _, c := range want {
			switch c {
			case '*':
				expression += `(?s:.)*`
			case '?':
				expression += `(?s:.)`
			default:
				expression += regexp.QuoteMeta(string(c))
			}
		}
		oracle := regexp.MustCompile(`\A` + expression + `\z`)
		if got := newPattern(pattern, fold, false).match(s); got != oracle.MatchString(text) {
			t.Errorf("pattern %q on %q, fold %t: %t", pattern, s, fold, got)
		}
	})
}

// With escapes, text of which every special character is escaped matches itself alone.
func FuzzEscapes(f *testing.F) {
	f.Add("a*b?c\\", "a")
	f.Fuzz(func(t *testing.T, s, other string) {
		if !utf8.ValidString(s) || !utf8.ValidString(other) {
			t.Skip()
		}
		p := newPattern(strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`).Replace(s), false, true)
		if !p.match(s) || p.wildcards() != 0 {
			t.Errorf("%q does not match itself", s)
		}
		if s != other && p.match(other) {
			t.Errorf("%q matches %q", s, other)
		}
	})
}
