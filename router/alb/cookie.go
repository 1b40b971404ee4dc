package alb

import "strings"

// lastOfEachCookie drops, in place, the cookies that are set again further down. A client would take the last, but a load balancer
// may reverse the lines. Cookies are the same if name, domain and path are, RFC 6265 section 5.3.
func lastOfEachCookie(lines []headerLine) []headerLine {
	set := make(map[string]bool, len(lines))
	first := len(lines)
	for i := len(lines) - 1; i >= 0; i-- {
		if identity := cookieIdentity(lines[i].value); !set[identity] {
			set[identity] = true
			first--
			lines[first] = lines[i]
		}
	}
	return lines[first:]
}

func cookieIdentity(line string) string {
	name, _, _ := strings.Cut(line, "=")
	domain, path := "", ""
	for _, attribute := range strings.Split(line, ";")[1:] {
		key, value, _ := strings.Cut(attribute, "=")
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "domain":
			domain = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(value), "."))
		case "path":
			path = strings.TrimSpace(value)
		}
	}
	return strings.TrimSpace(name) + ";" + domain + ";" + path
}

// setCookieVariants is how many ways there are to write the nine letters of Set-Cookie.
const setCookieVariants = 1 << 9

// setCookieVariant returns the n-th spelling; the 0th is Set-Cookie. Each bit of n flips the case of one letter.
func setCookieVariant(n int) string {
	name := []byte("Set-Cookie")
	for i, c := range name {
		if c == '-' {
			continue
		}
		name[i] = c ^ byte(n&1)<<5
		n >>= 1
	}
	return string(name)
}
