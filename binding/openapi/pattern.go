package openapi

import "strings"

// portable returns a regular expression of package regexp in the syntax of ECMA-262, which is what JSON Schema means by a pattern
// (2020-12, Core section 6.4): in that with the u flag, and in what other dialects share with it. It returns "" for one that cannot
// be said there, or only otherwise: flags as in (?i), \Q, \p, [[:alpha:]]. The document then promises less than the handler keeps,
// but nothing wrong.
func portable(expr string) string {
	var b strings.Builder
	class := false // within brackets
	for len(expr) > 0 {
		from, to := expr[:1], expr[:1]
		switch c := expr[0]; {
		case c == '\\':
			from, to = escape(expr, class)
		case class && c == ']':
			class = false
		case class:
			if strings.HasPrefix(expr, "[:") {
				return ""
			}
		case c == '[':
			class = true
			if strings.HasPrefix(expr, "[^") {
				from, to = "[^", "[^"
			}
			if strings.HasPrefix(expr[len(from):], "]") { // there, package regexp takes it for itself
				return ""
			}
		case strings.HasPrefix(expr, "(?P<"), strings.HasPrefix(expr, "(?<"): // the name is Go's alone to use
			from, to = expr[:strings.IndexByte(expr, '>')+1], "("
		case strings.HasPrefix(expr, "(?") && !strings.HasPrefix(expr, "(?:"):
			return ""
		case c == '{':
			from = repetition(expr)
			to = from
		case c == ']', c == '}': // there, package regexp takes them for themselves
			return ""
		}
		if from == "" {
			return ""
		}
		b.WriteString(to)
		expr = expr[len(from):]
	}
	return b.String()
}

// escape returns the escape sequence that expr begins with and what ECMA-262 writes for it, or "" if it has nothing like it.
func escape(expr string, class bool) (from, to string) {
	if len(expr) < 2 {
		return "", ""
	}
	from = expr[:2]
	switch c := from[1]; c {
	case 'd', 'D', 'w', 'W', 's', 'S', 'n', 'r', 't', 'f', 'v':
		return from, from
	case 'b', 'B', 'A', 'z':
		switch {
		case class:
			return "", ""
		case c == 'A':
			return from, "^"
		case c == 'z':
			return from, "$"
		}
		return from, from
	case '^', '$', '\\', '.', '*', '+', '?', '(', ')', '[', ']', '{', '}', '|', '/':
		return from, from
	case '-':
		if class {
			return from, from
		}
		return from, "-"
	default:
		if isAlphanumeric(rune(c)) || c >= 0x80 {
			return "", ""
		}
		return from, from[1:] // ECMA-262 does not let other characters be escaped
	}
}

// repetition returns the {n}, {n,} or {n,m} that expr begins with, or "".
func repetition(expr string) string {
	end := strings.IndexByte(expr, '}')
	if end < 0 || !isAlphanumeric(rune(expr[1])) || strings.Trim(expr[1:end], "0123456789,") != "" || strings.Count(expr[:end], ",") > 1 {
		return ""
	}
	return expr[:end+1]
}
