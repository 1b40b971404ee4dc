package listener

import (
	"strings"
	"unicode/utf8"
)

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// checkAny is for values of which any character may be part.
func checkAny(v string, f faults) {
	if n := len([]rune(v)); n > maxValue {
		f.add("a value has %d characters, at most %d are allowed; shorten %q", n, maxValue, v)
	}
}

// checkHost wants a "." with letters alone behind the last one. API reference: "HostHeaderConditionConfig"; the underscore is from
// the ELB guide, "Add a listener rule".
func checkHost(v string, f faults) {
	checkAny(v, f)
	if bad := strings.Trim(v, letters+"0123456789-._*?"); bad != "" {
		f.add("the host name %q may not have %q; use letters, digits, hyphens, dots and the wildcards * and ?", v, bad)
		return
	}
	if i := strings.LastIndexByte(v, '.'); v != "" && (i < 0 || strings.Trim(v[i+1:], letters) != "") {
		f.add(`the host name %q must have a "." and letters alone behind the last one; write it like *.example.com`, v)
	}
}

// checkPath knows the characters that the API reference lists under "RuleCondition".
func checkPath(v string, f faults) {
	checkAny(v, f)
	if bad := strings.IndexFunc(v, func(c rune) bool {
		return !strings.ContainsRune(letters+`0123456789_-.$/~"'@:+&*?`, c)
	}); bad >= 0 {
		c, _ := utf8.DecodeRuneInString(v[bad:])
		f.add("the path pattern %q may not have %q; use a wildcard in its place, or RegexValues", v, c)
	}
}

// isToken tells a header name. RFC 9110, 5.6.2.
func isToken(s string) bool {
	return s != "" && strings.Trim(s, letters+"0123456789!#$%&'*+-.^_`|~") == ""
}
