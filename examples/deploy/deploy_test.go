package deploy_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What every one of the three deployments must say, and where CloudFormation and Terraform say it. The rows are those of the load
// balancer's contract: without one of them the function is called by strangers, not called at all, or loses what clients send.
var promises = []struct {
	name          string
	typ, path     string   // CloudFormation's resource and property
	want          []string // several if there are several such resources or elements
	block, source string   // Terraform's
	wantSource    string
}{
	{"both header families are whole", "TargetGroup", "TargetGroupAttributes/lambda.multi_value_headers.enabled", []string{"true"},
		"aws_lb_target_group orders", "lambda_multi_value_headers_enabled", "true"},
	{"the target group is one for functions", "TargetGroup", "TargetType", []string{"lambda"},
		"aws_lb_target_group orders", "target_type", `"lambda"`},
	{"the target is the alias", "TargetGroup", "Targets/*/Id", []string{"<AWS::Lambda::Alias>"},
		"aws_lb_target_group_attachment orders", "target_id", "aws_lambda_alias.live.arn"},
	{"the permission comes before the target", "TargetGroup", "DependsOn", []string{"AWS::Lambda::Permission"},
		"aws_lb_target_group_attachment orders", "depends_on", "[aws_lambda_permission.load_balancer]"},
	{"the permission is on the alias", "Permission", "FunctionName", []string{"<AWS::Lambda::Alias>"},
		"aws_lambda_permission load_balancer", "qualifier", "aws_lambda_alias.live.name"},
	{"only load balancers may call", "Permission", "Principal", []string{"elasticloadbalancing.amazonaws.com"},
		"aws_lambda_permission load_balancer", "principal", `"elasticloadbalancing.amazonaws.com"`},
	{"only this target group may call", "Permission", "SourceArn",
		[]string{"arn:<AWS::Partition>:elasticloadbalancing:<AWS::Region>:<AWS::AccountId>:targetgroup/shop/*"},
		"aws_lambda_permission load_balancer", "source_arn", "aws_lb_target_group.orders.arn"},
	{"the name in that ARN is the target group's", "TargetGroup", "Name", []string{"shop"},
		"aws_lb_target_group orders", "name", "var.name"},
	{"only this account may call", "Permission", "SourceAccount", []string{"<AWS::AccountId>"},
		"aws_lambda_permission load_balancer", "source_account", "data.aws_caller_identity.current.account_id"},
	{"calling is all that is allowed", "Permission", "Action", []string{"lambda:InvokeFunction"},
		"aws_lambda_permission load_balancer", "action", `"lambda:InvokeFunction"`},

	{"arm64", "Function", "Architectures/*", []string{"arm64"}, "aws_lambda_function orders", "architectures", `["arm64"]`},
	{"provided.al2023", "Function", "Runtime", []string{"provided.al2023"}, "aws_lambda_function orders", "runtime", `"provided.al2023"`},
	{"the logs are JSON", "Function", "LoggingConfig/LogFormat", []string{"JSON"},
		"aws_lambda_function orders", "logging_config/log_format", `"JSON"`},
	{"the function writes to the template's log group", "Function", "LoggingConfig/LogGroup", []string{"<AWS::Logs::LogGroup>"},
		"aws_lambda_function orders", "logging_config/log_group", "aws_cloudwatch_log_group.function.name"},
	{"logs do not stay for ever", "LogGroup", "RetentionInDays", []string{"30"},
		"aws_cloudwatch_log_group function", "retention_in_days", "var.log_retention_days"},
	{"the function is shorter than the connection", "Function", "Timeout", []string{"10"}, "aws_lambda_function orders", "timeout", "10"},
	{"the connection is longer than the function", "LoadBalancer", "LoadBalancerAttributes/idle_timeout.timeout_seconds", []string{"60"},
		"aws_lb orders", "idle_timeout", "60"},

	{"a client's address is the rightmost", "LoadBalancer", "LoadBalancerAttributes/routing.http.xff_header_processing.mode", []string{"append"},
		"aws_lb orders", "xff_header_processing_mode", `"append"`},
	{"no header by a doubtful name", "LoadBalancer", "LoadBalancerAttributes/routing.http.drop_invalid_header_fields.enabled", []string{"true"},
		"aws_lb orders", "drop_invalid_header_fields", "true"},
	{"desync mitigation", "LoadBalancer", "LoadBalancerAttributes/routing.http.desync_mitigation_mode", []string{"defensive"},
		"aws_lb orders", "desync_mitigation_mode", "var.desync_mitigation_mode"},
	{"deletion protection", "LoadBalancer", "LoadBalancerAttributes/deletion_protection.enabled", []string{"true"},
		"aws_lb orders", "enable_deletion_protection", "var.deletion_protection"},
	{"access log", "LoadBalancer", "LoadBalancerAttributes/access_logs.s3.bucket", []string{"log-bucket"},
		"aws_lb orders", "access_logs/bucket", "access_logs.value"},
	{"access log is on", "LoadBalancer", "LoadBalancerAttributes/access_logs.s3.enabled", []string{"true"},
		"aws_lb orders", "access_logs/enabled", "true"},

	{"two listeners", "Listener", "Protocol", []string{"HTTP", "HTTPS"}, "aws_lb_listener https", "protocol", `"HTTPS"`},
	{"HTTP is redirected", "Listener", "DefaultActions/*/RedirectConfig",
		[]string{`{"Port":"443","Protocol":"HTTPS","StatusCode":"HTTP_301"}`},
		"aws_lb_listener http", "default_action/redirect/protocol", `"HTTPS"`},
	{"TLS 1.2 at least", "Listener", "SslPolicy", []string{"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"},
		"aws_lb_listener https", "ssl_policy", `"ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"`},
	{"the certificate", "Listener", "Certificates/*/CertificateArn", []string{certificate},
		"aws_lb_listener https", "certificate_arn", "var.certificate_arn"},
	{"HTTPS is forwarded", "Listener", "DefaultActions/*/TargetGroupArn", []string{"<AWS::ElasticLoadBalancingV2::TargetGroup>"},
		"aws_lb_listener https", "default_action/target_group_arn", "aws_lb_target_group.orders.arn"},

	{"the health check, when asked for", "TargetGroup", "HealthCheckPath", []string{"/health"},
		"aws_lb_target_group orders", "health_check/path", `coalesce(var.health_check_path, "/")`},
	{"the health check is on", "TargetGroup", "HealthCheckEnabled", []string{"true"},
		"aws_lb_target_group orders", "health_check/enabled", "var.health_check_path != null"},
	{"the health check is slower than the function", "TargetGroup", "HealthCheckTimeoutSeconds", []string{"30"},
		"aws_lb_target_group orders", "health_check/timeout", "30"},

	{"alarms", "Alarm", "MetricName",
		[]string{"HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "LambdaUserError", "Throttles"},
		"aws_cloudwatch_metric_alarm throttles", "metric_name", `"Throttles"`},
	{"silence is no alarm", "Alarm", "TreatMissingData", slices.Repeat([]string{"notBreaching"}, 4),
		"aws_cloudwatch_metric_alarm load_balancer", "treat_missing_data", `"notBreaching"`},
	{"alarms tell someone", "Alarm", "AlarmActions/*", slices.Repeat([]string{topic}, 4),
		"aws_cloudwatch_metric_alarm load_balancer", "alarm_actions", "local.alarm_actions"},
}

// The settings of .ci/templates, as parameters of the SAM template.
var full = map[string]string{
	"Name": "shop", "CertificateArn": certificate, "DeletionProtection": "true", "AccessLogBucket": "log-bucket",
	"HealthCheckPath": "/health", "AlarmTopicArn": topic,
	"OidcIssuer": "https://login.example.com", "OidcClientSecretArn": secret,
}

const (
	certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-0000-0000-000000000000"
	topic       = "arn:aws:sns:eu-central-1:123456789012:alarms"
	secret      = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-AbCdEf"
)

var services = map[string]string{
	"TargetGroup": "AWS::ElasticLoadBalancingV2", "LoadBalancer": "AWS::ElasticLoadBalancingV2",
	"Listener": "AWS::ElasticLoadBalancingV2", "ListenerRule": "AWS::ElasticLoadBalancingV2",
	"Permission": "AWS::Lambda", "Function": "AWS::Lambda", "Alias": "AWS::Lambda", "LogGroup": "AWS::Logs",
	"Alarm": "AWS::CloudWatch", "DeploymentGroup": "AWS::CodeDeploy", "Policy": "AWS::IAM", "Role": "AWS::IAM",
}

// read returns a template that .ci/templates has made: SAM's after AWS's own translation, CDK's after synthesis.
func read(t *testing.T, tool string, everything bool) *template {
	t.Helper()
	folder := os.Getenv("TEMPLATES")
	if folder == "" {
		t.Skip("TEMPLATES names no folder: run bash .ci/run templates")
	}
	name, parameters := tool, map[string]string(nil)
	if everything {
		parameters = full
		if tool == "cdk" {
			name = "cdk-full" // CDK's settings are gone after synthesis
		}
	}
	return readTemplate(t, filepath.Join(folder, name+".json"), parameters)
}

func property(c *template, typ, path string) []string {
	var found []any
	for _, r := range c.of(services[typ] + "::" + typ) {
		if path == "DependsOn" {
			for _, name := range r.after {
				found = append(found, name)
			}
			continue
		}
		found = append(found, at(r.properties, path)...)
	}
	return texts(found)
}

func TestCloudFormation(t *testing.T) {
	for _, tool := range []string{"sam", "cdk"} {
		t.Run(tool, func(t *testing.T) {
			c := read(t, tool, true)
			for _, p := range promises {
				t.Run(p.name, func(t *testing.T) {
					if diff := cmp.Diff(p.want, property(c, p.typ, p.path)); diff != "" {
						t.Errorf("%s %s (-want +got):\n%s", p.typ, p.path, diff)
					}
				})
			}
		})
	}
}

func TestTerraform(t *testing.T) {
	blocks, sources := readConfiguration(t)
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			got, ok := blocks.text(sources, "resource "+p.block, p.source)
			if !ok || got != p.wantSource {
				t.Errorf("%s %s = %q, want %q", p.block, p.source, got, p.wantSource)
			}
		})
	}
	alarms, _ := blocks.text(sources, "locals alarms.tf", "load_balancer_alarms")
	for _, metric := range []string{"HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count", "LambdaUserError"} {
		if !strings.Contains(alarms, `"`+metric+`"`) {
			t.Errorf("no alarm on %s", metric)
		}
	}
}

// What nobody asked for is off: no paid health checks, no login, no access log, no protection, nobody told.
func TestDefaults(t *testing.T) {
	for _, tool := range []string{"sam", "cdk"} {
		t.Run(tool, func(t *testing.T) {
			c := read(t, tool, false)
			for _, row := range []struct {
				typ, path string
				want      []string
			}{
				{"TargetGroup", "HealthCheckEnabled", []string{"false"}},
				{"TargetGroup", "HealthCheckPath", []string{}},
				{"ListenerRule", "Priority", []string{}},
				{"LoadBalancer", "LoadBalancerAttributes/access_logs.s3.enabled", []string{"false"}},
				{"LoadBalancer", "LoadBalancerAttributes/access_logs.s3.bucket", []string{}},
				{"LoadBalancer", "LoadBalancerAttributes/deletion_protection.enabled", []string{"false"}},
				{"Alarm", "AlarmActions", []string{}},
			} {
				if diff := cmp.Diff(row.want, property(c, row.typ, row.path)); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", row.typ, row.path, diff)
				}
			}
		})
	}
	blocks, sources := readConfiguration(t)
	for name, want := range map[string]string{
		"health_check_path": "null", "login": "null", "access_log_bucket": "null", "alarm_topic_arn": "null",
		"deletion_protection": "false", "canary_weight": "0", "stable_version": "null",
		"log_retention_days": "30", "desync_mitigation_mode": `"defensive"`,
	} {
		if got, _ := blocks.text(sources, "variable "+name, "default"); got != want {
			t.Errorf("variable %s: default = %s, want %s", name, got, want)
		}
	}
}

// The function's role may write to its own log group. It may not make one: that would have no retention.
func TestRole(t *testing.T) {
	want := []string{`["logs:CreateLogStream","logs:PutLogEvents"]`}
	for _, tool := range []string{"sam", "cdk"} {
		t.Run(tool, func(t *testing.T) {
			c := read(t, tool, true)
			statements := slices.Concat(
				property(c, "Role", "Policies/*/PolicyDocument/Statement/*/Action"), // SAM writes the policy into the role
				property(c, "Policy", "PolicyDocument/Statement/*/Action"))          // CDK beside it
			if diff := cmp.Diff(want, statements); diff != "" {
				t.Errorf("actions (-want +got):\n%s", diff)
			}
			resources := slices.Concat(
				property(c, "Role", "Policies/*/PolicyDocument/Statement/*/Resource"), property(c, "Policy", "PolicyDocument/Statement/*/Resource"))
			if diff := cmp.Diff([]string{"<AWS::Logs::LogGroup.Arn>"}, resources); diff != "" {
				t.Errorf("resources (-want +got):\n%s", diff)
			}
			if managed := property(c, "Role", "ManagedPolicyArns/*"); len(managed) != 1 || !strings.Contains(managed[0], "CodeDeploy") {
				t.Errorf("managed policies = %v, want CodeDeploy's own alone", managed)
			}
		})
	}
	blocks, sources := readConfiguration(t)
	policy, _ := blocks.text(sources, "resource aws_iam_role_policy logs", "policy")
	for _, part := range []string{`["logs:CreateLogStream", "logs:PutLogEvents"]`, `"${aws_cloudwatch_log_group.function.arn}:*"`} {
		if !strings.Contains(policy, part) {
			t.Errorf("policy = %s, want %s in it", policy, part)
		}
	}
	for name := range blocks {
		if strings.HasPrefix(name, "resource aws_iam_role_policy_attachment") {
			t.Errorf("%s: the role has one policy", name)
		}
	}
}

// A new version gets a tenth of the requests first, and an alarm takes it back.
func TestCanary(t *testing.T) {
	for _, tool := range []string{"sam", "cdk"} {
		t.Run(tool, func(t *testing.T) {
			c := read(t, tool, true)
			for _, row := range []struct {
				path string
				want []string
			}{
				{"DeploymentConfigName", []string{"CodeDeployDefault.LambdaCanary10Percent5Minutes"}},
				{"AlarmConfiguration/Alarms/*/Name", []string{"<AWS::CloudWatch::Alarm>", "<AWS::CloudWatch::Alarm>"}},
				{"AutoRollbackConfiguration/Enabled", []string{"true"}},
			} {
				if diff := cmp.Diff(row.want, property(c, "DeploymentGroup", row.path)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", row.path, diff)
				}
			}
			alias := c.of("AWS::Lambda::Alias")
			if len(alias) != 1 {
				t.Fatalf("%d aliases, want 1", len(alias))
			}
			if got := texts(at(alias[0].update, "CodeDeployLambdaAliasUpdate/DeploymentGroupName")); !slices.Equal(got, []string{"<AWS::CodeDeploy::DeploymentGroup>"}) {
				t.Errorf("the alias is moved by %v, want the deployment group", got)
			}
		})
	}
	blocks, sources := readConfiguration(t)
	weights, _ := blocks.text(sources, "resource aws_lambda_alias live", "routing_config/additional_version_weights")
	if want := "{ for version in [local.newest] : version => routing_config.value if version != local.stable }"; weights != want {
		t.Errorf("weights = %s, want %s", weights, want)
	}
	if publish, _ := blocks.text(sources, "resource aws_lambda_function orders", "publish"); publish != "true" {
		t.Errorf("publish = %q: without versions there is nothing to weigh", publish)
	}
}

// No template and no state holds the client's secret: CloudFormation reads it from Secrets Manager.
func TestLogin(t *testing.T) {
	for _, tool := range []string{"sam", "cdk"} {
		t.Run(tool, func(t *testing.T) {
			c := read(t, tool, true)
			if got := property(c, "ListenerRule", "Actions/*/Type"); !slices.Equal(got, []string{"authenticate-oidc", "forward"}) {
				t.Errorf("actions = %v", got)
			}
			got := property(c, "ListenerRule", "Actions/*/AuthenticateOidcConfig/ClientSecret")
			if want := "{{resolve:secretsmanager:" + secret + ":SecretString:client_secret"; len(got) != 1 || !strings.HasPrefix(got[0], want) {
				t.Errorf("secret = %v, want a reference %s", got, want)
			}
		})
	}
	blocks, sources := readConfiguration(t)
	body, _ := blocks.text(sources, "resource aws_cloudformation_stack login", "template_body")
	if want := `"{{resolve:secretsmanager:${var.login.client_secret_arn}:SecretString:client_secret}}"`; !strings.Contains(body, want) {
		t.Errorf("template_body has no %s", want)
	}
	for path, source := range sources {
		if strings.Contains(string(source), "authenticate_oidc") {
			t.Errorf("%s: the provider's own rule would write its client_secret into the state", path)
		}
	}
}
