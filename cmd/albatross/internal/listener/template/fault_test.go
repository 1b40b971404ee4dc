package template_test

import (
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener/template"
)

// stack is a template with one rule that has these properties beside its actions.
func stack(rule, rest string) string {
	return `
Parameters:
  Given: {Type: String, Default: /given}
  Missing: {Type: String}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
  List: {Type: CommaDelimitedList, Default: "/a,/b"}
Conditions:
  Yes: !Equals [a, a]
  No: !Not [{Condition: Yes}]
  Both: !And [{Condition: Yes}, {Condition: No}]
  Any: !Or [{Condition: No}, {Condition: Yes}]
  Loop: !Not [{Condition: Loop}]
  Unknown: !Equals [!Ref Missing, a]
Mappings: {M: {a: {path: /mapped}}}
Resources:
  L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 404}}]}}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer}
  R:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref L
      Priority: 1
      Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200}}]
      Conditions: [{Field: path-pattern, Values: [` + rule + `]}]
` + rest
}

// The functions of CloudFormation: "Intrinsic function reference" in its user guide.
func TestIntrinsics(t *testing.T) {
	tests := []struct{ value, want string }{
		{"!Ref Given", "/given"},
		{"{Ref: Given}", "/given"},
		{"!Sub '${Given}/x'", "/given/x"},
		{"!Sub ['/${A}${Given}', {A: !Ref AWS::Partition}]", "/aws/given"},
		{"!Sub '/${!A}'", "/${A}"},
		{"!Join [/, ['', a, 1]]", "/a/1"},
		{"!Select [1, !Ref List]", "/b"},
		{"!Select ['0', !Split [',', '/x,/y']]", "/x"},
		{"!FindInMap [M, a, path]", "/mapped"},
		{"!If [Yes, /yes, /no]", "/yes"},
		{"!If [No, !ImportValue x, /no]", "/no"}, // the other branch is not looked at
		{"!If [Both, /yes, /no]", "/no"},
		{"!If [Any, /yes, /no]", "/yes"},
		{"!Sub '/${AWS::Region}-${AWS::AccountId}'", "/us-east-1-123456789012"},
		{"200", "200"},
		{"true", "true"},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			got, err := parse(stack(tt.value, ""), template.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if v := got.Rules[0].Conditions[0].Values; len(v) != 1 || v[0] != tt.want {
				t.Errorf("%q, want %q", v, tt.want)
			}
		})
	}
	got, err := parse(stack("!Ref AWS::NoValue, /a", ""), template.Options{})
	if err != nil || len(got.Rules[0].Conditions[0].Values) != 1 {
		t.Errorf("%+v, %v; want AWS::NoValue gone", got, err)
	}
}

// What cannot be resolved is a fault with the logical ID, the path and what to do.
func TestFaults(t *testing.T) {
	const where = "R.Properties.Conditions[0].Values[0]: "
	tests := []struct {
		name, text string
		want       []string
	}{
		{"parameter without a default", stack("!Ref Missing", ""), []string{where, "--parameter Missing=value"}},
		{"within text", stack("!Sub '/${Missing}'", ""), []string{where, "--parameter Missing=value"}},
		{"in an argument", stack("!Join ['', [/, !Ref Missing]]", ""), []string{where, "--parameter Missing=value"}},
		{"parameter in Systems Manager", stack("!Ref Secret", ""), []string{where, "Systems Manager"}},
		{"known after a deployment", stack("!GetAtt Balancer.DNSName", ""), []string{where, "${Balancer.DNSName} is known after a deployment only"}},
		{"other template", stack("!ImportValue x", ""), []string{where, "Fn::ImportValue is not understood"}},
		{"slip of the pen", stack("!Ref Givn", ""), []string{where, "Givn is neither a parameter nor a resource"}},
		{"no mapping", stack("!FindInMap [M, b, path]", ""), []string{where, "M.b.path"}},
		{"index out of range", stack("!Select [2, !Ref List]", ""), []string{where, "Fn::Select"}},
		{"loop", stack("!If [Loop, /a, /b]", ""), []string{where, "Loop"}},
		{"unknown condition", stack("!If [Unknown, /a, /b]", ""), []string{where, "--parameter Missing=value"}},
		{"open Sub", stack("!Sub '/${Given'", ""), []string{where, `"${" without a "}"`}},
		{"list for text", stack("!Ref List", ""), []string{where, "one value"}},
		{"misspelt property", stack("/a", "      Transform: []\n"), nil}, // not one that is read
		{"misspelt in a condition", strings.ReplaceAll(stack("/a", ""), "Values:", "Valeus:"), []string{"R.Properties.Conditions[0]: ", `no property "Valeus"`}},
		{"no number", strings.ReplaceAll(stack("/a", ""), "Priority: 1", "Priority: first"), []string{"R.Properties.Priority: ", "no priority"}},
		{"text for a list", `{"Rules": [{"Priority": 1, "Actions": [], "Conditions": [{"Field": "path-pattern", "Values": "/a"}]}]}`,
			[]string{"file.Rules[0].Conditions[0].Values: ", "a list"}},
		{"function without a command", `{"Functions": {"f": {}}, "Rules": []}`, []string{"Functions.f: ", "--function f=command"}},
		{"empty", "", []string{"empty"}},
		{"no object", "[]", []string{"no object"}},
		{"none of the kinds", "{}", []string{"Rules, Resources and format_version"}},
		{"broken JSON", "{\n\"Rules\": [}", []string{"line 2", "JSON"}},
		{"more JSON", "{} {}", []string{"behind the object"}},
		{"broken YAML", "Resources: [", []string{"YAML"}},
		{"key twice", "Resources: {}\nResources: {}\n", []string{"line 2", "twice"}},
		{"aliases without end", "Resources: &a [*a, *a, *a]\n", []string{"aliases"}},
		{"no listener", "Resources: {F: {Type: AWS::Serverless::Function}}\n", []string{"no listener"}},
		{"wrong Terraform", `{"format_version": "1.0", "values": 7}`, []string{"terraform show -json"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(tt.text, template.Options{})
			if tt.want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range append(tt.want, "; ") {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error %q, want one with %q", err, w)
				}
			}
		})
	}
	_, err := template.Load(shop+"/missing.json", template.Options{})
	if err == nil || !strings.Contains(err.Error(), "missing.json") {
		t.Errorf("error %v, want one that names the file", err)
	}
}

// Targets that the template does not hold need a command.
func TestOutside(t *testing.T) {
	text := func(group string) string {
		return `{"Parameters": {"SharedListener": {"Type": "String"}}, "Resources": {
			"R": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {"ListenerArn": {"Ref": "SharedListener"}, "Priority": 5,
				"Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], "Actions": [{"Type": "forward", "TargetGroupArn": ` + group + `}]}},
			"Ip": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "ip"}},
			"Bare": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "lambda"}},
			"Other": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "lambda", "Targets": [{"Id": {"Fn::ImportValue": "x"}}]}}}}`
	}
	for _, tt := range []struct{ group, name string }{
		{`{"Ref": "Ip"}`, "Ip"}, {`{"Ref": "Bare"}`, "Bare"}, {`{"Ref": "Other"}`, "Other"},
		{`"arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/legacy/1"`, "legacy"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(text(tt.group), template.Options{})
			if err == nil || !strings.Contains(err.Error(), "--function "+tt.name+"=command") {
				t.Fatalf("error %v, want one that asks for a command", err)
			}
			got, err := parse(text(tt.group), template.Options{Commands: map[string][]string{tt.name: {"./x"}}})
			if err != nil {
				t.Fatal(err)
			}
			if d := decide(t, got.Config, request("/a", "a.com")); d != tt.name+"/forward/5" {
				t.Errorf("decision %s", d)
			}
			if d := decide(t, got.Config, request("/", "a.com")); d != "/fixed-response/default" || len(got.Warnings) != 1 {
				t.Errorf("decision %s, warnings %q; want a page for the default rule that is elsewhere", d, got.Warnings)
			}
		})
	}
}

// FuzzParse: no file may bring it down.
func FuzzParse(f *testing.F) {
	f.Add(stack("!Sub '/${Missing}'", ""))
	f.Add(`{"format_version": "1", "values": {"root_module": {"resources": [{"address": "a.b", "type": "aws_lb_listener", "values": {}}]}}}`)
	f.Add(`{"Rules": [{"Priority": "default"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := template.Parse([]byte(text), shop, template.Options{})
		if (got == nil) == (err == nil) {
			t.Errorf("%v, %v; want one of them", got, err)
		}
	})
}
