package balancer

import (
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// An Option configures a [Balancer]. The defaults are those of a new listener and a new target group.
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	multiValue      bool
	targetGroupARN  string
	xForwardedFor   XForwardedFor
	clientPort      bool
	preserveHost    bool
	dropInvalid     bool
	functionTimeout time.Duration
	healthPath      string
	healthInterval  time.Duration
	accessLog       *accessLog
	errorLog        *log.Logger
	observer        func(Exchange)
	rewrite         *regexp.Regexp
	replacement     string
	firewall        func(*http.Request) bool
	responseHeader  http.Header
	mutualTLS       MutualTLS
	certificates    []*x509.Certificate // of every client, in place of the connection's
	login           *OIDC
}

// XForwardedFor says what becomes of the X-Forwarded-For header: the load balancer's attribute
// routing.http.xff_header_processing.mode.
type XForwardedFor int

// The three modes of X-Forwarded-For.
const (
	Append   XForwardedFor = iota // the client's address is appended; the default
	Preserve                      // the header is passed on as the client sent it, so it proves nothing
	Remove                        // the function sees no such header
)

// MutualTLS says how the listener treats client certificates. The zero value is off: the function
// sees no certificate headers but those that a client made up.
type MutualTLS int

// The two modes that pass a client's certificate on.
const (
	Verify      MutualTLS = iota + 1 // the certificate was verified by the listener, its fields are passed on
	Passthrough                      // the whole chain is passed on unverified
)

// WithMultiValueHeaders sets the target group's attribute lambda.multi_value_headers.enabled. It is
// off by default, as on AWS: repeated headers and query keys lose all values but the last.
func WithMultiValueHeaders(on bool) Option {
	return optionFunc(func(c *config) { c.multiValue = on })
}

// WithTargetGroupARN sets the ARN that events carry. The default names a target group "local" in
// account 123456789012.
func WithTargetGroupARN(arn string) Option {
	return optionFunc(func(c *config) { c.targetGroupARN = arn })
}

// WithXForwardedFor sets the attribute routing.http.xff_header_processing.mode; the default is [Append].
func WithXForwardedFor(mode XForwardedFor) Option {
	return optionFunc(func(c *config) { c.xForwardedFor = mode })
}

// WithClientPort sets the attribute routing.http.xff_client_port.enabled: X-Forwarded-For then
// carries the client's port too. It has no effect in the modes [Preserve] and [Remove].
func WithClientPort(on bool) Option {
	return optionFunc(func(c *config) { c.clientPort = on })
}

// WithPreserveHost sets the attribute routing.http.preserve_host_header.enabled: the port in the
// Host header is left alone. For a request target in absolute form net/http has replaced the Host
// header before the balancer sees it, so that one difference does not show.
func WithPreserveHost(on bool) Option {
	return optionFunc(func(c *config) { c.preserveHost = on })
}

// WithDropInvalidHeaders sets the attribute routing.http.drop_invalid_header_fields.enabled: request
// headers whose names hold anything but letters, digits and hyphens are dropped.
func WithDropInvalidHeaders(on bool) Option {
	return optionFunc(func(c *config) { c.dropInvalid = on })
}

// WithFunctionTimeout limits each invocation, as the function's own timeout does on Lambda. The
// context handed to the function carries the deadline; when it passes, the client gets a 502 even if
// the function does not listen. The default, 0, sets no limit.
func WithFunctionTimeout(d time.Duration) Option {
	return optionFunc(func(c *config) { c.functionTimeout = d })
}

// WithHealthCheck sets path and interval of the health check. The defaults are "/" and 35 s, and they
// stand in for "" and 0. The option starts nothing: see [Balancer.RunHealthChecks] and
// [Balancer.CheckHealth]. A query in the path is split off at the "?"; AWS does not say what it does.
func WithHealthCheck(path string, interval time.Duration) Option {
	return optionFunc(func(c *config) {
		if path != "" {
			c.healthPath = path
		}
		if interval > 0 {
			c.healthInterval = interval
		}
	})
}

// WithAccessLog writes one line per request to w, in the format of an ALB's access log. Writes are
// serialised; a write error ends up in the error log. The default, and nil, is no access log.
func WithAccessLog(w io.Writer) Option {
	var l *accessLog
	if w != nil {
		l = &accessLog{w: w}
	}
	return optionFunc(func(c *config) { c.accessLog = l })
}

// WithErrorLog says where the developer reads what the client is not told: one line for every refusal,
// 502 and silent loss, with its cure. The default, and nil, is [log.Default].
func WithErrorLog(l *log.Logger) Option {
	return optionFunc(func(c *config) {
		if l == nil {
			l = log.Default()
		}
		c.errorLog = l
	})
}

// WithObserver calls f once per request, after the answer was written and in the same goroutine.
func WithObserver(f func(Exchange)) Option {
	return optionFunc(func(c *config) { c.observer = f })
}

// WithURLRewrite adds the listener rule's transform url-rewrite: every match of re in the path and
// query, as they came, is replaced. In the replacement $1 or ${1} is the first group, as in
// [regexp.Regexp.Expand]. A result that is no path is answered with 500. The function is not told
// the original URL. Whether an ALB replaces each match or the first alone is not documented.
func WithURLRewrite(re *regexp.Regexp, replacement string) Option {
	return optionFunc(func(c *config) { c.rewrite, c.replacement = re, replacement })
}

// WithFirewall stands in for AWS WAF: a request for which blocked returns true is answered with 403. The request's body is the balancer's to read.
func WithFirewall(blocked func(*http.Request) bool) Option {
	return optionFunc(func(c *config) { c.firewall = blocked })
}

// WithResponseHeader adds a listener attribute of the kind routing.http.response.*.header_value: the
// value replaces whatever the function set under that name. It may be given several times. Whether an
// ALB adds the header to its own error pages too is not documented; here it does.
func WithResponseHeader(name, value string) Option {
	return optionFunc(func(c *config) {
		if c.responseHeader == nil {
			c.responseHeader = make(http.Header)
		}
		c.responseHeader.Set(name, value)
	})
}

// WithMutualTLS passes the client's certificate on in x-amzn-mtls-clientcert headers. The certificate
// comes from the TLS connection, or else see [WithClientCertificate]. Safe only when the server's tls.Config
// asks for it: [Verify] takes it for granted that ClientAuth is RequireAndVerifyClientCert. Without a certificate no header is added;
// and as AWS does not say whether an ALB removes such headers from a client, they are not removed.
func WithMutualTLS(mode MutualTLS) Option {
	return optionFunc(func(c *config) { c.mutualTLS = mode })
}

// WithClientCertificate makes every request one of a client that has this certificate, and proved over
// mutual TLS that it has the key, so that no TLS is needed. The chain begins with the client's own
// certificate. The mode is that of [WithMutualTLS], or else [Verify], which passes on that certificate
// alone. The certificate of a TLS connection is not looked at, and health checks carry none.
//
// In the mode [Verify] an ALB refuses the handshake of a client whose certificate has expired, is revoked
// or does not lead to the trust store. Here it is taken for verified, whatever it is.
//
// WithClientCertificate panics without a certificate, and at one that was not parsed from its DER form.
func WithClientCertificate(chain ...*x509.Certificate) Option {
	if len(chain) == 0 {
		panic("balancer: WithClientCertificate has no certificate; give it the client's, or leave the option out")
	}
	for _, cert := range chain {
		if cert == nil || len(cert.Raw) == 0 {
			panic("balancer: WithClientCertificate has a certificate without its DER form; give it what x509.ParseCertificate returns")
		}
	}
	chain = slices.Clone(chain)
	return optionFunc(func(c *config) { c.certificates = chain })
}
