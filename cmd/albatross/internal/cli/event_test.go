package cli_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"
)

type event struct {
	RequestContext struct {
		ELB struct{ TargetGroupArn string }
	}
	HTTPMethod              string
	Path                    string
	Query                   map[string]string   `json:"queryStringParameters"`
	Headers                 map[string]string   `json:"headers"`
	MultiValueHeaders       map[string][]string `json:"multiValueHeaders"`
	Body                    string
	IsBase64Encoded         bool
	MultiValueQueryForTests map[string][]string `json:"multiValueQueryStringParameters"`
}

// Each option is an attribute that the ELB guide describes.
func TestEventOptions(t *testing.T) {
	claims := file(t, "claims.json", `{"sub": "user-1"}`)
	certificate := file(t, "client.pem", newCertificate(t))
	tests := []struct {
		name string
		args string
		want map[string]string // "-" for none
	}{
		{"plain", "example.com", map[string]string{"host": "example.com", "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "http", "x-forwarded-port": "80"}},
		{"https URL", "https://example.com", map[string]string{"x-forwarded-proto": "https", "x-forwarded-port": "443"}},
		{"--https", "--https example.com", map[string]string{"x-forwarded-proto": "https", "x-forwarded-port": "443"}},
		{"--port", "example.com --port 8443 --https", map[string]string{"x-forwarded-proto": "https", "x-forwarded-port": "8443"}},
		{"URL with a port", "example.com:81", map[string]string{"host": "example.com:81", "x-forwarded-port": "81"}},
		{"--client", "--client=203.0.113.7 example.com", map[string]string{"x-forwarded-for": "203.0.113.7"}},
		{"--client-port", "--client 203.0.113.7:51234 --client-port example.com", map[string]string{"x-forwarded-for": "203.0.113.7:51234"}},
		{"--client, IPv6", "--client 2001:db8::7 example.com", map[string]string{"x-forwarded-for": "2001:db8::7"}},
		{"--xff-mode preserve", "--xff-mode preserve -H X-Forwarded-For:1.2.3.4 h", map[string]string{"x-forwarded-for": "1.2.3.4"}},
		{"--xff-mode remove", "-H X-Forwarded-For:1.2.3.4 h --xff-mode remove", map[string]string{"x-forwarded-for": "-"}},
		{"--preserve-host", "--preserve-host -H Host:a:99 h", map[string]string{"host": "a:99"}},
		{"host without its port", "-H Host:a:99 h", map[string]string{"host": "a"}},
		{"--drop-invalid", "--drop-invalid -H a_b:1 -H a-b:2 h", map[string]string{"a_b": "-", "a-b": "2"}},
		{"an invalid name", "-H a_b:1 h", map[string]string{"a_b": "1"}},
		{"--login", "--login " + claims + " h", map[string]string{"x-amzn-oidc-identity": "user-1"}},
		{"--client-cert", "--client-cert " + certificate + " h", map[string]string{"x-amzn-mtls-clientcert-subject": "CN=client", "x-amzn-mtls-clientcert": "-"}},
		{"--mtls passthrough", "--mtls passthrough --client-cert " + certificate + " h", map[string]string{"x-amzn-mtls-clientcert-subject": "-"}},
		{"an option as a value of curl's", "-H --https h", map[string]string{"x-forwarded-proto": "http"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := unmarshal[event](t, ok(t, "", append([]string{"event"}, strings.Fields(tt.args)...)...))
			for name, want := range tt.want {
				if got, ok := e.Headers[name]; want == "-" && ok || want != "-" && got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

func newCertificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "client"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestEventModes(t *testing.T) {
	args := []string{"event", "-H", "A: 1", "-H", "A: 2", "--json", `{"x": 1}`, "http://example.com/p?q=1&q=2"}
	single := unmarshal[event](t, ok(t, "", args...))
	if single.HTTPMethod != "POST" || single.Path != "/p" || single.Body != `{"x": 1}` || single.Headers["a"] != "2" || single.Query["q"] != "2" {
		t.Errorf("%+v", single)
	}
	multi := unmarshal[event](t, ok(t, "", append(args, "--multi-value")...))
	if len(multi.MultiValueHeaders["a"]) != 2 || multi.Headers != nil || len(multi.MultiValueQueryForTests["q"]) != 2 {
		t.Errorf("%+v", multi)
	}
	arn := "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/x/1"
	if e := unmarshal[event](t, ok(t, "", append(args, "--target-group-arn", arn)...)); e.RequestContext.ELB.TargetGroupArn != arn {
		t.Errorf("target group %s", e.RequestContext.ELB.TargetGroupArn)
	}

	both := unmarshal[struct{ SingleValue, MultiValue event }](t, ok(t, "hello", "event", "--both", "--data-binary", "@-", "-H", "Content-Type: text/plain", "h"))
	if both.SingleValue.Body != "hello" || both.MultiValue.Body != "hello" || both.SingleValue.Headers == nil || both.MultiValue.MultiValueHeaders == nil {
		t.Errorf("%+v", both)
	}
	if compact := ok(t, "", "--json", "event", "h"); strings.Count(compact, "\n") != 1 {
		t.Errorf("--json takes several lines: %s", compact)
	}
}

// ELB guide, limits of Lambda targets: 1 MB.
func TestEventRefused(t *testing.T) {
	r := run(t, strings.Repeat("x", 1<<20+1), "event", "-d", "@-", "h")
	if r.status != 1 || r.stdout != "" || !strings.Contains(r.stderr, "413 LambdaRequestTooLarge") {
		t.Errorf("%+v", r)
	}
	r = run(t, strings.Repeat("x", 1<<20+1), "--json", "event", "-d", "@-", "h")
	type refusal struct{ Refusal struct{ Status int } }
	if r.status != 1 || r.stderr != "" || unmarshal[refusal](t, r.stdout).Refusal.Status != 413 {
		t.Errorf("%+v", r)
	}
}

func TestUsage(t *testing.T) {
	tests := []struct{ args, want string }{
		{"evnt", "did you mean event?"},
		{"event", "there is no URL"},
		{"event --json h", "albatross --json before the command"},
		{"event h -- x", "event runs no function"},
		{"event h --port", "--port"},
		{"event h --port x", "see albatross event --help"},
		{"event h --xff-mode x", "give append, preserve or remove"},
		{"event h --mtls x", "give verify or passthrough"},
		{"event h --client x", "--client is \"x\""},
		{"event h --login testdata/none", "testdata/none"},
		{"event h --login kit_test.go", "write a JSON object"},
		{"event h --client-cert kit_test.go", "holds no certificate"},
		{"event h --response-header x", "write 'Name: value'"},
		{"event h --url-rewrite x", "a regex, a space"},
		{"event h --unknown", "--unknown is no option"},
		{"invoke h", "there is no function"},
		{"invoke h --package a -- b", "two functions"},
		{"invoke h --timeout 0s -- b", "give a positive one"},
		{"invoke h --env x -- b", "write NAME=value"},
		{"invoke h --env-file kit_test.go -- b", "kit_test.go:1 is no environment variable"},
		{"invoke --event kit_test.go -- b", "is not JSON"},
		{"invoke --event kit_test.go h -- b", "too much"},
		{"explain a b", "b is one argument too many"},
		{"explain --nope", "see albatross explain --help"},
		{"explain testdata/none", "or - for standard input"},
		{"replay -- b", "no file of events"},
		{"replay kit_test.go", "there is no function"},
		{"replay kit_test.go -- b", "is not JSON"},
		{"version x", "too many"},
	}
	for _, tt := range tests {
		t.Run(tt.args, func(t *testing.T) {
			r := run(t, "", strings.Fields(tt.args)...)
			if r.status != 2 || r.stdout != "" || !strings.HasPrefix(r.stderr, "albatross: ") || !strings.Contains(r.stderr, tt.want) {
				t.Errorf("%+v, want %q", r, tt.want)
			}
		})
	}
}

func TestLoginWithoutSubject(t *testing.T) {
	if r := run(t, "", "event", "h", "--login", file(t, "claims.json", `{"email": "a@b"}`)); r.status != 2 || !strings.Contains(r.stderr, "sub") {
		t.Errorf("%+v", r)
	}
}

func TestHelpAndCompletion(t *testing.T) {
	for _, command := range []string{"event", "invoke", "explain", "replay", "version"} {
		if help := ok(t, "", command, "--help"); !strings.Contains(help, "Examples:\n  ") {
			t.Errorf("%s has no examples: %s", command, help)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if script := ok(t, "", "completion", shell); !strings.Contains(script, "albatross") {
			t.Errorf("%s: %s", shell, script)
		}
	}
	offers := ok(t, "", "__complete", "event", "--da")
	if !strings.Contains(offers, "--data-urlencode\t") {
		t.Error(offers)
	}
	if offers := ok(t, "", "__complete", "invoke", "--xff"); strings.Count(offers, "--xff-mode\t") != 1 {
		t.Error(offers)
	}
}
