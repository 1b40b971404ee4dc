package template

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// tfConfig is a module in a plan's configuration. It tells what refers to what while ARNs are not known yet.
type tfConfig struct {
	Resources []struct {
		Address     string         `json:"address"`
		Expressions map[string]any `json:"expressions"`
	} `json:"resources"`
	Outputs map[string]struct {
		Expression json.RawMessage `json:"expression"`
	} `json:"outputs"`
	Calls map[string]struct {
		Expressions map[string]any `json:"expressions"`
		Module      tfConfig       `json:"module"`
	} `json:"module_calls"`
}

// tfIndex finds expressions by what they belong to. Keys begin with the module, as in "module.orders.", which is "" for the root.
type tfIndex struct {
	resources map[string]map[string]any // by module and address
	arguments map[string]map[string]any // of a module's call, by module
	outputs   map[string]any            // by module and name
}

func newTFIndex(root tfConfig) *tfIndex {
	x := &tfIndex{map[string]map[string]any{}, map[string]map[string]any{}, map[string]any{}}
	x.add("", root)
	return x
}

func (x *tfIndex) add(module string, c tfConfig) {
	for _, r := range c.Resources {
		x.resources[module+tfSynonyms.Replace(r.Address)] = r.Expressions
	}
	for name, o := range c.Outputs {
		var expression any
		if json.Unmarshal(o.Expression, &expression) == nil {
			x.outputs[module+name] = expression
		}
	}
	for name, call := range c.Calls {
		child := module + "module." + name + "."
		x.arguments[child] = call.Expressions
		x.add(child, call.Module)
	}
}

// instance is the key of one of several: [0] or ["a"].
var instance = regexp.MustCompile(`\[[^\]]*\]`)

// general is an address without the keys of count and for_each.
func general(address string) string {
	return tfSynonyms.Replace(instance.ReplaceAllString(address, ""))
}

// moduleOf is the part of an address that names its module.
func moduleOf(address string) string {
	parts := strings.Split(general(address), ".")
	end := 0
	for end+1 < len(parts) && parts[end] == "module" {
		end += 2
	}
	if end == 0 {
		return ""
	}
	return strings.Join(parts[:end], ".") + "."
}

// link is the resource of a type that an attribute means: by its ARN, or by the reference in the configuration.
func (t *terraform) link(from *tfResource, arn, kind string, path ...any) *tfResource {
	if arn != "" {
		for _, r := range t.resources[kind] {
			if arn == r.known.ARN || arn == r.known.QualifiedARN || r.known.ARN != "" && strings.HasPrefix(arn, r.known.ARN+":") {
				return r
			}
			if kind == "aws_lambda_function" && arn == r.known.FunctionName {
				return r
			}
		}
		return nil
	}
	expression := at(any(t.config.resources[general(from.Address)]), path)
	found := map[string][]string{}
	t.config.resolve(moduleOf(from.Address), expression, nil, found, 0)
	own := instance.FindAllString(from.Address, -1)
	var all, same []*tfResource
	for _, r := range t.resources[kind] {
		named, ok := found[general(r.Address)]
		if !ok {
			continue
		}
		all = append(all, r)
		keys := instance.FindAllString(r.Address, -1)
		if slices.Equal(keys, named) || slices.Equal(keys, slices.Concat(own, named)) {
			same = append(same, r)
		}
	}
	if len(all) > 1 { // of several instances that one is meant which has the keys of the reference, or of the resource itself
		all = same
	}
	if len(all) != 1 {
		return nil
	}
	return all[0]
}

// at follows a path of names and numbers.
func at(v any, path []any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = object(v)[step]
		case int:
			list, _ := v.([]any)
			if step >= len(list) {
				return nil
			}
			v = list[step]
		}
	}
	return v
}

// resolve collects the addresses that an expression refers to, through variables and outputs of modules, each with the keys on the
// way.
func (x *tfIndex) resolve(module string, expression any, keys []string, found map[string][]string, depth int) {
	if depth > 20 { // modules do not nest so deep
		return
	}
	references, _ := object(expression)["references"].([]any)
	specific := map[string]bool{} // modules of which an output is named
	for _, reference := range references {
		text, _ := reference.(string)
		parts := strings.Split(general(text), ".")
		keys := slices.Concat(keys, instance.FindAllString(text, -1))
		switch {
		case len(parts) < 2:
		case parts[0] == "var":
			parent := strings.TrimSuffix(module, "module."+lastModule(module)+".")
			x.resolve(parent, x.arguments[module][parts[1]], keys, found, depth+1)
		case parts[0] == "module" && len(parts) > 2:
			specific[parts[1]] = true
			child := module + "module." + parts[1] + "."
			x.resolve(child, x.outputs[child+parts[2]], keys, found, depth+1)
		case parts[0] == "module":
			if !specific[parts[1]] { // a computed key hides which output it is
				x.outputsOf(module+"module."+parts[1]+".", keys, found, depth+1)
			}
		default:
			if address := module + parts[0] + "." + parts[1]; len(found[address]) < len(keys) || found[address] == nil {
				found[address] = append([]string{}, keys...)
			}
		}
	}
	if list, ok := expression.([]any); ok {
		for _, e := range list {
			x.resolve(module, e, keys, found, depth+1)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(object(expression))) {
		if key != "references" {
			x.resolve(module, object(expression)[key], keys, found, depth+1)
		}
	}
}

func (x *tfIndex) outputsOf(module string, keys []string, found map[string][]string, depth int) {
	for _, name := range slices.Sorted(maps.Keys(x.outputs)) {
		if output, ok := strings.CutPrefix(name, module); ok && !strings.Contains(output, ".") {
			x.resolve(module, x.outputs[name], keys, found, depth)
		}
	}
}

// lastModule is "b" for "module.a.module.b.".
func lastModule(module string) string {
	parts := strings.Split(strings.TrimSuffix(module, "."), ".")
	return parts[len(parts)-1]
}
