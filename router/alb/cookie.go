package alb

import (
	"fmt"
	"slices"
	"strings"
)

// lastOfEachCookie drops a cookie that is set again further down: a client would take the last, but a load balancer may reverse
// the lines. Cookies are the same if name, domain and path are, RFC 6265 section 5.3.
func lastOfEachCookie(lines []string) []string {
	kept := make([]string, 0, len(lines))
	seen := make(map[string]bool, len(lines))
	for _, line := range slices.Backward(lines) {
		if id := cookieIdentity(line); !seen[id] {
			seen[id] = true
			kept = append(kept, line)
		}
	}
	slices.Reverse(kept)
	return kept
}

func cookieIdentity(line string) string {
	pair, attributes, _ := strings.Cut(line, ";")
	name, _, _ := strings.Cut(pair, "=")
	domain, path := "", ""
	for attribute := range strings.SplitSeq(attributes, ";") {
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

// maxCookieVariants is how many ways there are to write the nine letters of Set-Cookie.
const maxCookieVariants = 1 << 9

// cookieVariants gives each cookie a header name of its own, alike but for case.
func (h *headerWriter) cookieVariants(cookies []string) []field {
	if dropped := len(cookies) - maxCookieVariants; dropped > 0 {
		h.report(fmt.Errorf("alb: the first %d of %d cookies were dropped; a single-value response has room for %d", dropped, len(cookies), maxCookieVariants))
		cookies = cookies[dropped:]
	}
	fields := make([]field, 0, len(cookies))
	for i := range cookies {
		fields = append(fields, field{setCookieVariant(i), cookies[i : i+1]})
	}
	return fields
}

// setCookieVariant returns the n-th spelling; the 0th is Set-Cookie. Each bit of n flips the case of one letter.
func setCookieVariant(n int) string {
	name := []byte("Set-Cookie")
	bit := 0
	for i, c := range name {
		if c == '-' {
			continue
		}
		if n>>bit&1 == 1 {
			name[i] = c ^ 0x20
		}
		bit++
	}
	return string(name)
}
