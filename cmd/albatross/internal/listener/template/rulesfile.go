package template

import (
	"path/filepath"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// rulesFile reads rules in the form of "aws elbv2 describe-rules", and functions.
func (b *builder) rulesFile(root map[string]any) {
	var config listener.Config
	if !b.decode(root, &config, "file") {
		return
	}
	byARN := map[string]string{}
	for name, spec := range config.Functions {
		spec.Dir = b.within(spec.Dir)
		if spec.EnvFile != "" {
			spec.EnvFile = b.within(spec.EnvFile)
		}
		b.add(name, spec)
		if spec.TargetGroupArn != "" {
			byARN[spec.TargetGroupArn] = name
		}
		if _, given := b.options.Commands[name]; !given && len(spec.Command) == 0 && spec.Package == "" {
			b.fault("Functions.%s: there is neither a Command nor a Package; add one, or give --function %[1]s=command", name)
		}
	}
	for i := range config.Rules {
		for _, arn := range targetGroups(&config.Rules[i]) {
			*arn = b.functionOf(*arn, byARN)
		}
	}
	b.out.Rules = config.Rules
}

// functionOf finds a function by its name, by its target group's ARN, or by the target group's name within the ARN.
func (b *builder) functionOf(arn string, byARN map[string]string) string {
	if name, ok := byARN[arn]; ok {
		return name
	}
	if _, ok := b.out.Functions[arn]; ok {
		return arn
	}
	name := targetGroupName(arn)
	spec, ok := b.out.Functions[name]
	if ok && name != arn && spec.TargetGroupArn == "" {
		spec.TargetGroupArn = arn
		b.out.Functions[name] = spec
	}
	if !ok && b.options.Commands[name] != nil {
		b.add(name, listener.FunctionSpec{})
	}
	return name
}

// targetGroupName is "orders" for arn:aws:elasticloadbalancing:…:targetgroup/orders/…; what is no ARN stays as it is.
func targetGroupName(arn string) string {
	_, rest, ok := strings.Cut(arn, ":targetgroup/")
	if !ok {
		return arn
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// targetGroups points to all places of a rule where a target group is named.
func targetGroups(r *listener.Rule) (arns []*string) {
	for i := range r.Actions {
		a := &r.Actions[i]
		if a.TargetGroupArn != "" {
			arns = append(arns, &a.TargetGroupArn)
		}
		if a.ForwardConfig != nil {
			for j := range a.ForwardConfig.TargetGroups {
				arns = append(arns, &a.ForwardConfig.TargetGroups[j].TargetGroupArn)
			}
		}
	}
	return arns
}

// within is a folder or file as seen from the file that names it.
func (b *builder) within(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(b.dir, path)
}
