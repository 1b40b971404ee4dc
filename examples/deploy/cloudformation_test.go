package deploy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A template is what CloudFormation makes of a JSON template with some parameters: values instead of functions, and the type of a
// resource, followed by the attribute, instead of its logical name.
type template struct {
	parameters map[string]any
	conditions map[string]any
	types      map[string]string // by logical name
	raw        map[string]rawResource
	resources  []resource
}

type rawResource struct {
	Type         string
	Condition    string
	DependsOn    any
	Properties   map[string]any
	UpdatePolicy map[string]any
}

type resource struct {
	typ        string
	properties any
	update     any
	after      []string // types of what it names in DependsOn
}

func readTemplate(t *testing.T, path string, parameters map[string]string) *template {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Parameters map[string]struct{ Default any }
		Conditions map[string]any
		Resources  map[string]rawResource
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}

	c := &template{parameters: map[string]any{}, conditions: file.Conditions, types: map[string]string{}, raw: file.Resources}
	for name, p := range file.Parameters {
		c.parameters[name] = p.Default
		if value, ok := parameters[name]; ok {
			c.parameters[name] = value
		}
	}
	for name, r := range file.Resources {
		c.types[name] = r.Type
	}
	for _, r := range file.Resources {
		if r.Condition != "" && !c.holds(r.Condition) {
			continue
		}
		found := resource{typ: r.Type, properties: c.value(r.Properties), update: c.value(r.UpdatePolicy)}
		names, ok := r.DependsOn.([]any)
		if !ok {
			names = []any{r.DependsOn}
		}
		for _, name := range names {
			if logical, ok := name.(string); ok {
				found.after = append(found.after, c.types[logical])
			}
		}
		c.resources = append(c.resources, found)
	}
	return c
}

// of returns the resources of a type.
func (c *template) of(typ string) []resource {
	var found []resource
	for _, r := range c.resources {
		if r.typ == typ {
			found = append(found, r)
		}
	}
	return found
}

func (c *template) holds(condition string) bool {
	holds, _ := c.value(c.conditions[condition]).(bool)
	return holds
}

// value evaluates what these templates use of the functions. nothing is AWS::NoValue.
func (c *template) value(v any) any {
	switch v := v.(type) {
	case []any:
		list := []any{}
		for _, element := range v {
			if value := c.value(element); value != (nothing{}) {
				list = append(list, value)
			}
		}
		return list
	case map[string]any:
		for name, argument := range v {
			if len(v) == 1 && (name == "Ref" || strings.HasPrefix(name, "Fn::")) {
				return c.call(name, argument)
			}
		}
		object := map[string]any{}
		for name, member := range v {
			if value := c.value(member); value != (nothing{}) {
				object[name] = value
			}
		}
		return object
	default:
		return v
	}
}

type nothing struct{}

var variable = regexp.MustCompile(`\$\{[^}]+\}`)

func (c *template) call(function string, argument any) any {
	list, _ := argument.([]any)
	switch function {
	case "Ref":
		return c.ref(argument.(string))
	case "Fn::GetAtt":
		return fmt.Sprintf("<%s.%s>", c.types[list[0].(string)], list[1])
	case "Fn::Sub":
		text, _ := argument.(string)
		var local map[string]any
		if len(list) == 2 {
			text, _ = list[0].(string)
			local, _ = c.value(list[1]).(map[string]any)
		}
		return variable.ReplaceAllStringFunc(text, func(s string) string {
			name := strings.Trim(s, "${}")
			if value, ok := local[name]; ok {
				return fmt.Sprint(value)
			}
			return fmt.Sprint(c.ref(name))
		})
	case "Fn::If":
		if c.holds(list[0].(string)) {
			return c.value(list[1])
		}
		return c.value(list[2])
	case "Fn::Not":
		return c.value(list[0]) != true
	case "Fn::Equals":
		return fmt.Sprint(c.value(list[0])) == fmt.Sprint(c.value(list[1]))
	case "Fn::Join":
		var parts []string
		for _, part := range c.value(list[1]).([]any) {
			parts = append(parts, fmt.Sprint(part))
		}
		return strings.Join(parts, list[0].(string))
	default:
		return fmt.Sprintf("<%s>", function)
	}
}

func (c *template) ref(name string) any {
	if typ, ok := c.types[name]; ok {
		return "<" + typ + ">"
	}
	if value, ok := c.parameters[name]; ok {
		return value
	}
	if name == "AWS::NoValue" {
		return nothing{}
	}
	return "<" + name + ">"
}

// at returns what a path leads to: members by name, and in a list of Key and Value, or of Name and Value, the value by key. A star
// is every element.
func at(v any, path string) []any {
	found := []any{v}
	for step := range strings.SplitSeq(path, "/") {
		var next []any
		for _, v := range found {
			switch v := v.(type) {
			case map[string]any:
				if member, ok := v[step]; ok {
					next = append(next, member)
				}
			case []any:
				for _, element := range v {
					object, _ := element.(map[string]any)
					switch {
					case step == "*":
						next = append(next, element)
					case object["Key"] == step || object["Name"] == step:
						next = append(next, object["Value"])
					}
				}
			}
		}
		found = next
	}
	return found
}

// texts renders values for comparison, sorted.
func texts(values []any) []string {
	rendered := make([]string, 0, len(values))
	for _, v := range values {
		text, ok := v.(string)
		if !ok {
			b, _ := json.Marshal(v)
			text = string(b)
		}
		rendered = append(rendered, text)
	}
	slices.Sort(rendered)
	return rendered
}
