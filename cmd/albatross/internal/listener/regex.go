package listener

import (
	"regexp"
	"strconv"
	"strings"
)

// compileRegex accepts what an ALB does. Its regular expressions have no look-around, backreferences, atomic groups, possessive
// quantifiers, recursion or Unicode classes (ELB guide: "Listener rules"); those of Go lack all of these but the last.
func compileRegex(s string, limit int, f faults) *regexp.Regexp {
	switch {
	case s == "":
		f.add("the regular expression is empty; write one")
		return nil
	case len(s) > limit:
		f.add("the regular expression has %d characters, at most %d are allowed; shorten it", len(s), limit)
		return nil
	}
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if i++; s[i] == 'p' || s[i] == 'P' {
			f.add("the regular expression %q has a Unicode class; an ALB knows none, write a class such as [A-Za-z]", s)
			return nil
		}
	}
	re, err := regexp.Compile(s)
	if err != nil {
		f.add("the regular expression %q is not one that an ALB understands: %v; mend it", s, err)
		return nil
	}
	return re
}

// groupReference is how a replacement names a group of the regular expression.
var groupReference = regexp.MustCompile(`\$[0-9]+`)

// replacement turns $1 into ${1}, so that text may follow, and any other "$" into itself.
func replacement(s string, re *regexp.Regexp, f faults) string {
	var b strings.Builder
	end := 0
	for _, m := range groupReference.FindAllStringIndex(s, -1) {
		b.WriteString(strings.ReplaceAll(s[end:m[0]], "$", "$$"))
		number := s[m[0]+1 : m[1]]
		if n, err := strconv.Atoi(number); err != nil || n > re.NumSubexp() {
			f.add("the replacement %q names the group $%s, but the regular expression has %d; count the brackets", s, number, re.NumSubexp())
		}
		b.WriteString("${" + number + "}")
		end = m[1]
	}
	b.WriteString(strings.ReplaceAll(s[end:], "$", "$$"))
	return b.String()
}
