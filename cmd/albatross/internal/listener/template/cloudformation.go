package template

import (
	"maps"
	"slices"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// cloudFormation reads the listener, its rules, their target groups and the functions out of a CloudFormation or SAM template.
type cloudFormation struct {
	*builder
	stack
	names map[string]string // of functions, by the logical ID of the target group
}

// The types that matter here.
const (
	typeListener    = "AWS::ElasticLoadBalancingV2::Listener"
	typeRule        = "AWS::ElasticLoadBalancingV2::ListenerRule"
	typeTargetGroup = "AWS::ElasticLoadBalancingV2::TargetGroup"
	typeFunction    = "AWS::Lambda::Function"
	typeAlias       = "AWS::Lambda::Alias"
	typeVersion     = "AWS::Lambda::Version"
	typeSAM         = "AWS::Serverless::Function"
)

func (b *builder) cloudFormation(root map[string]any) {
	c := &cloudFormation{
		builder: b,
		stack:   stack{root: root, resources: object(root["Resources"]), parameters: b.options.Parameters},
		names:   map[string]string{},
	}
	listeners := c.ids(typeListener)
	rules := map[string][]string{} // by listener
	for _, id := range c.ids(typeRule) {
		name := c.listenerOf(id)
		rules[name] = append(rules[name], id)
		if !slices.Contains(listeners, name) {
			listeners = append(listeners, name)
		}
	}
	chosen, ok := b.choose(listeners)
	if !ok {
		return
	}
	for _, id := range rules[chosen] {
		c.rule(id)
	}
	c.defaultRule(chosen)
}

// ids are the resources of a type that the template's conditions let be.
func (c *cloudFormation) ids(kind string) (ids []string) {
	for _, id := range slices.Sorted(maps.Keys(c.resources)) {
		r := object(c.resources[id])
		if r["Type"] != kind {
			continue
		}
		if name, ok := r["Condition"].(string); ok {
			yes, unknown := c.condition(name)
			if unknown != nil {
				c.fault("%s.Condition: %s", id, unknown.why)
			}
			if !yes {
				continue
			}
		}
		ids = append(ids, id)
	}
	return ids
}

func (c *cloudFormation) kind(id string) string {
	kind, _ := object(c.resources[id])["Type"].(string)
	return kind
}

func (c *cloudFormation) property(id, name string) any {
	return c.value(object(object(c.resources[id])["Properties"])[name])
}

// listenerOf is the logical ID of a rule's listener, or how the template calls one that it does not hold.
func (c *cloudFormation) listenerOf(rule string) string {
	switch v := c.property(rule, "ListenerArn").(type) {
	case later:
		if v.resource != "" {
			return v.resource
		}
	case string:
		if v != "" {
			return v
		}
	}
	if ref, ok := object(object(object(c.resources[rule])["Properties"])["ListenerArn"])["Ref"].(string); ok {
		return ref
	}
	return "outside"
}

func (c *cloudFormation) rule(id string) {
	out := listener.Rule{}
	path := id + ".Properties"
	c.builder.decode(c.property(id, "Priority"), &out.Priority, path+".Priority")
	c.builder.decode(c.property(id, "Conditions"), &out.Conditions, path+".Conditions")
	c.builder.decode(c.property(id, "Transforms"), &out.Transforms, path+".Transforms")
	c.builder.decode(c.actions(c.property(id, "Actions"), path), &out.Actions, path+".Actions")
	c.out.Rules = append(c.out.Rules, out)
}

// defaultRule is in the listener. When that is in another template, a page takes its place.
func (c *cloudFormation) defaultRule(id string) {
	out := listener.Rule{Priority: listener.DefaultPriority}
	if c.kind(id) == typeListener {
		path := id + ".Properties"
		c.builder.decode(c.actions(c.property(id, "DefaultActions"), path), &out.Actions, path+".DefaultActions")
	} else {
		c.warn("the listener %s is not in the template, so neither is its default rule: what no rule matches is answered with 404", id)
		out.Actions = []listener.Action{{Type: "fixed-response", FixedResponseConfig: &listener.FixedResponse{
			StatusCode: "404", MessageBody: "the listener's default rule is in another template"}}}
	}
	c.out.Rules = append(c.out.Rules, out)
}

// actions puts names of functions where target groups are referred to.
func (c *cloudFormation) actions(v any, path string) any {
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			v[i] = c.actions(e, path)
		}
	case map[string]any:
		for key, e := range v {
			if key == "TargetGroupArn" {
				v[key] = c.target(e, path)
			} else {
				v[key] = c.actions(e, path)
			}
		}
	}
	return v
}

// target is the name of the function behind a target group.
func (c *cloudFormation) target(arn any, path string) any {
	l, unknown := arn.(later)
	written, _ := arn.(string)
	switch {
	case written != "":
		return c.outside(targetGroupName(written), path, "the target group "+written+" is not in the template", listener.FunctionSpec{})
	case !unknown || c.kind(l.resource) != typeTargetGroup:
		return arn
	case c.names[l.resource] == "":
		c.names[l.resource] = c.targetGroup(l.resource)
	}
	return c.names[l.resource]
}

func (c *cloudFormation) targetGroup(id string) string {
	path := id + ".Properties"
	spec := listener.FunctionSpec{}
	if kind := c.property(id, "TargetType"); kind != "lambda" {
		return c.outside(id, path+".TargetType", "it is not lambda", spec)
	}
	attributes, _ := c.property(id, "TargetGroupAttributes").([]any)
	for _, a := range attributes {
		if object(a)["Key"] == "lambda.multi_value_headers.enabled" {
			c.builder.decode(object(a)["Value"], &spec.MultiValueHeaders, path+".TargetGroupAttributes")
		}
	}
	targets, _ := c.property(id, "Targets").([]any)
	if len(targets) == 0 {
		return c.outside(id, path+".Targets", "there is no target", spec)
	}
	function := c.functionOf(object(targets[0])["Id"])
	if function == "" {
		return c.outside(id, path+".Targets[0].Id", "it refers to no function of this template", spec)
	}
	c.function(function, spec)
	return function
}

// functionOf follows a reference over aliases and versions.
func (c *cloudFormation) functionOf(v any) string {
	for range 4 {
		l, ok := v.(later)
		if !ok {
			break
		}
		switch c.kind(l.resource) {
		case typeFunction, typeSAM:
			return l.resource
		case typeAlias, typeVersion:
			v = c.property(l.resource, "FunctionName")
		default:
			return ""
		}
	}
	if name, ok := v.(string); ok { // an alias may name its function in plain text
		for _, id := range slices.Concat(c.ids(typeFunction), c.ids(typeSAM)) {
			if c.property(id, "FunctionName") == name {
				return id
			}
		}
	}
	return ""
}
