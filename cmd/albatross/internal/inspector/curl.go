package inspector

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// curlCommand is a shell command that sends m to the load balancer at listener, and nothing but m: fields that curl would add by
// itself are turned off. A body that is no text travels as base64. One that is not kept in full is said to be cut.
func curlCommand(listener string, m record.Message) string {
	command := []string{"curl", "-i", "--globoff", "--path-as-is"}
	if strings.HasPrefix(listener, "https:") {
		command = append(command, "--insecure") // its certificate is made up
	}
	target := listener + m.Target
	switch {
	case m.Target == "*":
		command = append(command, "--request-target", quote("*"))
		target = listener
	case strings.Contains(m.Target, "://") && !strings.HasPrefix(m.Target, "/"):
		command = append(command, "--request-target", quote(m.Target))
		target = listener
	}
	body := m.Body.Bytes
	switch {
	case m.Method == http.MethodHead && len(body) == 0:
		command = append(command, "--head")
	case m.Method != http.MethodGet || len(body) > 0:
		command = append(command, "-X", quote(m.Method))
	}
	command = append(command, quote(target))
	command = append(command, curlHeaders(listener, m)...)
	switch {
	case len(body) == 0:
	case utf8.Valid(body) && !slices.Contains(body, 0):
		command = append(command, "--data-raw", quote(string(body)))
	default:
		command = append([]string{"echo", base64.StdEncoding.EncodeToString(body), "|", "base64", "-d", "|"}, command...)
		command = append(command, "--data-binary", "@-")
	}
	if n := m.Body.Truncated; n > 0 {
		return fmt.Sprintf("# the body lacks its end, at least %d bytes, which were not kept; put them back\n", n) + wrap(command)
	}
	return wrap(command)
}

// curlHeaders are the options for the message's headers.
func curlHeaders(listener string, m record.Message) []string {
	var options []string
	has := func(name string) bool {
		return slices.ContainsFunc(m.Headers, func(h [2]string) bool { return strings.EqualFold(h[0], name) })
	}
	host := ""
	if u, err := url.Parse(listener); err == nil {
		host = u.Host
	}
	for _, h := range unframed(m).Headers {
		switch {
		case strings.EqualFold(h[0], "Host") && h[1] == host:
		case h[1] == "":
			options = append(options, "-H", quote(h[0]+";")) // curl's way to send an empty value
		default:
			options = append(options, "-H", quote(h[0]+": "+h[1]))
		}
	}
	automatic := []string{"User-Agent", "Accept"}
	if len(m.Body.Bytes) > 0 {
		automatic = append(automatic, "Content-Type")
	}
	for _, name := range automatic {
		if !has(name) {
			options = append(options, "-H", quote(name+":")) // curl's way to send none
		}
	}
	return options
}

// quote makes s one word for a POSIX shell.
func quote(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(c rune) bool {
		return (c|0x20 < 'a' || 'z' < c|0x20) && (c < '0' || '9' < c) && !strings.ContainsRune("-_./:=,+@%", c)
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// wrap puts each header and the body on a line of its own.
func wrap(words []string) string {
	var b strings.Builder
	for i, word := range words {
		switch {
		case i == 0:
		case word == "-H" || word == "--data-raw" || word == "--data-binary":
			b.WriteString(" \\\n  ")
		default:
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String() + "\n"
}
