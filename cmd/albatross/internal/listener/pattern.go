package listener

import "slices"

// A pattern is text with an ALB's wildcards: "*" is any number of characters, "?" is exactly one.
type pattern struct {
	tokens []token
	fold   bool // ASCII letters match in either case
}

type token struct {
	char     rune
	wildcard bool
}

// newPattern reads a value of a condition. With escapes, \* and \? are the characters themselves and \\ is a backslash.
func newPattern(s string, fold, escapes bool) pattern {
	p := pattern{fold: fold}
	chars := []rune(s)
	for i := 0; i < len(chars); i++ {
		c := chars[i]
		if escapes && c == '\\' && i+1 < len(chars) && slices.Contains([]rune(`*?\`), chars[i+1]) {
			i++
			p.tokens = append(p.tokens, token{char: chars[i]})
			continue
		}
		p.tokens = append(p.tokens, token{char: p.lower(c), wildcard: c == '*' || c == '?'})
	}
	return p
}

// wildcards counts them for the quota.
func (p pattern) wildcards() (n int) {
	for _, t := range p.tokens {
		if t.wildcard {
			n++
		}
	}
	return n
}

// match compares the whole of s. It goes back to the last "*" alone, so its time is at most the product of both lengths.
func (p pattern) match(s string) bool {
	chars := []rune(s)
	i, star, from := 0, -1, 0 // token, last "*", where in chars that one ends
	for j := 0; j < len(chars); {
		switch {
		case i < len(p.tokens) && p.tokens[i] == token{'*', true}:
			star, from = i, j
			i++
		case i < len(p.tokens) && p.one(p.tokens[i], chars[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p.tokens) && p.tokens[i] == (token{'*', true}) {
		i++
	}
	return i == len(p.tokens)
}

func (p pattern) one(t token, c rune) bool { return t.wildcard || t.char == p.lower(c) }

func (p pattern) lower(c rune) rune {
	if p.fold && 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
