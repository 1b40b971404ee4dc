package openapi

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// value is the JSON of a tag's text: that of an example, or of a parameter's default. Arrays are comma lists, as in defaults, or
// JSON. It reports false if the text is no value of the schema's kind.
func value(s *schema.Schema, text string) (json.RawMessage, bool) {
	asJSON := json.RawMessage(text)
	valid := json.Valid(asJSON)
	switch s.Kind {
	case schema.Boolean:
		return asJSON, text == "true" || text == "false"
	case schema.Integer, schema.Number:
		var n json.Number
		return asJSON, valid && text[0] != '"' && text != "null" && json.Unmarshal(asJSON, &n) == nil
	case schema.String:
		return quote(text), true
	case schema.Array:
		if valid && text[0] == '[' {
			return asJSON, true
		}
		return list(s.Elem, text)
	case schema.Object, schema.Map:
		return asJSON, valid && text[0] == '{'
	default:
		if valid {
			return asJSON, true
		}
		return quote(text), true
	}
}

// list reads a comma list; an empty one has no items.
func list(elem *schema.Schema, text string) (json.RawMessage, bool) {
	if text == "" {
		return json.RawMessage("[]"), true
	}
	var items [][]byte
	for item := range strings.SplitSeq(text, ",") {
		v, ok := value(elem, strings.TrimSpace(item))
		if !ok {
			return nil, false
		}
		items = append(items, v)
	}
	return append(append([]byte{'['}, bytes.Join(items, []byte{','})...), ']'), true
}

func quote(text string) json.RawMessage {
	quoted, _ := marshal(text) // strings can always be written
	return quoted
}

// kindName is for messages.
func kindName(k schema.Kind) string {
	switch k {
	case schema.Boolean:
		return "boolean: write true or false"
	case schema.Integer, schema.Number:
		return "number: write it as in JSON"
	case schema.Array:
		return "array: write the items with commas between them, or JSON"
	default:
		return "object: write it as JSON"
	}
}
