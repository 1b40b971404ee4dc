package template_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
	"github.com/albatross-go/albatross/cmd/albatross/internal/listener/template"
)

const shop = "testdata/shop"

func load(t *testing.T, file string, o template.Options) *template.Template {
	t.Helper()
	out, err := template.Load(filepath.Join(shop, file), o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func parse(text string, o template.Options) (*template.Template, error) {
	return template.Parse([]byte(text), shop, o)
}

// decide runs a request through a listener of the rules, and tells "function/action/rule".
func decide(t *testing.T, c listener.Config, r *http.Request) string {
	t.Helper()
	targets := map[string]http.Handler{}
	for name := range c.Functions {
		targets[name] = http.NotFoundHandler()
	}
	l, err := listener.New(c.Rules, targets, listener.WithRandom(func(int) int { return 0 }))
	if err != nil {
		t.Fatal(err)
	}
	var d listener.Decision
	l.ServeHTTP(httptest.NewRecorder(), r.WithContext(listener.WithDecision(r.Context(), &d)))
	return d.Function + "/" + d.Action + "/" + d.Rule
}

func request(target, host string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, http.NoBody)
	r.Host = host
	return r
}

// The file is in the form of "aws elbv2 describe-rules"; see the AWS CLI reference.
func TestRulesFile(t *testing.T) {
	got := load(t, "rules.json", template.Options{})
	want := map[string]listener.FunctionSpec{
		"orders": {Package: "./orders", Dir: shop, MultiValueHeaders: true, Timeout: 10, Env: map[string]string{"STAGE": "local"},
			TargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/prod-orders/73e2d6bc24d8a067"},
		"orders-next": {Command: []string{"./bootstrap"}, Dir: shop + "/orders-next",
			TargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/orders-next/6d0ecf831eec9f09"},
		"site": {Command: []string{"python3", "-m", "awslambdaric", "app.handler"}, Dir: shop + "/site", EnvFile: shop + "/site/.env"},
	}
	if diff := cmp.Diff(want, got.Functions); diff != "" {
		t.Error(diff)
	}
	for target, want := range map[string]string{
		"/orders/7": "orders/forward/10", "/x?old=1": "/redirect/20", "/": "site/forward/default",
	} {
		if d := decide(t, got.Config, request(target, "a.com")); d != want {
			t.Errorf("%s: %s, want %s", target, d, want)
		}
	}
}

func TestCloudFormation(t *testing.T) {
	got := load(t, "template.yaml", template.Options{Listener: "Secure"})
	want := map[string]listener.FunctionSpec{
		"Orders": {Package: ".", Dir: shop + "/orders", CodeURI: "orders/", Handler: "bootstrap", Runtime: "provided.al2023",
			Timeout: 7, Memory: 256, MultiValueHeaders: true,
			Env: map[string]string{"STAGE": "test", "LEVEL": "debug", "COUNT": "3", "HOST": "https://shop.example.com/${literal}"}},
		"Users": {Command: []string{"python3", "-m", "awslambdaric", "app.handler"}, Dir: shop + "/users", CodeURI: "users",
			Handler: "app.handler", Runtime: "python3.13", Timeout: 30, Env: map[string]string{}},
		"Site": {Command: []string{"npx", "--yes", "aws-lambda-ric", "index.handler"}, Dir: shop + "/site", CodeURI: "site",
			Handler: "index.handler", Runtime: "nodejs24.x", Timeout: 5, Memory: 256, Env: map[string]string{"STAGE": "test", "LEVEL": "info"}},
	}
	if diff := cmp.Diff(want, got.Functions); diff != "" {
		t.Error(diff)
	}
	if len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], "Orders: the environment variable TABLE") {
		t.Errorf("warnings %q, want one of TABLE, which only a deployment knows", got.Warnings)
	}
	outside := request("/", "a.com")
	outside.RemoteAddr = "198.51.100.1:1"
	inside := request("/", "a.com")
	inside.RemoteAddr = "[2001:db8::1]:1"
	for _, tt := range []struct {
		request *http.Request
		want    string
	}{
		{request("/orders/1", "api.shop.example.com"), "Orders/forward/10"},
		{request("/orders/1", "shop.example.com"), "Orders/forward/10"},
		{inside, "/fixed-response/20"},
		{outside, "Site/forward/default"},
	} {
		if d := decide(t, got.Config, tt.request); d != tt.want {
			t.Errorf("%s %s: %s, want %s", tt.request.Host, tt.request.RequestURI, d, tt.want)
		}
	}
	for _, r := range got.Rules {
		if r.Priority == 20 && r.Actions[0].FixedResponseConfig.MessageBody != "no us-east-1" {
			t.Errorf("message %q", r.Actions[0].FixedResponseConfig.MessageBody)
		}
	}
}

func TestCloudFormationParameters(t *testing.T) {
	got := load(t, "template.yaml", template.Options{
		Listener:   "Secure",
		Parameters: map[string]string{"Stage": "prod", "Table": "orders-1"},
		Commands:   map[string][]string{"Orders": {"./orders"}},
	})
	orders := got.Functions["Orders"]
	if orders.Timeout != 20 || orders.Env["STAGE"] != "prod" || orders.Env["TABLE"] != "orders-1" || len(got.Warnings) != 0 {
		t.Errorf("function %+v, warnings %q; want the parameters of the user", orders, got.Warnings)
	}
	if !slices.Equal(orders.Command, []string{"./orders"}) || orders.Package != "" || orders.Dir != "" {
		t.Errorf("function %+v, want the command of the user", orders)
	}
	if got.Functions["Site"].Runtime != "nodejs22.x" {
		t.Errorf("runtime %q, want that of the other branch", got.Functions["Site"].Runtime)
	}
	for target, want := range map[string]string{"/prod": "Site/forward/30", "/": "Site/forward/default"} {
		r := request(target, "a.com")
		r.RemoteAddr = "192.0.2.1:1" // the rule of the other stage would take it
		if d := decide(t, got.Config, r); d != want {
			t.Errorf("%s: %s, want %s", target, d, want)
		}
	}
}

func TestCloudFormationListeners(t *testing.T) {
	_, err := template.Load(shop+"/template.yaml", template.Options{})
	if err == nil || !strings.Contains(err.Error(), "--listener: Plain, Secure") {
		t.Errorf("error %v, want one that lists the listeners", err)
	}
	got := load(t, "template.yaml", template.Options{Listener: "Plain"})
	if d := decide(t, got.Config, request("/", "a.com")); d != "/redirect/default" || len(got.Functions) != 0 {
		t.Errorf("%s with %d functions, want the redirect alone", d, len(got.Functions))
	}
}

func TestTerraformState(t *testing.T) {
	got := load(t, "state.json", template.Options{Listener: "aws_lb_listener.https"})
	want := map[string]listener.FunctionSpec{
		"orders": {Package: ".", Dir: shop + "/orders", CodeURI: "orders", Handler: "bootstrap", Runtime: "provided.al2023", Timeout: 9,
			Memory: 512, MultiValueHeaders: true, Env: map[string]string{"STAGE": "test"},
			TargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/orders/1"},
		"site": {Command: []string{"npx", "--yes", "aws-lambda-ric", "index.handler"}, Dir: shop + "/site", CodeURI: "site",
			Handler: "index.handler", Runtime: "nodejs24.x", Timeout: 3, Memory: 128,
			TargetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/site/2"},
	}
	if diff := cmp.Diff(want, got.Functions); diff != "" {
		t.Error(diff)
	}
	beta := request("/orders/1", "b.com")
	beta.Header.Set("X-Beta", "1")
	old := request("/x?old=1", "a.com")
	old.RemoteAddr = "192.0.2.1:1"
	for r, want := range map[*http.Request]string{beta: "orders/forward/10", old: "/redirect/20", request("/orders/1", "a.com"): "site/forward/default"} {
		if d := decide(t, got.Config, r); d != want {
			t.Errorf("%s: %s, want %s", r.RequestURI, d, want)
		}
	}
}

// In a plan the ARNs are unknown: references in the configuration lead to the functions.
func TestTerraformPlan(t *testing.T) {
	commands := map[string][]string{"orders": {"./orders"}, "users": {"./users"}}
	got := load(t, "plan.json", template.Options{Commands: commands})
	if names := slices.Sorted(maps.Keys(got.Functions)); !slices.Equal(names, []string{"orders", "users"}) {
		t.Fatalf("functions %v", names)
	}
	if !got.Functions["orders"].MultiValueHeaders || got.Functions["users"].MultiValueHeaders {
		t.Error("the header modes are mixed up")
	}
	for target, want := range map[string]string{
		"/orders/1": "orders/forward/10", "/users/1": "users/forward/20", "/split": "orders/forward/30", "/": "/fixed-response/default",
	} {
		if d := decide(t, got.Config, request(target, "a.com")); d != want {
			t.Errorf("%s: %s, want %s", target, d, want)
		}
	}
	for _, r := range got.Rules {
		if r.Priority == 30 && r.Actions[0].ForwardConfig.TargetGroups[1].TargetGroupArn != "users" {
			t.Errorf("rule 30 forwards to %+v", r.Actions[0].ForwardConfig.TargetGroups)
		}
	}
	_, err := template.Load(shop+"/plan.json", template.Options{})
	if err == nil || !strings.Contains(err.Error(), "--function orders=command") {
		t.Errorf("error %v, want one that asks for the command: an archive is no folder", err)
	}
}

// How a function is run, by its runtime and the folder of its code.
func TestRun(t *testing.T) {
	function := func(properties string) string {
		return `{"Resources": {
			"L": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {"DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "G"}}]}},
			"G": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {"TargetType": "lambda", "Targets": [{"Id": {"Fn::GetAtt": ["F", "Arn"]}}]}},
			"F": {"Type": "AWS::Serverless::Function", "Properties": {` + properties + `}}}}`
	}
	tests := []struct {
		name, properties string
		commands         map[string][]string
		want             listener.FunctionSpec // Command, Package and Dir
		fault            string
	}{
		{"Go", `"CodeUri": "orders", "Runtime": "provided.al2023", "Handler": "x"`, nil, listener.FunctionSpec{Package: ".", Dir: shop + "/orders"}, ""},
		{"built", `"CodeUri": "rusty", "Runtime": "provided.al2023"`, nil, listener.FunctionSpec{Command: []string{"./bootstrap"}, Dir: shop + "/rusty"}, ""},
		{"not built", `"CodeUri": "users", "Runtime": "provided.al2023"`, nil, listener.FunctionSpec{}, "neither a Go program nor a file bootstrap"},
		{"Java", `"CodeUri": "users", "Runtime": "java21", "Handler": "a.B::c"`, nil, listener.FunctionSpec{}, `how "java21" is run is not known`},
		{"no handler", `"CodeUri": "users", "Runtime": "python3.13"`, nil, listener.FunctionSpec{}, "F.Properties.Handler"},
		{"an archive", `"CodeUri": "s3://bucket/key", "Runtime": "python3.13", "Handler": "a.b"`, nil, listener.FunctionSpec{}, "--function F=command"},
		{"an image", `"PackageType": "Image"`, nil, listener.FunctionSpec{}, "--function F=command"},
		{"an image with a command", `"PackageType": "Image"`, map[string][]string{"F": {"./run", "x"}}, listener.FunctionSpec{Command: []string{"./run", "x"}}, ""},
		{"a command for nothing", `"PackageType": "Image"`, map[string][]string{"F": {"./run"}, "E": {"y"}}, listener.FunctionSpec{}, `no rule forwards to "E"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(function(tt.properties), template.Options{Commands: tt.commands})
			if tt.fault != "" {
				if err == nil || !strings.Contains(err.Error(), tt.fault) {
					t.Fatalf("error %v, want one with %q", err, tt.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			f := got.Functions["F"]
			if diff := cmp.Diff(tt.want, listener.FunctionSpec{Command: f.Command, Package: f.Package, Dir: f.Dir}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What sam build has made is run when the source is no Go program.
func TestRunBuilt(t *testing.T) {
	dir := t.TempDir()
	built := filepath.Join(dir, ".aws-sam", "build", "F")
	if err := os.MkdirAll(built, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(built, "bootstrap"), nil, 0o755); err != nil {
		t.Fatal(err)
	}
	got, err := template.Parse([]byte(`
Resources:
  L: {Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {DefaultActions: [{Type: forward, TargetGroupArn: !Ref G}]}}
  G: {Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {TargetType: lambda, Targets: [{Id: !GetAtt F.Arn}]}}
  F: {Type: AWS::Serverless::Function, Metadata: {BuildMethod: rust-cargolambda}, Properties: {CodeUri: rust, Runtime: provided.al2023}}
`), dir, template.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if f := got.Functions["F"]; f.Dir != built || !slices.Equal(f.Command, []string{"./bootstrap"}) {
		t.Errorf("%+v, want the artefact in %s", f, built)
	}
}
