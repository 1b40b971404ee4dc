package listener_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// ELB guide, "Transforms for listener rules"; API reference, "RewriteConfig".
func TestTransforms(t *testing.T) {
	url := func(regex, replace string) string {
		return `{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "` + regex + `", "Replace": "` + replace + `"}]}}`
	}
	host := func(regex, replace string) string {
		return `{"Type": "host-header-rewrite", "HostHeaderRewriteConfig": {"Rewrites": [{"Regex": "` + regex + `", "Replace": "` + replace + `"}]}}`
	}
	tests := []struct {
		name, transforms, target, host string
		want                           string // what the target saw; "" is 500
	}{
		{"the guide's host", host("^mywebsite-(.+).com$", "internal.dev.$1.myweb.com"), "/project-a", "mywebsite-example.com",
			"f /project-a internal.dev.example.myweb.com"},
		{"no match, no change", host("^mywebsite-(.+).com$", "x"), "/a?b=%20", "example.com", "f /a?b=%20 example.com"},
		{"path", url("^/old/(.*)$", "/new/$1"), "/old/a%2Fb?c=d", "h.com", "f /new/a%2Fb?c=d h.com"}, // contract R76
		{"path and query", url("^/search/(.+)$", "/find?q=$1"), "/search/x", "h.com", "f /find?q=x h.com"},
		{"query to path", url(`^/p\\?id=([0-9]+)$`, "/p/$1"), "/p?id=7", "h.com", "f /p/7 h.com"},
		{"a group with text behind it", url("^/(a+)", "/$1b"), "/aa", "h.com", "f /aab h.com"},
		{"a $ is a $", url("^/a", "/$x$"), "/a", "h.com", "f /$x$ h.com"},
		{"both", url("^/a", "/b") + "," + host("^h", "i"), "/a", "h.com", "f /b i.com"},
		{"the port stays", host("^h.com$", "i.com"), "/a", "h.com:8080", "f /a i.com:8080"}, // silent
		{"absolute target", url("^/a", "/b"), "http://h.com/a?x", "h.com", "f /b?x h.com"},
		{"no path comes out", url("^/", ""), "/a", "h.com", ""},
		{"no host comes out", host(".*", ""), "/a", "h.com", ""},
		{"a wrong host comes out", host("h", "a b"), "/a", "h.com", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := mustNew(t, `[{"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["*"]}], "Transforms": [`+tt.transforms+`],
				"Actions": [{"Type": "forward", "TargetGroupArn": "f"}]}, `+defaultRule+`]`, "f")
			r := get(tt.target)
			r.Host = tt.host
			before := r.Clone(t.Context())
			res, d := serve(l, r)
			if tt.want == "" {
				if res.StatusCode != http.StatusInternalServerError || d.Error == "" || d.Function != "" {
					t.Errorf("status %d, decision %+v; want 500 and why", res.StatusCode, d)
				}
				return
			}
			if got := body(t, res); got != tt.want {
				t.Errorf("the target saw %q, want %q", got, tt.want)
			}
			l.ServeHTTP(httptest.NewRecorder(), r)
			if r.RequestURI != before.RequestURI || r.URL.String() != before.URL.String() || r.Host != before.Host {
				t.Errorf("the caller's request was changed: %v", r)
			}
		})
	}
}

// ELB guide, "Transforms for listener rules": rewriting does not change which rule is picked.
func TestTransformsComeAfterTheChoice(t *testing.T) {
	l := mustNew(t, `[{"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}], "Actions": [{"Type": "forward", "TargetGroupArn": "one"}],
		"Transforms": [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/a", "Replace": "/b"}]}}]},
		{"Priority": 2, "Conditions": [{"Field": "path-pattern", "Values": ["/b"]}], "Actions": [{"Type": "forward", "TargetGroupArn": "two"}]}, `+defaultRule+`]`,
		"one", "two")
	if _, d := serve(l, get("/a")); d.Function != "one" {
		t.Errorf("decision %+v, want the rule of the original path", d)
	}
}

// Handlers that read the URL see the rewritten one, decoded as net/http does.
func TestTransformSetsURL(t *testing.T) {
	var path, raw, query string
	fn := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		path, raw, query = r.URL.Path, r.URL.EscapedPath(), r.URL.RawQuery
	})
	l, err := listener.New(rules(t, `[{"Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["*"]}],
		"Actions": [{"Type": "forward", "TargetGroupArn": "f"}],
		"Transforms": [{"Type": "url-rewrite", "UrlRewriteConfig": {"Rewrites": [{"Regex": "^/a", "Replace": "/b%2Fc"}]}}]}, `+defaultRule+`]`),
		map[string]http.Handler{"f": fn})
	if err != nil {
		t.Fatal(err)
	}
	serve(l, get("/a?x=1"))
	if path != "/b/c" || raw != "/b%2Fc" || query != "x=1" {
		t.Errorf("path %q, escaped %q, query %q", path, raw, query)
	}
}
