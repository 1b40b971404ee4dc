package cli

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"github.com/albatross-go/albatross/router/balancer"
)

// balancerFlags are the attributes of the listener and the target group, as every command has them that makes a load balancer.
type balancerFlags struct {
	multiValue      bool
	xffMode         string
	clientPort      bool
	preserveHost    bool
	dropInvalid     bool
	targetGroup     string
	login           string
	clientCert      string
	mutualTLS       string
	responseHeaders []string
	urlRewrite      string
}

func (f *balancerFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.multiValue, "multi-value", false, "the target group has multi-value headers enabled")
	flags.StringVar(&f.xffMode, "xff-mode", "append", "X-Forwarded-For: `append`, preserve or remove")
	flags.BoolVar(&f.clientPort, "client-port", false, "X-Forwarded-For tells the client's port too")
	flags.BoolVar(&f.preserveHost, "preserve-host", false, "leave the Host header as the client sent it")
	flags.BoolVar(&f.dropInvalid, "drop-invalid", false, "drop header fields with invalid names")
	flags.StringVar(&f.targetGroup, "target-group-arn", "", "the `ARN` that events carry")
	flags.StringVar(&f.login, "login", "", "a user with the claims of this JSON `file` has logged in")
	flags.StringVar(&f.clientCert, "client-cert", "", "the client has the certificate in this PEM `file`")
	flags.StringVar(&f.mutualTLS, "mtls", "verify", "how a client's certificate is passed on: `verify` or passthrough")
	flags.StringArrayVar(&f.responseHeaders, "response-header", nil, "the listener sets this `'Name: value'`")
	flags.StringVar(&f.urlRewrite, "url-rewrite", "", "the rule's transform: a `'regex replacement'`, with $1 for the first group")
}

// options are the balancer's. The certificate is that of a client without TLS.
func (f *balancerFlags) options() ([]balancer.Option, error) {
	opts := []balancer.Option{
		balancer.WithMultiValueHeaders(f.multiValue),
		balancer.WithClientPort(f.clientPort),
		balancer.WithPreserveHost(f.preserveHost),
		balancer.WithDropInvalidHeaders(f.dropInvalid),
	}
	switch f.xffMode {
	case "append":
	case "preserve":
		opts = append(opts, balancer.WithXForwardedFor(balancer.Preserve))
	case "remove":
		opts = append(opts, balancer.WithXForwardedFor(balancer.Remove))
	default:
		return nil, usage("--xff-mode is %q; give append, preserve or remove", f.xffMode)
	}
	if f.targetGroup != "" {
		opts = append(opts, balancer.WithTargetGroupARN(f.targetGroup))
	}
	for _, add := range []func([]balancer.Option) ([]balancer.Option, error){f.addLogin, f.addCertificate, f.addResponseHeaders, f.addRewrite} {
		var err error
		if opts, err = add(opts); err != nil {
			return nil, err
		}
	}
	return opts, nil
}

// oidc is the login, nil for none.
func (f *balancerFlags) oidc() (login *balancer.OIDC, err error) {
	if f.login == "" {
		return nil, nil
	}
	data, err := readFile(f.login)
	if err != nil {
		return nil, usage("--login: %w; name a JSON file of claims", err)
	}
	var claims map[string]any
	if err := json.Unmarshal(data, &claims); err != nil {
		return nil, usage("--login %s: %w; write a JSON object such as {\"sub\": \"user-1\", \"email\": \"me@example.com\"}", f.login, err)
	}
	defer func() { // it panics at claims that no load balancer would pass on
		if fault := recover(); fault != nil {
			err = usage("--login %s: %v", f.login, fault)
		}
	}()
	return balancer.WithOIDC(claims), nil
}

func (f *balancerFlags) addLogin(opts []balancer.Option) ([]balancer.Option, error) {
	login, err := f.oidc()
	if err != nil || login == nil {
		return opts, err
	}
	return append(opts, login), nil
}

func (f *balancerFlags) addCertificate(opts []balancer.Option) ([]balancer.Option, error) {
	mode := balancer.Verify
	switch f.mutualTLS {
	case "verify":
	case "passthrough":
		mode = balancer.Passthrough
	default:
		return nil, usage("--mtls is %q; give verify or passthrough", f.mutualTLS)
	}
	if f.clientCert == "" {
		return opts, nil
	}
	data, err := readFile(f.clientCert)
	if err != nil {
		return nil, usage("--client-cert: %w; name a PEM file", err)
	}
	var chain []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, usage("--client-cert %s: %w; name a PEM file of certificates", f.clientCert, err)
		}
		chain = append(chain, c)
	}
	if len(chain) == 0 {
		return nil, usage("--client-cert %s holds no certificate; name a PEM file with BEGIN CERTIFICATE in it", f.clientCert)
	}
	return append(opts, balancer.WithClientCertificate(chain...), balancer.WithMutualTLS(mode)), nil
}

func (f *balancerFlags) addResponseHeaders(opts []balancer.Option) ([]balancer.Option, error) {
	for _, line := range f.responseHeaders {
		name, value, ok := strings.Cut(line, ":")
		if !ok || name == "" || strings.ContainsAny(name, " \t\"(),/;<=>?@[\\]{}") {
			return nil, usage("--response-header is %q; write 'Name: value', the name in letters, digits and hyphens", line)
		}
		opts = append(opts, balancer.WithResponseHeader(name, strings.TrimSpace(value)))
	}
	return opts, nil
}

func (f *balancerFlags) addRewrite(opts []balancer.Option) ([]balancer.Option, error) {
	if f.urlRewrite == "" {
		return opts, nil
	}
	pattern, replacement, ok := strings.Cut(f.urlRewrite, " ")
	if !ok {
		return nil, usage("--url-rewrite is %q; write a regex, a space and the replacement", f.urlRewrite)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, usage("--url-rewrite: %w; write a regex, a space and the replacement", err)
	}
	return append(opts, balancer.WithURLRewrite(re, replacement)), nil
}

// readFile reads a file of the user's.
func readFile(name string) ([]byte, error) {
	return os.ReadFile(name) //nolint:gosec // the user's own choice
}
