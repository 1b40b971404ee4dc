package template

import (
	"encoding/json"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// document is what "terraform show -json" prints of a state or a plan.
type document struct {
	Values        tfValues `json:"values"`         // of a state
	PlannedValues tfValues `json:"planned_values"` // of a plan
	PriorState    struct {
		Values tfValues `json:"values"`
	} `json:"prior_state"`
	Configuration struct {
		RootModule tfConfig `json:"root_module"`
	} `json:"configuration"`
}

type tfValues struct {
	RootModule tfModule `json:"root_module"`
}

type tfModule struct {
	Resources []tfResource `json:"resources"`
	Modules   []tfModule   `json:"child_modules"`
}

type tfResource struct {
	Address string          `json:"address"`
	Type    string          `json:"type"`
	Values  json.RawMessage `json:"values"`
	known   tfKnown
}

// tfKnown are the attributes that say what a resource is called.
type tfKnown struct {
	ARN          string `json:"arn"`
	QualifiedARN string `json:"qualified_arn"`
	FunctionName string `json:"function_name"`
}

// terraform reads the resources of the provider "aws".
type terraform struct {
	*builder
	resources map[string][]*tfResource // by type, in the order of the file
	config    *tfIndex
}

// tfSynonyms are older names of types.
var tfSynonyms = strings.NewReplacer("aws_alb", "aws_lb")

func (b *builder) terraform(data []byte) {
	var doc document
	if err := json.Unmarshal(data, &doc); err != nil {
		b.fault("the file is not what terraform show -json prints: %w; make it anew", err)
		return
	}
	t := &terraform{builder: b, resources: map[string][]*tfResource{}, config: newTFIndex(doc.Configuration.RootModule)}
	for _, v := range []tfValues{doc.Values, doc.PlannedValues, doc.PriorState.Values} {
		t.collect(v.RootModule)
	}
	var addresses []string
	for _, l := range t.resources["aws_lb_listener"] {
		addresses = append(addresses, l.Address)
	}
	chosen, ok := b.choose(addresses)
	if !ok {
		return
	}
	for _, l := range t.resources["aws_lb_listener"] {
		if l.Address == chosen {
			t.defaultRule(l)
		}
	}
	for _, r := range t.resources["aws_lb_listener_rule"] {
		t.rule(r, chosen)
	}
}

// collect takes each resource once: a plan has those that stay in its prior state too.
func (t *terraform) collect(m tfModule) {
	for _, r := range m.Resources {
		r.Type = tfSynonyms.Replace(r.Type)
		if t.byAddress(r.Address, r.Type) != nil {
			continue
		}
		if json.Unmarshal(r.Values, &r.known) != nil {
			r.known = tfKnown{}
		}
		t.resources[r.Type] = append(t.resources[r.Type], &r)
	}
	for _, child := range m.Modules {
		t.collect(child)
	}
}

func (t *terraform) byAddress(address, kind string) *tfResource {
	for _, r := range t.resources[kind] {
		if r.Address == address {
			return r
		}
	}
	return nil
}

func (t *terraform) read(r *tfResource, dst any) {
	if err := json.Unmarshal(r.Values, dst); err != nil {
		t.fault("%s: its attributes are not those of the provider aws: %w; update Terraform's provider", r.Address, err)
	}
}

func (t *terraform) defaultRule(l *tfResource) {
	var values struct {
		Actions []tfAction `json:"default_action"`
	}
	t.read(l, &values)
	t.out.Rules = append(t.out.Rules, listener.Rule{
		Priority: listener.DefaultPriority,
		Actions:  t.actions(l, "default_action", values.Actions),
	})
}

func (t *terraform) rule(r *tfResource, chosen string) {
	var values struct {
		ListenerARN string        `json:"listener_arn"`
		Priority    int           `json:"priority"`
		Actions     []tfAction    `json:"action"`
		Conditions  []tfCondition `json:"condition"`
		Transforms  []tfTransform `json:"transform"`
	}
	t.read(r, &values)
	l := t.link(r, values.ListenerARN, "aws_lb_listener", "listener_arn")
	if l == nil || l.Address != chosen {
		return
	}
	out := listener.Rule{Priority: listener.Priority(values.Priority), Actions: t.actions(r, "action", values.Actions)}
	for _, c := range values.Conditions {
		out.Conditions = append(out.Conditions, c.condition())
	}
	for _, tr := range values.Transforms {
		out.Transforms = append(out.Transforms, tr.transform())
	}
	t.out.Rules = append(t.out.Rules, out)
}

func (t *terraform) actions(r *tfResource, block string, actions []tfAction) []listener.Action {
	out := make([]listener.Action, 0, len(actions))
	for i, a := range actions {
		action := a.action()
		if a.Type == "forward" {
			t.forward(r, &action, a, block, i)
		}
		out = append(out, action)
	}
	return out
}

// forward finds the functions of an action, by ARN or by what the configuration refers to.
func (t *terraform) forward(r *tfResource, action *listener.Action, a tfAction, block string, i int) {
	groups := 0
	for j, f := range a.Forward {
		for k, g := range f.TargetGroups {
			name := t.target(r, g.ARN, block, i, "forward", j, "target_group", k, "arn")
			action.ForwardConfig.TargetGroups[k].TargetGroupArn = name
			groups++
		}
	}
	if groups == 0 {
		action.ForwardConfig = nil
		action.TargetGroupArn = t.target(r, a.TargetGroupARN, block, i, "target_group_arn")
	}
}

// target is the name of the function behind a target group.
func (t *terraform) target(r *tfResource, arn string, path ...any) string {
	group := t.link(r, arn, "aws_lb_target_group", path...)
	if group == nil {
		name := targetGroupName(arn)
		if name == "" {
			name = r.Address
		}
		return t.outside(name, r.Address, "its target group is not in the file", listener.FunctionSpec{})
	}
	var values struct {
		TargetType string `json:"target_type"`
		MultiValue bool   `json:"lambda_multi_value_headers_enabled"`
	}
	t.read(group, &values)
	spec := listener.FunctionSpec{MultiValueHeaders: values.MultiValue, TargetGroupArn: group.known.ARN}
	if values.TargetType != "lambda" {
		return t.outside(group.Address, group.Address, "its target_type is not lambda", spec)
	}
	for _, a := range t.resources["aws_lb_target_group_attachment"] {
		var values struct {
			TargetGroupARN string `json:"target_group_arn"`
			TargetID       string `json:"target_id"`
		}
		t.read(a, &values)
		if t.link(a, values.TargetGroupARN, "aws_lb_target_group", "target_group_arn") != group {
			continue
		}
		if f := t.functionOf(a, values.TargetID, "target_id"); f != nil {
			return t.function(f, spec)
		}
	}
	return t.outside(group.Address, group.Address, "no attachment in the file gives it a function", spec)
}

// functionOf follows a reference to a function, or to an alias of one.
func (t *terraform) functionOf(r *tfResource, arn, attribute string) *tfResource {
	if f := t.link(r, arn, "aws_lambda_function", attribute); f != nil {
		return f
	}
	alias := t.link(r, arn, "aws_lambda_alias", attribute)
	if alias == nil {
		return nil
	}
	for _, f := range t.resources["aws_lambda_function"] {
		if name := alias.known.FunctionName; name != "" && (f.known.FunctionName == name || f.known.ARN == name) {
			return f
		}
	}
	return t.link(alias, "", "aws_lambda_function", "function_name")
}
