package inspector

import (
	"cmp"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// mask stands for a secret, whatever its length.
const mask = "••••••••"

// minSecret is the shortest text that is taken for a secret when it turns up elsewhere. Shorter ones turn up by chance.
const minSecret = 6

// secretWords tell a header that holds credentials: each is a part of its name.
var secretWords = []string{
	"authorization", "cookie", "x-amzn-oidc-", "token", "secret", "password", "credential", "api-key", "apikey", "api_key", "session-id",
}

// isSecret reports whether the values of this header are credentials.
func isSecret(name string) bool { return mentionsSecret(name) }

// mentionsSecret reports whether the name of such a header is in text.
func mentionsSecret(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(text, word) })
}

// maskValue masks the value of a secret header, and leaves what tells no secret: the scheme of an authorization, the names of
// cookies and their attributes.
func maskValue(name, value string) string {
	masked, _ := split(name, value)
	return masked
}

// split returns the masked value and the secrets in it.
func split(name, value string) (masked string, secrets []string) {
	switch strings.ToLower(name) {
	case "cookie":
		pairs := strings.Split(value, ";")
		for i, pair := range pairs {
			var secret string
			pairs[i], secret = splitPair(pair)
			secrets = append(secrets, secret)
		}
		return strings.Join(pairs, ";"), secrets
	case "set-cookie":
		pair, attributes, found := strings.Cut(value, ";")
		pair, secret := splitPair(pair)
		if found {
			pair += ";" + attributes
		}
		return pair, []string{secret}
	case "authorization", "proxy-authorization":
		if scheme, credentials, found := strings.Cut(value, " "); found && isToken(scheme) && credentials != "" {
			return scheme + " " + mask, []string{credentials}
		}
	}
	if value == "" {
		return "", nil
	}
	return mask, []string{value}
}

// splitPair masks the value of a cookie. What has no name is all value.
func splitPair(pair string) (masked, secret string) {
	name, value, found := strings.Cut(pair, "=")
	switch {
	case !found && strings.TrimSpace(pair) == "":
		return pair, ""
	case !found:
		return mask, strings.TrimSpace(pair)
	case value == "":
		return pair, ""
	}
	return name + "=" + mask, strings.Trim(strings.TrimSpace(value), `"`)
}

// masked returns a copy of r without secrets; nil for nil.
func masked(r *record.Record) *record.Record {
	if r == nil {
		return nil
	}
	var found secrets
	m := *r
	m.Request.Headers = found.headers(r.Request.Headers)
	m.Response.Headers = found.headers(r.Response.Headers)
	m.Event.Bytes = found.document(r.Event.Bytes)
	m.Answer.Bytes = found.document(r.Answer.Bytes)

	hide := found.replacer()
	m.Answer.Bytes = []byte(hide.Replace(string(m.Answer.Bytes)))
	m.Response.Body.Bytes = []byte(hide.Replace(string(r.Response.Body.Bytes)))
	for i := range m.Response.Headers {
		m.Response.Headers[i][1] = hide.Replace(m.Response.Headers[i][1])
	}
	m.Error = hide.Replace(r.Error)
	m.Findings = slices.Clone(r.Findings)
	for i, f := range m.Findings { // the first one has the function's error
		m.Findings[i].Field, m.Findings[i].Problem = hide.Replace(f.Field), hide.Replace(f.Problem)
	}
	m.Log = slices.Clone(r.Log)
	for i := range m.Log {
		m.Log[i].Text = hide.Replace(m.Log[i].Text)
	}
	return &m
}

// secrets are those that a record's headers hold.
type secrets []string

func (s *secrets) headers(headers [][2]string) [][2]string {
	headers = slices.Clone(headers)
	for i, h := range headers {
		if isSecret(h[0]) {
			headers[i][1] = s.value(h[0], h[1])
		}
	}
	return headers
}

func (s *secrets) value(name, value string) string {
	masked, found := split(name, value)
	*s = append(*s, found...)
	return masked
}

// inJSON is how a text stands within a JSON string, as far as all languages agree.
var inJSON = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// replacer hides the secrets wherever else they turn up, also within JSON, the longest first, since one may begin with another.
func (s *secrets) replacer() *strings.Replacer {
	slices.SortFunc(*s, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, secret := range *s {
		if len(secret) >= minSecret {
			pairs = append(pairs, inJSON.Replace(secret), mask, secret, mask)
		}
	}
	return strings.NewReplacer(pairs...)
}
