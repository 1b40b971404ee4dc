package schema

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// ownTags are the keys that package binding reads, those that restrict a value first.
var ownTags = [...]string{
	"minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "format",
	"minItems", "maxItems", "uniqueItems",
	"required", "default",
	"doc", "example", "deprecated",
	"path", "query", "header", "cookie", "form", "accept", "binding",
}

const (
	constraintCount = 13                  // of ownTags
	checkedCount    = constraintCount + 2 // those and the two after them have an effect on what is accepted
)

// CheckTags looks for misspelled keys in a field's tag: those that are nearly one of ours, and those that other libraries have for
// the same thing. Keys of other libraries are left alone. Its error is an *Error without the field.
func CheckTags(tag reflect.StructTag) error {
	rest := string(tag)
	for {
		var key, quoted string
		var ok bool
		if key, quoted, rest, ok = cutTag(rest); !ok {
			break
		}
		if meant := misspelled(key); meant != "" {
			return &Error{Detail: fmt.Sprintf("%s:%s is unknown; did you mean %s", key, quoted, meant)}
		}
	}
	if rest == "" {
		return nil
	}
	for _, name := range &ownTags {
		if strings.Contains(rest, name+":") || strings.Contains(rest, name+"=") {
			return &Error{Detail: fmt.Sprintf("the tag cannot be read from %q on; write key:\"value\" pairs with one space between", rest)}
		}
	}
	return nil
}

// cutTag takes the first pair of a tag in the conventional form, see reflect.StructTag, and leaves the value in its quotes.
func cutTag(tag string) (key, quoted, rest string, ok bool) {
	tag = strings.TrimLeft(tag, " ")
	colon := 0
	for colon < len(tag) && tag[colon] > ' ' && tag[colon] != ':' && tag[colon] != '"' {
		colon++
	}
	if colon == 0 || colon == len(tag) || tag[colon] != ':' {
		return "", "", tag, false
	}
	key, rest = tag[:colon], tag[colon+1:]
	end := 1
	for end < len(rest) && rest[end] != '"' {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) || rest[0] != '"' {
		return "", "", tag, false
	}
	return key, rest[:end+1], rest[end+1:], true
}

// misspelled returns what is likely to be meant by the key, or "" if it is right or none of ours.
func misspelled(key string) string {
	if key == "json" || slices.Contains(ownTags[:], key) {
		return ""
	}
	for _, own := range &ownTags {
		if strings.EqualFold(key, own) || len(own) >= 6 && isNear(key, own) {
			return own
		}
	}
	switch strings.ToLower(key) {
	case "min", "gte":
		return "minimum, minLength or minItems"
	case "max", "lte":
		return "maximum, maxLength or maxItems"
	case "gt":
		return "exclusiveMinimum"
	case "lt":
		return "exclusiveMaximum"
	case "len":
		return "minLength and maxLength"
	case "minlen":
		return "minLength"
	case "maxlen":
		return "maxLength"
	case "oneof", "enums":
		return "enum"
	case "unique":
		return "uniqueItems"
	case "regex", "regexp":
		return "pattern"
	case "defaults":
		return "default"
	case "description":
		return "doc"
	default:
		return ""
	}
}

// isNear reports whether one or two letters more, less or other make own of key: Levenshtein's distance.
func isNear(key, own string) bool {
	const limit = 2
	var row [len("exclusiveMinimum") + 1]int // the longest of ownTags
	if len(key) > len(own)+limit || len(own) > len(key)+limit {
		return false
	}
	for j := range row {
		row[j] = j
	}
	for i := range len(key) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(own) {
			cost := diagonal
			if key[i] != own[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(own)] <= limit
}
