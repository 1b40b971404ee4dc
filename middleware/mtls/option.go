package mtls

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Option changes what [Passthrough] or [VerifiedByALB] returns.
type Option interface{ apply(c *config) }

type config struct {
	names    HeaderNames
	optional bool
	usages   []x509.ExtKeyUsage
}

type option func(*config)

func (o option) apply(c *config) { o(c) }

func newConfig(opts []Option) *config {
	c := &config{names: defaultNames()}
	for _, o := range opts {
		if o == nil {
			panic("mtls: an option is nil; leave it out")
		}
		o.apply(c)
	}
	return c
}

// Optional lets requests without a certificate through [Passthrough]. [CertificateFromContext] then returns false, and it is for
// the handler to say what such a client may do. A certificate that does not verify is refused all the same.
//
// Safe only when the load balancer removes the header that a client without a certificate sends, which is not documented: try it.
func Optional() Option {
	return option(func(c *config) { c.optional = true })
}

// WithKeyUsages sets what a certificate may be for to be accepted by [Passthrough]; one of the usages is enough. The default is
// [x509.ExtKeyUsageClientAuth]. A certificate that names no usage is for every one (RFC 5280, section 4.2.1.12). It panics without
// a usage.
//
// Safe only when every holder of a certificate for these usages may be a client: with [x509.ExtKeyUsageServerAuth] or
// [x509.ExtKeyUsageAny] each of your servers is one.
func WithKeyUsages(usages ...x509.ExtKeyUsage) Option {
	if len(usages) == 0 {
		panic("mtls: WithKeyUsages was given no usage; name one, or leave it out for x509.ExtKeyUsageClientAuth")
	}
	usages = slices.Clone(usages)
	return option(func(c *config) { c.usages = usages })
}

// HeaderNames are the names of the headers that a listener writes, of which a field that is "" stands for the default. They are the
// listener's attributes routing.http.request.x_amzn_mtls_clientcert.header_name and so on.
//
// Source: Elastic Load Balancing guide, "HTTP header modification for your Application Load Balancer".
type HeaderNames struct {
	Chain        string // X-Amzn-Mtls-Clientcert, the only one in passthrough mode
	SerialNumber string // X-Amzn-Mtls-Clientcert-Serial-Number
	Issuer       string // X-Amzn-Mtls-Clientcert-Issuer
	Subject      string // X-Amzn-Mtls-Clientcert-Subject
	Validity     string // X-Amzn-Mtls-Clientcert-Validity
	Leaf         string // X-Amzn-Mtls-Clientcert-Leaf
}

func defaultNames() HeaderNames {
	return HeaderNames{
		Chain:        "X-Amzn-Mtls-Clientcert",
		SerialNumber: "X-Amzn-Mtls-Clientcert-Serial-Number",
		Issuer:       "X-Amzn-Mtls-Clientcert-Issuer",
		Subject:      "X-Amzn-Mtls-Clientcert-Subject",
		Validity:     "X-Amzn-Mtls-Clientcert-Validity",
		Leaf:         "X-Amzn-Mtls-Clientcert-Leaf",
	}
}

// WithHeaderNames is for a listener that renames its headers. A renamed header is no longer read under its default name, and is
// kept from handlers under both. Upper and lower case are the same. It panics if a name is not one for a header, or names two.
//
// Names that a client cannot guess make it harder to forge the headers. Treat them as secrets then.
func WithHeaderNames(names HeaderNames) Option {
	defaults := defaultNames()
	names = HeaderNames{
		Chain:        headerName(names.Chain, defaults.Chain),
		SerialNumber: headerName(names.SerialNumber, defaults.SerialNumber),
		Issuer:       headerName(names.Issuer, defaults.Issuer),
		Subject:      headerName(names.Subject, defaults.Subject),
		Validity:     headerName(names.Validity, defaults.Validity),
		Leaf:         headerName(names.Leaf, defaults.Leaf),
	}
	all := names.all()
	for i, name := range all {
		if slices.Contains(all[:i], name) {
			panic(fmt.Sprintf("mtls: WithHeaderNames was given %q for two headers; give each a name of its own", name))
		}
	}
	return option(func(c *config) { c.names = names })
}

func headerName(name, byDefault string) string {
	if name == "" {
		return byDefault
	}
	if strings.ContainsFunc(name, notToken) {
		panic(fmt.Sprintf("mtls: WithHeaderNames was given %q; give the name of a header, as the listener's attribute has it", name))
	}
	return http.CanonicalHeaderKey(name)
}

func (n *HeaderNames) all() []string {
	return []string{n.Chain, n.SerialNumber, n.Issuer, n.Subject, n.Validity, n.Leaf}
}

// notToken reports what is no tchar of RFC 9110, section 5.6.2.
func notToken(c rune) bool {
	return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", c)
}
