package middleware

import "strings"

const (
	secondsDigits = 8
	randomDigits  = 24
	parentDigits  = 16
	maxLineage    = 256
	maxFieldName  = 64
	maxFieldValue = 256
	// maxTraceHeader is the size of a request's headers up to which the load balancer keeps what a client sent in the header.
	maxTraceHeader = 7 << 10
)

// parseTrace reads the value of X-Amzn-Trace-Id, and of Lambda's header, which has the same form. Of a field given twice the first
// valid one counts: the load balancer writes its Self before all else. Line breaks are not trimmed: they make a field invalid.
func parseTrace(header string) (t Trace) {
	if len(header) > maxTraceHeader {
		return Trace{}
	}
	var custom strings.Builder
	for more := true; more; { // strings.SplitSeq would link more
		var field string
		field, header, more = strings.Cut(header, ";")
		name, value, _ := strings.Cut(field, "=")
		name, value = strings.Trim(name, " \t"), strings.Trim(value, " \t")
		switch name {
		case "Root":
			t.Root = firstValid(t.Root, value, isTraceID(value))
		case "Self":
			t.Self = firstValid(t.Self, value, isTraceID(value))
		case "Parent":
			t.Parent = firstValid(t.Parent, value, isHex(value, parentDigits))
		case "Lineage":
			t.Lineage = firstValid(t.Lineage, value, consistsOf(value, maxLineage, isLineageByte))
		case "Sampled":
			s := Sampling(value)
			t.Sampled = firstValid(t.Sampled, s, s == Sampled || s == NotSampled)
		default:
			if consistsOf(name, maxFieldName, isFieldNameByte) && consistsOf(value, maxFieldValue, isFieldValueByte) {
				if custom.Len() == 0 {
					custom.Grow(len(field) + len(header))
				} else {
					custom.WriteByte(';')
				}
				custom.WriteString(name)
				custom.WriteByte('=')
				custom.WriteString(value)
			}
		}
	}
	t.custom = custom.String()
	return t
}

func firstValid[T ~string](first, value T, valid bool) T {
	if first == "" && valid {
		return value
	}
	return first
}

// parseTraceparent reads the one line of traceparent: version, trace id, parent id and flags. More lines than one are none.
// Later versions are read as version 00, as W3C Trace Context asks (section "Versioning of traceparent").
func parseTraceparent(lines []string) (root, parent string, sampled Sampling) {
	const length = len("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	if len(lines) != 1 {
		return "", "", SamplingUnknown
	}
	s := strings.Trim(lines[0], " \t")
	if len(s) < length || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return "", "", SamplingUnknown
	}
	version, id, parent, flags := s[:2], s[3:35], s[36:52], s[53:length]
	for _, part := range [...]string{version, id, parent, flags} {
		if !consistsOf(part, len(part), isLowerHexByte) {
			return "", "", SamplingUnknown
		}
	}
	longer := len(s) > length && (version == "00" || s[length] != '-')
	if longer || version == "ff" || isZero(id) || isZero(parent) {
		return "", "", SamplingUnknown
	}
	sampled = NotSampled
	if strings.IndexByte("13579bdf", flags[1]) >= 0 { // the lowest bit
		sampled = Sampled
	}
	return "1-" + id[:secondsDigits] + "-" + id[secondsDigits:], parent, sampled
}

// cutTraceID cuts an id in X-Ray's form into its two numbers. The guides show ids of different lengths, so fewer digits are fine.
func cutTraceID(s string) (seconds, random string, ok bool) {
	version, digits, _ := strings.Cut(s, "-")
	seconds, random, _ = strings.Cut(digits, "-")
	ok = version == "1" && isHex(seconds, secondsDigits) && isHex(random, randomDigits) && !(isZero(seconds) && isZero(random))
	return seconds, random, ok
}

func isTraceID(s string) bool {
	_, _, ok := cutTraceID(s)
	return ok
}

func isHex(s string, most int) bool { return consistsOf(s, most, isHexByte) }

// isZero is for the ids that W3C Trace Context forbids.
func isZero(digits string) bool { return strings.Trim(digits, "0") == "" }

// consistsOf reports whether s is one to most bytes of a kind.
func consistsOf(s string, most int, kind func(byte) bool) bool {
	for i := range len(s) {
		if !kind(s[i]) {
			return false
		}
	}
	return s != "" && len(s) <= most
}

func isLowerHexByte(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

func isHexByte(c byte) bool { return isLowerHexByte(c) || 'A' <= c && c <= 'F' }

func isLineageByte(c byte) bool { return isHexByte(c) || c == ':' || c == '|' }

func isFieldNameByte(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '.' || c == '-' || c == '_'
}

func isFieldValueByte(c byte) bool {
	return ' ' <= c && c <= '~' && c != '"' && c != '\'' && c != '`' && c != '\\' && c != ';'
}
