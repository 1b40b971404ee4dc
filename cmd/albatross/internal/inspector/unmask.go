package inspector

import (
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// unmasked puts the original's secrets back where an edited copy still holds their masks. Of several headers with one name the first
// in the copy takes the first of the original, and so on; cookies are told apart by their names. It also returns the header of which
// a mask is left, "" for none.
func unmasked(edited, original record.Message) (m record.Message, left string) {
	m = edited
	m.Headers = nil
	used := make([]bool, len(original.Headers))
	for _, h := range edited.Headers {
		if strings.Contains(h[1], mask) && isSecret(h[0]) {
			h[1] = unmaskedValue(h, original.Headers, used)
			if strings.Contains(h[1], mask) {
				left = h[0]
			}
		}
		m.Headers = append(m.Headers, h)
	}
	return m, left
}

func unmaskedValue(h [2]string, original [][2]string, used []bool) string {
	for i, o := range original {
		if !used[i] && strings.EqualFold(o[0], h[0]) && maskValue(o[0], o[1]) == h[1] {
			used[i] = true
			return o[1]
		}
	}
	if strings.EqualFold(h[0], "Cookie") {
		return unmaskedCookies(h[1], original)
	}
	return h[1]
}

// unmaskedCookies does it for a line of which some cookies were edited.
func unmaskedCookies(line string, original [][2]string) string {
	pairs := strings.Split(line, ";")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if value != mask {
			continue
		}
		for _, o := range original {
			if secret, ok := cookie(o, name); ok {
				pairs[i] = strings.Replace(pair, mask, secret, 1)
				break
			}
		}
	}
	return strings.Join(pairs, ";")
}

// cookie returns the value of the cookie with this name, as it stands in the header.
func cookie(header [2]string, name string) (value string, ok bool) {
	if !strings.EqualFold(header[0], "Cookie") {
		return "", false
	}
	for pair := range strings.SplitSeq(header[1], ";") {
		if n, v, found := strings.Cut(strings.TrimSpace(pair), "="); found && n == name {
			return v, true
		}
	}
	return "", false
}
