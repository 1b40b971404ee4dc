package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A difference is one place in which two answers differ. The path is a JSON pointer (RFC 6901) into the answer, which goes on in a body
// that is JSON itself.
type difference struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

// compareAnswers compares what a client would see: status, header by lower-case names, body after base64. What is no such answer is
// compared as JSON, or else as text.
func compareAnswers(before, after []byte, ignored []string) []difference {
	return compareValues(nil, "", normalAnswer(before, ignored), normalAnswer(after, ignored))
}

// missing stands for a value that is not there.
type missing struct{}

func normalAnswer(answer []byte, ignored []string) any {
	if len(answer) == 0 {
		return missing{}
	}
	v, ok := decode(answer)
	if !ok {
		return string(answer)
	}
	m, ok := v.(map[string]any)
	if !ok || m["statusCode"] == nil {
		return v
	}
	if text, ok := m["body"].(string); ok {
		m["body"] = normalBody(text, m["isBase64Encoded"] == true)
	}
	delete(m, "isBase64Encoded")
	for _, family := range []string{"headers", "multiValueHeaders"} {
		if header, ok := m[family].(map[string]any); ok {
			m[family] = normalHeader(header, ignored)
		}
	}
	return m
}

func normalBody(text string, isBase64 bool) any {
	if isBase64 {
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return text
		}
		text = string(decoded)
	}
	if v, ok := decode([]byte(text)); ok {
		return v
	}
	return text
}

func normalHeader(header map[string]any, ignored []string) map[string]any {
	out := make(map[string]any, len(header))
	for _, name := range slices.Sorted(maps.Keys(header)) {
		if !slices.ContainsFunc(ignored, func(s string) bool { return strings.EqualFold(s, name) }) {
			lower := strings.ToLower(name)
			if _, taken := out[lower]; taken {
				lower = name // spelled twice, as cookies are in the single-value mode
			}
			out[lower] = header[name]
		}
	}
	return out
}

// decode reads one JSON value with its numbers as they are written.
func decode(data []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil || d.More() {
		return nil, false
	}
	return v, true
}

func compareValues(list []difference, path string, before, after any) []difference {
	if x, ok := before.(map[string]any); ok {
		if y, ok := after.(map[string]any); ok {
			return compareObjects(list, path, x, y)
		}
	}
	if x, ok := before.([]any); ok {
		if y, ok := after.([]any); ok {
			for i := range max(len(x), len(y)) {
				list = compareValues(list, path+"/"+strconv.Itoa(i), at(x, i), at(y, i))
			}
			return list
		}
	}
	if reflect.DeepEqual(before, after) {
		return list
	}
	return append(list, difference{Path: path, Before: rawJSON(before), After: rawJSON(after)})
}

func compareObjects(list []difference, path string, x, y map[string]any) []difference {
	names := maps.Clone(x)
	maps.Copy(names, y)
	escape := strings.NewReplacer("~", "~0", "/", "~1").Replace
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = compareValues(list, path+"/"+escape(name), member(x, name), member(y, name))
	}
	return list
}

func member(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	return missing{}
}

func at(list []any, i int) any {
	if i < len(list) {
		return list[i]
	}
	return missing{}
}

func rawJSON(v any) json.RawMessage {
	if v == (missing{}) {
		return nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return nil
	}
	return bytes.TrimSpace(b.Bytes())
}

// indent makes JSON readable, and leaves everything else as it is.
func indent(data []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, bytes.TrimSpace(data), "", "  ") != nil {
		return string(data)
	}
	return b.String()
}
