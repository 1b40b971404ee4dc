package balancer_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

// TestAccessLog compares whole lines, times and IDs masked, with the table of fields in AWS's guide.
func TestAccessLog(t *testing.T) {
	const quotedDash = `"-"`
	login := balancer.WithOIDC(map[string]string{"sub": "u"})
	mask := func(line string) []string {
		line = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z`).ReplaceAllString(line, "TIME")
		line = regexp.MustCompile(`TID_[0-9a-f]{32}`).ReplaceAllString(line, "TID")
		return splitLine(regexp.MustCompile(` \d+\.\d{3} \d+\.\d{3} \d+\.\d{3} `).ReplaceAllString(traceMask(line), " S S S "))
	}
	tests := []struct {
		name string
		f    function
		raw  string
		tls  *tls.ConnectionState
		opts []balancer.Option
		want map[int]string // by the number of the field; the others are as in the first line
	}{
		{name: "delivered", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0")},
		{name: "502", f: says("null"), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"),
			want: map[int]string{9: "502", 10: "-", 25: `"LambdaInvalidResponse"`}},
		{name: "error of the function's own", f: says(`{"statusCode":503}`), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"),
			want: map[int]string{9: "503", 10: "503"}},
		{name: "refused by the listener", f: forbidden(t), raw: line("TRACE /a?b=c", "User-Agent: curl/7.46.0"),
			want: map[int]string{6: "-1", 7: "-1", 8: "-1", 9: "405", 10: "-", 13: `"TRACE http://h:80/a?b=c HTTP/1.1"`, 17: "-", 18: quotedDash, 21: "-", 23: quotedDash}},
		{name: "refused on the way to the target", f: forbidden(t), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0", "Upgrade: websocket"),
			want: map[int]string{6: "-1", 7: "-1", 8: "-1", 9: "400", 10: "-", 18: quotedDash, 25: `"LambdaWebsocketNotSupported"`}},
		{name: "no user agent, quotes and line breaks", f: says(hello), raw: line(`GET /a"\`),
			want: map[int]string{13: `"GET http://h:80/a\x22\x5C HTTP/1.1"`, 14: quotedDash}},
		{name: "user agent with quotes", f: says(hello), raw: line("GET /a?b=c", "User-Agent: a \"b\" é"),
			want: map[int]string{14: `"a \x22b\x22 \xC3\xA9"`, 28: `"Acceptable"`, 29: `"NonCompliantHeader"`}},
		{name: "TLS", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"),
			tls:  &tls.ConnectionState{Version: tls.VersionTLS12, CipherSuite: tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ServerName: "example.com"},
			want: map[int]string{1: "https", 13: `"GET https://h:80/a?b=c HTTP/1.1"`, 15: "ECDHE-RSA-AES128-GCM-SHA256", 16: "TLSv1.2", 19: `"example.com"`}},
		{name: "TLS 1.3", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"),
			tls:  &tls.ConnectionState{Version: tls.VersionTLS13, CipherSuite: tls.TLS_AES_128_GCM_SHA256},
			want: map[int]string{1: "https", 13: `"GET https://h:80/a?b=c HTTP/1.1"`, 15: "TLS_AES_128_GCM_SHA256", 16: "TLSv1.3"}},
		{name: "empty header", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0", "X-A: "),
			want: map[int]string{28: `"Ambiguous"`, 29: `"EmptyHeader"`}},
		{name: "R76", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"), opts: []balancer.Option{
			balancer.WithURLRewrite(regexp.MustCompile("^/a"), "/z")},
			want: map[int]string{21: "1", 32: `"/z?b=c"`, 33: `"TransformSuccess"`}},
		{name: "R77 passed", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"), opts: []balancer.Option{balancer.WithFirewall(never)},
			want: map[int]string{23: `"waf,forward"`}},
		{name: "logged in", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"), opts: []balancer.Option{login},
			want: map[int]string{23: `"authenticate,forward"`}},
		{name: "logged in behind a firewall", f: says(hello), raw: line("GET /a?b=c", "User-Agent: curl/7.46.0"),
			opts: []balancer.Option{balancer.WithFirewall(never), login}, want: map[int]string{23: `"waf,authenticate,forward"`}},
	}
	base := []string{"http", "TIME", "app/local/0123456789abcdef", "203.0.113.9:54321", "-", "S", "S", "S", "200", "200", "", "",
		`"GET http://h:80/a?b=c HTTP/1.1"`, `"curl/7.46.0"`, "-", "-", "tg", `"Root=1-T-R"`, quotedDash, quotedDash, "0", "TIME", `"forward"`,
		quotedDash, quotedDash, quotedDash, quotedDash, quotedDash, quotedDash, "TID", quotedDash, quotedDash, quotedDash}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t, tt.raw)
			r.TLS = tt.tls
			w, l := serve(tt.f, r, append(tt.opts, balancer.WithTargetGroupARN("tg"))...)
			got := mask(l.access.String())
			if len(got) != 33 || strings.Count(l.access.String(), "\n") != 1 {
				t.Fatalf("%d fields: %q", len(got), l.access.String())
			}
			if got[10] != itoa(len(tt.raw)) {
				t.Errorf("received_bytes %s, want %d", got[10], len(tt.raw))
			}
			sent := len("HTTP/1.1 200 "+http.StatusText(w.status)+"\r\n\r\n") + w.body.Len()
			for name, values := range w.header {
				sent += len(name + ": " + values[0] + "\r\n")
			}
			if got[11] != itoa(sent) {
				t.Errorf("sent_bytes %s, want %d", got[11], sent)
			}
			got[10], got[11] = "", ""
			want := append([]string(nil), base...)
			for n, field := range tt.want {
				want[n-1] = field
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAccessLogFails(t *testing.T) {
	w, l := serve(says(hello), get(t, "/"), balancer.WithAccessLog(brokenWriter{}))
	if w.status != 200 || !strings.Contains(l.errors.String(), "disk full") {
		t.Errorf("%d %q", w.status, l.errors.String())
	}
}

// A request line cannot forge a second line in the error log.
func TestErrorLogIsOneLine(t *testing.T) {
	r := get(t, "/")
	r.RequestURI = "/a\nbalancer: forged"
	_, l := serve(says("null"), r)
	if strings.Count(l.errors.String(), "\n") != 1 || strings.Count(l.access.String(), "\n") != 1 {
		t.Errorf("%q %q", l.errors.String(), l.access.String())
	}
}
