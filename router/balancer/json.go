package balancer

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// member is one pair of a JSON object. encoding/json's own structs and maps are of no use for the
// response: they fold the case of keys and hide duplicates.
type member struct {
	name  string
	value json.RawMessage
}

// members returns the pairs of an object that is known to be valid.
func members(object json.RawMessage) []member {
	var list []member
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // {
	for d.More() {
		name, _ := d.Token()
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		list = append(list, member{name.(string), value})
	}
	return list
}

// elements returns the elements of an array that is known to be valid.
func elements(array json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(array, &list)
	return list
}

// text returns the value of a JSON string that is known to be valid.
func text(raw json.RawMessage) string {
	var s string
	_ = json.Unmarshal(raw, &s)
	return s
}

// kindOf names the kind of a JSON value in a sentence; "missing" if there is none.
func kindOf(raw json.RawMessage) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return "missing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

// quoted returns a key as it may stand in a sentence: in quotes if it has anything but ordinary
// characters, and cut if it is very long.
func quoted(name string) string {
	if len(name) > 80 {
		name = strings.ToValidUTF8(name[:80], "") + "…"
	}
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == '"' || !strconv.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}
