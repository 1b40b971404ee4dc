package template

import (
	"fmt"
	"strconv"
	"strings"
)

// later is a value that only a deployment knows, or none at all.
type later struct {
	resource string // the logical ID that it begins with; "" for none
	why      string
}

// noValue is what AWS::NoValue leaves behind.
type noValue struct{}

// pseudo are the parameters that every template has.
var pseudo = map[string]any{
	"AWS::AccountId":        "123456789012",
	"AWS::NoValue":          noValue{},
	"AWS::NotificationARNs": []any{},
	"AWS::Partition":        "aws",
	"AWS::Region":           "us-east-1",
	"AWS::StackId":          "arn:aws:cloudformation:us-east-1:123456789012:stack/local/local",
	"AWS::StackName":        "local",
	"AWS::URLSuffix":        "amazonaws.com",
}

// stack resolves the functions of a CloudFormation template.
type stack struct {
	root       map[string]any
	resources  map[string]any
	parameters map[string]string // given by the user
	visiting   map[string]bool   // conditions that are being evaluated
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// value returns v with all functions replaced by what they stand for.
func (s *stack) value(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if e = s.value(e); e != (noValue{}) {
				out = append(out, e)
			}
		}
		return out
	case map[string]any:
		if len(v) == 1 {
			for name, arg := range v {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return s.call(name, arg)
				}
			}
		}
		out := make(map[string]any, len(v))
		for key, e := range v {
			if e = s.value(e); e != (noValue{}) {
				out[key] = e
			}
		}
		return out
	}
	return v
}

func (s *stack) call(name string, arg any) any {
	if name == "Fn::If" { // the branch not taken may be anything
		return s.branch(arg)
	}
	if name == "Fn::Sub" {
		return s.sub(arg)
	}
	arg = s.value(arg)
	if l, ok := arg.(later); ok {
		return l
	}
	list, _ := arg.([]any)
	switch name {
	case "Ref":
		if id, ok := arg.(string); ok {
			return s.ref(id)
		}
	case "Fn::GetAtt":
		if id, ok := s.join(list, ".").(string); ok && len(list) > 0 {
			return s.attribute(id)
		}
		if id, ok := arg.(string); ok {
			return s.attribute(id)
		}
	case "Fn::Join":
		if len(list) == 2 {
			if l, ok := list[1].(later); ok {
				return l
			}
			if sep, ok := list[0].(string); ok {
				parts, _ := list[1].([]any)
				return s.join(parts, sep)
			}
		}
	case "Fn::Split":
		return split(list)
	case "Fn::Select":
		return selected(list)
	case "Fn::FindInMap":
		return s.find(list)
	default:
		return later{why: name + " is not understood here; write its value, or a parameter with a default"}
	}
	return later{why: name + " has arguments that it does not take; see its documentation"}
}

func (s *stack) ref(id string) any {
	if v, ok := s.parameters[id]; ok {
		return s.typed(id, v)
	}
	if v, ok := pseudo[id]; ok {
		return v
	}
	if p, ok := object(s.root["Parameters"])[id].(map[string]any); ok {
		kind, _ := p["Type"].(string)
		def, ok := text(p["Default"])
		switch {
		case strings.HasPrefix(kind, "AWS::SSM::"):
			return later{why: fmt.Sprintf("the parameter %s is read from Systems Manager; give it with --parameter %[1]s=value", id)}
		case !ok:
			return later{why: fmt.Sprintf("the parameter %s has no default; give it with --parameter %[1]s=value", id)}
		}
		return s.typed(id, def)
	}
	return s.deployed(id, id)
}

// typed splits a parameter that is a list.
func (s *stack) typed(id, v string) any {
	kind, _ := object(object(s.root["Parameters"])[id])["Type"].(string)
	if kind != "CommaDelimitedList" && !strings.HasPrefix(kind, "List<") {
		return v
	}
	var out []any
	for part := range strings.SplitSeq(v, ",") {
		out = append(out, strings.TrimSpace(part))
	}
	return out
}

func (s *stack) attribute(id string) any {
	if v, ok := s.parameters[id]; ok {
		return v
	}
	name, _, _ := strings.Cut(id, ".")
	return s.deployed(name, id)
}

// deployed is what a resource will be called. SAM's Function.Alias and Function.Version belong to the function.
func (s *stack) deployed(resource, written string) any {
	resource, _, _ = strings.Cut(resource, ".")
	if _, ok := s.resources[resource]; !ok {
		return later{why: written + " is neither a parameter nor a resource of this template; mend the name"}
	}
	return later{resource, fmt.Sprintf("${%s} is known after a deployment only; give it with --parameter %[1]s=value", written)}
}

// join puts text together; what is not known yet makes the whole so.
func (s *stack) join(parts []any, sep string) any {
	var out []string
	var unknown *later
	for _, p := range parts {
		if l, ok := p.(later); ok {
			if unknown == nil || unknown.resource == "" {
				unknown = &l
			}
			continue
		}
		part, ok := text(p)
		if !ok {
			return later{why: "a list or an object stands where text is joined; give text"}
		}
		out = append(out, part)
	}
	if unknown != nil {
		return *unknown
	}
	return strings.Join(out, sep)
}

// sub replaces ${Name} and ${Name.Attribute}; ${!Name} is ${Name} itself.
func (s *stack) sub(arg any) any {
	var own map[string]any
	if list, ok := arg.([]any); ok && len(list) == 2 {
		arg, own = list[0], object(list[1])
	}
	rest, ok := text(s.value(arg))
	if !ok {
		return later{why: "Fn::Sub has no text; give it some"}
	}
	var parts []any
	for {
		before, after, found := strings.Cut(rest, "${")
		parts = append(parts, before)
		if !found {
			return s.join(parts, "")
		}
		name, end, closed := strings.Cut(after, "}")
		if !closed {
			return later{why: `Fn::Sub has a "${" without a "}"; add it`}
		}
		rest = end
		name = strings.TrimSpace(name)
		switch v, mine := own[name]; {
		case strings.HasPrefix(name, "!"):
			parts = append(parts, "${"+name[1:]+"}")
		case mine:
			parts = append(parts, s.value(v))
		case strings.Contains(name, ".") && !strings.Contains(name, "::"):
			parts = append(parts, s.attribute(name))
		default:
			parts = append(parts, s.ref(name))
		}
	}
}

func (s *stack) find(list []any) any {
	key := s.join(list[:min(len(list), 3)], "\x00")
	path, ok := key.(string)
	if !ok {
		return key
	}
	v := s.root["Mappings"]
	for part := range strings.SplitSeq(path, "\x00") {
		if v, ok = object(v)[part]; !ok {
			return later{why: fmt.Sprintf("the mapping %s does not have that entry; add it", strings.ReplaceAll(path, "\x00", "."))}
		}
	}
	return v
}

func split(list []any) any {
	if len(list) == 2 {
		if l, ok := list[1].(later); ok {
			return l
		}
		sep, ok := list[0].(string)
		if s, isText := text(list[1]); ok && isText {
			var out []any
			for part := range strings.SplitSeq(s, sep) {
				out = append(out, part)
			}
			return out
		}
	}
	return later{why: "Fn::Split wants a delimiter and text; give both"}
}

func selected(list []any) any {
	if len(list) == 2 {
		if l, ok := list[1].(later); ok {
			return l
		}
		index, _ := text(list[0])
		from, _ := list[1].([]any)
		if n, err := strconv.Atoi(index); err == nil && n >= 0 && n < len(from) {
			return from[n]
		}
	}
	return later{why: "Fn::Select wants the number of an entry and a list that has it; mend them"}
}
