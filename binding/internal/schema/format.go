package schema

import (
	"bytes"
	"net/netip"
	"net/url"
	"regexp/syntax"
	"strings"
	"time"
)

// format is the syntax of a string that is checked.
type format uint8

const (
	noFormat format = iota
	dateTimeFormat
	dateFormat
	timeFormat
	durationFormat
	emailFormat
	hostnameFormat
	ipv4Format
	ipv6Format
	uriFormat
	uriReferenceFormat
	uuidFormat
	jsonPointerFormat
	regexFormat

	// These three belong to Go types, not to the format tag.

	goTimeFormat     // of time.Time: a date-time with capital T and Z and no leap second
	goDurationFormat // of time.Duration as a parameter
	base64Format     // of []byte in JSON
)

// formatNames are those that the format tag takes for strings, checked or not.
const formatNames = "date-time, date, time, duration, email, hostname, ipv4, ipv6, uri, uri-reference, uuid, json-pointer, regex, " +
	"byte, binary, password"

// formatOf returns what is checked of a string with the format, JSON Schema 2020-12 section 7.3 and the OpenAPI format registry.
func formatOf(name string) (f format, known bool) {
	switch name {
	case "date-time":
		return dateTimeFormat, true
	case "date":
		return dateFormat, true
	case "time":
		return timeFormat, true
	case "duration":
		return durationFormat, true
	case "email":
		return emailFormat, true
	case "hostname":
		return hostnameFormat, true
	case "ipv4":
		return ipv4Format, true
	case "ipv6":
		return ipv6Format, true
	case "uri":
		return uriFormat, true
	case "uri-reference":
		return uriReferenceFormat, true
	case "uuid":
		return uuidFormat, true
	case "json-pointer":
		return jsonPointerFormat, true
	case "regex":
		return regexFormat, true
	case "byte", "binary", "password":
		return noFormat, true
	default:
		return noFormat, false
	}
}

// fault says what a string should have been.
func (f format) fault() string {
	switch f {
	case dateTimeFormat, goTimeFormat:
		return "must be a date-time as in RFC 3339"
	case dateFormat:
		return "must be a date as in RFC 3339"
	case timeFormat:
		return "must be a time as in RFC 3339"
	case durationFormat:
		return "must be a duration as in ISO 8601"
	case emailFormat:
		return "must be an email address"
	case hostnameFormat:
		return "must be a host name"
	case ipv4Format:
		return "must be an IPv4 address"
	case ipv6Format:
		return "must be an IPv6 address"
	case uriFormat:
		return "must be a URI"
	case uriReferenceFormat:
		return "must be a URI reference"
	case uuidFormat:
		return "must be a UUID"
	case jsonPointerFormat:
		return "must be a JSON Pointer"
	case regexFormat:
		return "must be a regular expression"
	case goDurationFormat:
		return "must be a duration such as 1m30s"
	case base64Format:
		return "must be in base64"
	default:
		return ""
	}
}

func (f format) valid(s []byte) bool {
	switch f {
	case dateTimeFormat:
		return isDateTime(s)
	case goTimeFormat:
		return isGoTime(s)
	case dateFormat:
		return isDate(s)
	case timeFormat:
		return isTime(s)
	case durationFormat:
		return isDuration(s)
	case emailFormat:
		return isEmail(s)
	case hostnameFormat:
		return isHostname(s)
	case ipv4Format:
		return isIPv4(s)
	case ipv6Format:
		return isIPv6(s)
	case uriFormat:
		return isURI(s, true)
	case uriReferenceFormat:
		return isURI(s, false)
	case uuidFormat:
		return isUUID(s)
	case jsonPointerFormat:
		return isJSONPointer(s)
	case regexFormat:
		_, err := syntax.Parse(string(s), syntax.Perl)
		return err == nil
	case goDurationFormat:
		_, err := time.ParseDuration(string(s))
		return err == nil
	case base64Format:
		return isBase64(s)
	default:
		return true
	}
}

// isEmail is Mailbox of RFC 5321 section 4.1.2.
func isEmail(s []byte) bool {
	i := bytes.LastIndexByte(s, '@')
	if i < 1 || i > 64 {
		return false
	}
	local, domain := s[:i], s[i+1:]
	if !isDotAtom(local) && !isQuoted(local) {
		return false
	}
	if len(domain) > 1 && domain[0] == '[' && domain[len(domain)-1] == ']' {
		address := domain[1 : len(domain)-1]
		if v6, ok := bytes.CutPrefix(address, []byte("IPv6:")); ok {
			return isIPv6(v6)
		}
		return isIPv4(address)
	}
	return isHostname(domain)
}

func isDotAtom(s []byte) bool {
	atom := false // the byte before belongs to an atom
	for _, b := range s {
		switch {
		case isLetter(b) || isDigit(b) || bytes.IndexByte([]byte("!#$%&'*+-/=?^_`{|}~"), b) >= 0:
			atom = true
		case b == '.' && atom:
			atom = false
		default:
			return false
		}
	}
	return atom
}

// isQuoted is Quoted-string of RFC 5321.
func isQuoted(s []byte) bool {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return false
	}
	s = s[1 : len(s)-1]
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' {
			i++
			if i == len(s) {
				return false
			}
		} else if s[i] == '"' {
			return false
		}
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// isHostname is RFC 1123 section 2.1.
func isHostname(s []byte) bool {
	if len(s) > 253 {
		return false
	}
	label := 0 // bytes of it so far
	for i, b := range s {
		switch {
		case isLetter(b) || isDigit(b) || b == '-' && label > 0:
			label++
		case b == '.' && label > 0 && s[i-1] != '-':
			label = 0
		default:
			return false
		}
		if label > 63 {
			return false
		}
	}
	return label > 0 && s[len(s)-1] != '-'
}

func isIPv4(s []byte) bool {
	a, err := netip.ParseAddr(string(s))
	return err == nil && a.Is4()
}

// isIPv6 is RFC 4291 section 2.2, without a zone.
func isIPv6(s []byte) bool {
	a, err := netip.ParseAddr(string(s))
	return err == nil && a.Is6() && a.Zone() == ""
}

// isURI is RFC 3986: only the characters of its appendix A, brackets around an address alone, whole escapes, and what net/url can
// take apart.
func isURI(s []byte, absolute bool) bool {
	for i, b := range s {
		switch {
		case isLetter(b) || isDigit(b) || bytes.IndexByte([]byte("-._~:/?#[]@!$&'()*+,;="), b) >= 0:
		case b == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
		default:
			return false
		}
	}
	u, err := url.Parse(string(s))
	if err != nil || u.Scheme == "" && absolute || bytes.Count(s, []byte("#")) > 1 {
		return false
	}
	open := bytes.Count(s, []byte("["))
	return open == bytes.Count(s, []byte("]")) && (open == 0 || open == 1 && strings.HasPrefix(u.Host, "["))
}

// isUUID is RFC 9562 section 4, in either case.
func isUUID(s []byte) bool {
	if len(s) != 36 {
		return false
	}
	for i, b := range s {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if b != '-' {
				return false
			}
		} else if !isHex(b) {
			return false
		}
	}
	return true
}

// isJSONPointer is RFC 6901 section 3.
func isJSONPointer(s []byte) bool {
	if len(s) > 0 && s[0] != '/' {
		return false
	}
	for i, b := range s {
		if b == '~' && (i+1 == len(s) || s[i+1] != '0' && s[i+1] != '1') {
			return false
		}
	}
	return true
}

// isBase64 is RFC 4648 section 4 with line breaks, as encoding/json takes it.
func isBase64(s []byte) bool {
	digits, padding := 0, 0
	for _, b := range s {
		switch {
		case b == '\r' || b == '\n':
		case b == '=':
			padding++
		case padding == 0 && (isLetter(b) || isDigit(b) || b == '+' || b == '/'):
			digits++
		default:
			return false
		}
	}
	return padding <= 2 && (digits+padding)%4 == 0
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }

func isHex(b byte) bool { return isDigit(b) || 'a' <= b|0x20 && b|0x20 <= 'f' }
