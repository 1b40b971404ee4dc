package listener_test

import (
	"net/http"
	"testing"
)

// Expectations are those of the ELB guide, "Condition types for listener rules" (the guide below), and of the API reference under
// the name of the configuration; where another source decides, or AWS is silent, the case says so.
func TestConditions(t *testing.T) {
	header := func(name string, values ...string) *http.Request {
		r := get("/")
		r.Header[name] = values
		return r
	}
	host := func(h string) *http.Request {
		r := get("/")
		r.Host = h
		return r
	}
	method := func(m string) *http.Request {
		r := get("/")
		r.Method = m
		return r
	}
	from := func(addr string) *http.Request {
		r := get("/")
		r.RemoteAddr = addr
		r.Header.Set("X-Forwarded-For", "192.0.2.7")
		return r
	}
	path := func(values string) string {
		return `{"Field": "path-pattern", "PathPatternConfig": {"Values": [` + values + `]}}`
	}
	query := func(values string) string {
		return `{"Field": "query-string", "QueryStringConfig": {"Values": [` + values + `]}}`
	}
	hosts := func(values string) string {
		return `{"Field": "host-header", "HostHeaderConfig": {"Values": [` + values + `]}}`
	}
	agent := `{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*Chrome*", "*Safari*"]}}`
	tests := []struct {
		name       string
		conditions string
		request    *http.Request
		want       bool
	}{
		// The guide, "Path conditions"; PathPatternConditionConfig.
		{"path: the guide's example", path(`"/img/*"`), get("/img/picture.jpg"), true},
		{"path: * is also nothing", path(`"/img/*"`), get("/img/"), true},
		{"path: the slash is no wildcard", path(`"/img/*"`), get("/img"), false},
		{"path: * spans slashes", path(`"/img/*/pics"`), get("/img/a/b/pics"), true},
		{"path: the whole path counts", path(`"/img"`), get("/img/a"), false},
		{"path: with case", path(`"/img/*"`), get("/IMG/a"), false},
		{"path: ? is one character", path(`"/v?/a"`), get("/v1/a"), true},
		{"path: ? is not none", path(`"/v?/a"`), get("/v/a"), false},
		{"path: ? is not two", path(`"/v?/a"`), get("/v10/a"), false},
		{"path: not the query", path(`"*x"`), get("/a?x"), false},
		{"path: a query does not disturb", path(`"/a"`), get("/a?x=1"), true},
		{"path: one of several values", path(`"/a", "/b"`), get("/b"), true},
		{"path: & is written &amp;", path(`"/a&amp;b"`), get("/a&b"), true},
		{"path: double slash", path(`"//application"`), get("//application"), true}, // contract 1.4
		{"path: double slash is not one", path(`"//application"`), get("/application"), false},
		{"path: absolute target", path(`"/a"`), get("http://example.com/a?b"), true},
		{"path: absolute target without a path", path(`"/"`), get("http://example.com?b"), true},
		{"path: as it was sent", path(`"/a*b"`), get("/a%2Fb"), true},
		{"path: not decoded", path(`"/a/b"`), get("/a%2Fb"), false}, // silent
		{"path: older form", `{"Field": "path-pattern", "Values": ["/a"]}`, get("/a"), true},
		{"path: both forms, as the API answers", `{"Field": "path-pattern", "Values": ["/a"], "PathPatternConfig": {"Values": ["/a"]}}`,
			get("/a"), true},
		{"path: regular expression", `{"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/v[0-9]+/"]}}`, get("/v12/a"), true},
		{"path: regular expression that differs", `{"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/v[0-9]+/"]}}`,
			get("/vx/a"), false},

		// The guide, "Host conditions": "*.example.com matches test.example.com but doesn't match example.com".
		{"host: the guide's example", hosts(`"*.example.com"`), host("test.example.com"), true},
		{"host: the guide's counterexample", hosts(`"*.example.com"`), host("example.com"), false},
		{"host: without case", hosts(`"Example.com"`), host("eXAMPLE.COM"), true},
		{"host: without the port", hosts(`"example.com"`), host("example.com:8080"), true}, // silent
		{"host: the dot is a dot", hosts(`"a.example.com"`), host("axexample.com"), false},
		{"host: regular expression", `{"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^(a|b)[.]example[.]com$"]}}`,
			host("b.example.com"), true},
		{"host: IPv6 address without a port", `{"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^[[]::1[]]$"]}}`,
			host("[::1]"), true},

		// The guide, "HTTP header conditions"; HttpHeaderConditionConfig.
		{"header: the guide's example", agent, header("User-Agent", "Mozilla/5.0 Chrome/51.0 x"), true},
		{"header: without case", agent, header("User-Agent", "chrome"), true},
		{"header: none of the values", agent, header("User-Agent", "curl/8"), false},
		{"header: not sent", agent, get("/"), false},
		{"header: lines are searched in order", agent, header("User-Agent", "curl/8", "Safari"), true},
		{"header: the name without case", `{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-BETA", "Values": ["1"]}}`,
			header("X-Beta", "1"), true},
		{"header: X-Forwarded-For can be searched", `{"Field": "http-header",
			"HttpHeaderConfig": {"HttpHeaderName": "X-Forwarded-For", "Values": ["192.0.2.7"]}}`, from("198.51.100.1:1"), true},
		{"header: regular expression", `{"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Beta", "RegexValues": ["^v[12]$"]}}`,
			header("X-Beta", "v2"), true},

		// The guide, "HTTP request method conditions": with case, no wildcards.
		{"method: custom", `{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["CUSTOM-METHOD"]}}`,
			method("CUSTOM-METHOD"), true},
		{"method: with case", `{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}}`, method("get"), false},
		{"method: HEAD is not GET", `{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}}`, method("HEAD"), false},

		// The guide, "Query string conditions": "either a key/value pair of version=v1 or any key set to example".
		{"query: the guide's pair", query(`{"Key": "version", "Value": "v1"}, {"Value": "example"}`), get("/?a=b&version=v1"), true},
		{"query: the guide's value", query(`{"Key": "version", "Value": "v1"}, {"Value": "example"}`), get("/?any=example"), true},
		{"query: neither", query(`{"Key": "version", "Value": "v1"}, {"Value": "example"}`), get("/?version=v2&example=1"), false},
		{"query: none", query(`{"Value": "*"}`), get("/"), false},
		{"query: without case", query(`{"Key": "Version", "Value": "V1"}`), get("/?vERSION=v1"), true},
		{"query: wildcards", query(`{"Key": "v*", "Value": "?1"}`), get("/?version=v1"), true},
		{"query: escaped wildcard", query(`{"Key": "q", "Value": "a\\*"}`), get("/?q=a*"), true},
		{"query: an escaped wildcard is none", query(`{"Key": "q", "Value": "a\\*"}`), get("/?q=ab"), false},
		{"query: escaped question mark", query(`{"Key": "q", "Value": "\\?"}`), get("/?q=?"), true},
		{"query: an escaped question mark is none", query(`{"Key": "q", "Value": "\\?"}`), get("/?q=a"), false},
		{"query: not decoded", query(`{"Key": "q", "Value": "a%20b"}`), get("/?q=a%20b"), true}, // silent
		{"query: the first = parts", query(`{"Key": "a", "Value": "b=c"}`), get("/?a=b=c"), true},

		// SourceIpConditionConfig: "not satisfied by the addresses in the X-Forwarded-For header".
		{"source: within", `{"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24", "198.51.100.10/32"]}}`,
			from("198.51.100.10:4711"), true},
		{"source: outside, whatever X-Forwarded-For says", `{"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24"]}}`,
			from("198.51.100.10:4711"), false},
		{"source: IPv6", `{"Field": "source-ip", "SourceIpConfig": {"Values": ["2001:db8::/32"]}}`, from("[2001:db8::7]:1"), true},
		{"source: link-local", `{"Field": "source-ip", "SourceIpConfig": {"Values": ["fe80::/10"]}}`, from("[fe80::1%eth0]:1"), true},
		{"source: IPv4 on an IPv6 socket", `{"Field": "source-ip", "SourceIpConfig": {"Values": ["192.0.2.0/24"]}}`,
			from("[::ffff:192.0.2.1]:1"), true},

		// RuleCondition: all conditions must be met.
		{"all", path(`"/a"`) + "," + query(`{"Value": "1"}`), get("/a?x=1"), true},
		{"all but one", path(`"/a"`) + "," + query(`{"Value": "1"}`), get("/a?x=2"), false},
		{"two headers", agent + `, {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*Mobile*"]}}`,
			header("User-Agent", "Mobile Safari"), true},
		{"two headers, one does not match", agent + `, {"Field": "http-header",
			"HttpHeaderConfig": {"HttpHeaderName": "User-Agent", "Values": ["*Mobile*"]}}`, header("User-Agent", "Safari"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			res, d := serve(one(t, tt.conditions), tt.request)
			if got := d.Function == "f"; got != tt.want {
				t.Errorf("forwarded %t, want %t; status %d, decision %+v", got, tt.want, res.StatusCode, d)
			}
		})
	}
}

// ELB guide, "Listener rules": rules are evaluated from the lowest value to the highest, the default rule last.
func TestPriorities(t *testing.T) {
	to := func(priority, function, path string) string {
		return `{"Priority": ` + priority + `, "Conditions": [{"Field": "path-pattern", "Values": ["` + path + `"]}],
			"Actions": [{"Type": "forward", "TargetGroupArn": "` + function + `"}]}`
	}
	l := mustNew(t, `[`+defaultRule+`, `+to(`"50000"`, "last", "*")+`, `+to(`9`, "nine", "/a*")+`, `+to(`"10"`, "ten", "/a/*")+`]`,
		"nine", "ten", "last")
	for target, want := range map[string]string{"/a/b": "9", "/b": "50000"} {
		if _, d := serve(l, get(target)); d.Rule != want {
			t.Errorf("%s: rule %q, want %q", target, d.Rule, want)
		}
	}
	l = mustNew(t, `[`+defaultRule+`, `+to(`1`, "f", "/a")+`]`, "f")
	if res, d := serve(l, get("/b")); res.StatusCode != 404 || d.Rule != "default" || d.Action != "fixed-response" || d.Function != "" {
		t.Errorf("no rule: status %d, decision %+v; want the default rule's 404", res.StatusCode, d)
	}
}
