package listener_test

import (
	"strings"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// what an ALB refuses, by the API reference under the names of the configurations, and the ELB guide, "Quotas for your Application
// Load Balancers". The texts are ours; the table names a part that tells which fault it is, or "" where there must be none.
func TestLimits(t *testing.T) {
	const forward = `"Actions": [{"Type": "forward", "TargetGroupArn": "f"}]`
	cond := func(c string) string { return `{"Priority": 1, "Conditions": [` + c + `], ` + forward + `}` }
	act := func(a string) string {
		return `{"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], "Actions": [` + a + `]}`
	}
	priority := func(p string) string {
		return `{"Priority": ` + p + `, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], ` + forward + `}`
	}
	path := func(values string) string { return cond(`{"Field": "path-pattern", "Values": [` + values + `]}`) }
	host := func(value string) string { return cond(`{"Field": "host-header", "Values": ["` + value + `"]}`) }
	method := func(value string) string {
		return cond(`{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["` + value + `"]}}`)
	}
	header := func(name, values string) string {
		return cond(`{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "` + name + `", "Values": [` + values + `]}}`)
	}
	source := func(value string) string {
		return cond(`{"Field": "source-ip", "SourceIpConfig": {"Values": ["` + value + `"]}}`)
	}
	regex := func(re string) string { return cond(`{"Field": "path-pattern", "RegexValues": ["` + re + `"]}`) }
	rewrite := func(transforms string) string {
		return `{"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], ` + forward + `, "Transforms": [` + transforms + `]}`
	}
	url := func(regex, replace string) string {
		return rewrite(`{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "` + regex + `", "Replace": "` + replace + `"}]}}`)
	}
	redirect := func(config string) string { return act(`{"Type": "redirect", "RedirectConfig": {` + config + `}}`) }
	fixed := func(config string) string {
		return act(`{"Type": "fixed-response", "FixedResponseConfig": {` + config + `}}`)
	}
	groups := func(groups string) string {
		return act(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [` + groups + `]}}`)
	}
	x := strings.Repeat
	const group = `{"TargetGroupArn": "f"}`

	tests := []struct{ name, rule, want string }{
		{"the highest priority", priority(`50000`), ""},
		{"too high a priority", priority(`50001`), "too high"},
		{"no priority", `{"Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], ` + forward + `}`, "no priority"},
		{"no condition", cond(``), "no conditions"},
		{"two default rules", `{"IsDefault": true, ` + forward + `}`, "several rules"},
		{"unknown field", cond(`{"Field": "cookie", "Values": ["a"]}`), "does not exist"},
		{"two of a kind", cond(`{"Field": "path-pattern", "Values": ["/a"]}, {"Field": "path-pattern", "Values": ["/b"]}`), "at most one"},
		{"no values", path(``), "no values"},
		{"an empty value", path(`""`), "empty"},
		{"five values", path(`"/a", "/b", "/c", "/d", "/e"`), ""},
		{"six values", path(`"/a", "/b", "/c", "/d", "/e", "/f"`), "6 values"},
		{"six values in two conditions", cond(`{"Field": "path-pattern", "Values": ["/a", "/b", "/c"]},
			{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET", "PUT", "POST"]}}`), "6 values"},
		{"six wildcards", path(`"/*/*/*", "/?/?/?"`), ""},
		{"seven wildcards", path(`"/*/*/*", "/?/?/?/?"`), "7 wildcards"},
		{"values and regular expressions", cond(`{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a"], "RegexValues": ["a"]}}`), "use one of them"},
		{"different values in both forms", cond(`{"Field": "path-pattern", "Values": ["/b"], "PathPatternConfig": {"Values": ["/a"]}}`), "other values"},
		{"128 characters", path(`"/` + x("a", 127) + `"`), ""},
		{"129 characters", path(`"/` + x("a", 128) + `"`), "129 characters"},
		{"all characters of a path", path(`"/aZ09_-.$/~\"'@:+&*?"`), ""},
		{"space in a path", path(`"/a b"`), "may not have"},
		{"escape in a path", path(`"/a%20b"`), "may not have"},
		{"host with a wildcard", host("*.example.com"), ""},
		{"host without a dot", host("localhost"), `must have a "."`},
		{"host with digits at the end", host("a.b2"), "letters alone"},
		{"host with a port", host("example.com:80"), "may not have"},
		{"header of 40", header(x("a", 40), `"1"`), ""},
		{"header of 41", header(x("a", 41), `"1"`), "HttpHeaderName"},
		{"header name with a wildcard", header("X-?", `"1"`), "HttpHeaderName"},
		{"header name with a space", header("X Y", `"1"`), "HttpHeaderName"},
		{"the Host header", header("Host", `"a.com"`), "host-header condition"},
		{"header value of 129", header("A", `"`+x("a", 129)+`"`), "129 characters"},
		{"method of 40", method(x("A", 40)), ""},
		{"method of 41", method(x("A", 41)), "no method"},
		{"method in lower case", method("get"), "no method"},
		{"method with a wildcard", method("GET*"), "no method"},
		{"query without a value", cond(`{"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a"}]}}`), "empty"},
		{"query without a configuration", cond(`{"Field": "query-string"}`), "no values"},
		{"escaped wildcards are none", cond(`{"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "\\*\\*\\*\\*\\*\\*\\*"}]}}`), ""},
		{"IPv6 block", source("2001:db8::/32"), ""},
		{"address without a length", source("192.0.2.1"), "CIDR"},
		{"wildcard for an address", source("192.0.2.*"), "CIDR"},
		{"for a network load balancer", cond(`{"Field": "source-ip", "SourceIpConfig": {"IpAddressType": "ipv4", "Values": ["0.0.0.0/0"]}}`), "Network"},
		{"regular expression", regex(`^/[a-z]+\\\\d$`), ""},
		{"wrong regular expression", regex(`(`), "mend it"},
		{"look-ahead", regex(`(?=a)`), "mend it"},
		{"backreference", regex(`(a)\\1`), "mend it"},
		{"possessive", regex(`a++`), "mend it"},
		{"Unicode class", regex(`\\p{L}`), "Unicode class"},
		{"a backslash before a p", regex(`\\\\p`), ""},
		{"regular expression of 129", regex(x("a", 129)), "129 characters"},

		{"rewrite of 1024", url(x("a", 1024), x("b", 1024)), ""},
		{"rewrite of 1025", url(x("a", 1025), "b"), "1025 characters"},
		{"replacement of 1025", url("a", x("b", 1025)), "1025 characters"},
		{"group that is not there", url("(a)", "$2"), "the group $2"},
		{"two of one kind", rewrite(`{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "a", "Replace": "b"}]}},
			{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "a", "Replace": "b"}]}}`), "at most one transform"},
		{"no rewrite", rewrite(`{"Type": "url-rewrite"}`), "exactly one rewrite"},
		{"unknown transform", rewrite(`{"Type": "body-rewrite"}`), "does not exist"},

		{"no action", act(``), "no action"},
		{"unknown action", act(`{"Type": "drop"}`), "does not exist"},
		{"two answers", act(`{"Type": "forward", "Order": 1, "TargetGroupArn": "f"}, {"Type": "forward", "Order": 2, "TargetGroupArn": "f"}`), "exactly one"},
		{"several without an order", act(`{"Type": "forward", "TargetGroupArn": "f"}, {"Type": "forward", "TargetGroupArn": "f"}`), "Order"},
		{"unknown function", act(`{"Type": "forward", "TargetGroupArn": "g"}`), `no function "g"`},
		{"no target group", act(`{"Type": "forward"}`), "0 target groups"},
		{"five target groups", groups(x(group+",", 4) + group), ""},
		{"six target groups", groups(x(group+",", 5) + group), "6 target groups"},
		{"weight 999", groups(`{"TargetGroupArn": "f", "Weight": 999}`), ""},
		{"weight 1000", groups(`{"TargetGroupArn": "f", "Weight": 1000}`), "weight 1000"},
		{"weight -1", groups(`{"TargetGroupArn": "f", "Weight": -1}`), "weight -1"},
		{"different target groups", act(`{"Type": "forward", "TargetGroupArn": "f", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "g"}]}}`), "different"},
		{"stickiness of 7 days", act(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [` + group + `], "TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 604800}}}`), ""},
		{"stickiness of more", act(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [` + group + `], "TargetGroupStickinessConfig": {"Enabled": true, "DurationSeconds": 604801}}}`), "DurationSeconds"},
		{"stickiness of none", act(`{"Type": "forward", "ForwardConfig": {"TargetGroups": [` + group + `], "TargetGroupStickinessConfig": {"Enabled": true}}}`), "DurationSeconds"},

		{"redirect to itself", redirect(`"StatusCode": "HTTP_301"`), "leads to itself"},
		{"redirect to itself, spelt out", redirect(`"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "StatusCode": "HTTP_301"`), "leads to itself"},
		{"a query alone is a loop", redirect(`"Query": "a", "StatusCode": "HTTP_301"`), "leads to itself"},
		{"redirect with 307", redirect(`"Path": "/a", "StatusCode": "HTTP_307"`), "StatusCode"},
		{"redirect without a configuration", act(`{"Type": "redirect"}`), "no RedirectConfig"},
		{"redirect to FTP", redirect(`"Protocol": "FTP", "StatusCode": "HTTP_301"`), "Protocol"},
		{"port 65535", redirect(`"Port": "65535", "StatusCode": "HTTP_301"`), ""},
		{"port 65536", redirect(`"Port": "65536", "StatusCode": "HTTP_301"`), "Port"},
		{"path without a slash", redirect(`"Path": "a", "StatusCode": "HTTP_301"`), "Path"},
		{"query with a question mark", redirect(`"Path": "/a", "Query": "?a", "StatusCode": "HTTP_301"`), "Query"},
		{"query in the path", redirect(`"Path": "/#{query}", "StatusCode": "HTTP_301"`), "Path may not have #{query}"},
		{"path in the host", redirect(`"Host": "#{path}", "StatusCode": "HTTP_301"`), "Host may not have #{path}"},
		{"unknown keyword", redirect(`"Path": "/#{uri}", "StatusCode": "HTTP_301"`), "Path may not have #{uri}"},
		{"path of 129", redirect(`"Path": "/` + x("a", 128) + `", "StatusCode": "HTTP_301"`), "129 characters"},

		{"fixed 599", fixed(`"StatusCode": "599"`), ""},
		{"fixed 301", fixed(`"StatusCode": "301"`), "StatusCode"},
		{"fixed 600", fixed(`"StatusCode": "600"`), "StatusCode"},
		{"fixed 2XX", fixed(`"StatusCode": "2XX"`), "StatusCode"},
		{"fixed without a configuration", act(`{"Type": "fixed-response"}`), "no FixedResponseConfig"},
		{"fixed image", fixed(`"StatusCode": "200", "ContentType": "image/png"`), "ContentType"},
		{"fixed JSON", fixed(`"StatusCode": "200", "ContentType": "application/json"`), ""},
		{"message of 1024", fixed(`"StatusCode": "200", "MessageBody": "` + x("a", 1024) + `"`), ""},
		{"message of 1025", fixed(`"StatusCode": "200", "MessageBody": "` + x("a", 1025) + `"`), "1025 characters"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := listener.New(rules(t, `[`+tt.rule+`, `+defaultRule+`]`), targets("f"))
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("error %v, want none", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "; ")):
				t.Errorf("error %v, want one with %q and a remedy", err, tt.want)
			}
		})
	}
}

func TestDefaultRule(t *testing.T) {
	tests := []struct{ name, rules, want string }{
		{"none", `[]`, "no default rule"},
		{"with conditions", `[{"IsDefault": true, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}],
			"Actions": [{"Type": "forward", "TargetGroupArn": "f"}]}]`, "neither conditions nor transforms"},
		{"with a transform", `[{"IsDefault": true, "Transforms": [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "a", "Replace": "b"}]}}],
			"Actions": [{"Type": "forward", "TargetGroupArn": "f"}]}]`, "neither conditions nor transforms"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := listener.New(rules(t, tt.rules), targets("f"))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
}

// All faults come at once, each on a line and with its place.
func TestAllFaults(t *testing.T) {
	_, err := listener.New(rules(t, `[{"Priority": 7, "Conditions": [{"Field": "path-pattern", "Values": ["/a b"]}, {"Field": "host-header", "Values": ["x"]}],
		"Actions": [{"Type": "forward", "TargetGroupArn": "g"}]}, `+defaultRule+`]`), targets("f"))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	want := []string{"listener: rule 7: condition 1 (path-pattern): ", "listener: rule 7: condition 2 (host-header): ", "listener: rule 7: action forward: "}
	if len(lines) != len(want) {
		t.Fatalf("%d faults, want %d: %v", len(lines), len(want), err)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], w) {
			t.Errorf("fault %q, want it to begin with %q", lines[i], w)
		}
	}
}

func TestPriorityJSON(t *testing.T) {
	for text, want := range map[string]string{`7`: "7", `"7"`: "7", `"default"`: "default"} {
		var p listener.Priority
		if err := p.UnmarshalJSON([]byte(text)); err != nil || p.String() != want {
			t.Errorf("%s: %v, %v; want %s", text, p, err, want)
		}
		if back, err := p.MarshalJSON(); err != nil || string(back) != `"`+want+`"` {
			t.Errorf("%s: back %s, %v", text, back, err)
		}
	}
	for _, text := range []string{`"first"`, `-1`, `1.5`, `null`} {
		var p listener.Priority
		if err := p.UnmarshalJSON([]byte(text)); err == nil {
			t.Errorf("%s is no priority", text)
		}
	}
}
