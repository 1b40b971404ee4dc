package template

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what aliases in YAML may multiply to.
const maxNodes = 200_000

// parse reads JSON or YAML into maps, slices, strings, booleans, nil and json.Number. Short tags such as !Ref become their long
// form.
func parse(data []byte) (any, error) {
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		return parseJSON(trimmed)
	}
	var root yaml.Node
	if err := yaml.Unmarshal(data, &root); err != nil {
		return nil, fmt.Errorf("template: the file is no YAML: %w; mend it there", err)
	}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("template: the file is empty; write something into it")
	}
	c := converter{left: maxNodes}
	return c.value(root.Content[0])
}

func parseJSON(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err = d.Decode(&v); err == nil {
		if _, err = d.Token(); errors.Is(err, io.EOF) {
			return v, nil
		}
		err = fmt.Errorf("there is text behind the object")
	}
	offset := d.InputOffset()
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	line := 1 + bytes.Count(data[:min(offset, int64(len(data)))], []byte("\n"))
	return nil, fmt.Errorf("template: the file is no JSON: line %d: %w; mend it there", line, err)
}

type converter struct{ left int }

func (c *converter) value(n *yaml.Node) (any, error) {
	if c.left--; c.left < 0 {
		return nil, fmt.Errorf("template: line %d: the file has more than %d values; check its aliases", n.Line, maxNodes)
	}
	v, err := c.plain(n)
	if err != nil || !strings.HasPrefix(n.Tag, "!") || strings.HasPrefix(n.Tag, "!!") {
		return v, err
	}
	name := n.Tag[1:]
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	return map[string]any{name: v}, nil
}

func (c *converter) plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return c.value(n.Alias)
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, child := range n.Content {
			v, err := c.value(child)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yaml.MappingNode:
		object := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			if _, ok := object[key]; ok {
				return nil, fmt.Errorf("template: line %d: the key %q is there twice; leave one out", n.Content[i].Line, key)
			}
			v, err := c.value(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			object[key] = v
		}
		return object, nil
	default:
		return scalar(n), nil
	}
}

func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		var b bool
		if n.Decode(&b) == nil {
			return b
		}
	case "!!int", "!!float":
		return json.Number(n.Value)
	}
	return n.Value
}
