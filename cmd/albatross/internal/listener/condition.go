package listener

import (
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Quotas that AWS does not raise. ELB guide: "Quotas for your Application Load Balancers"; API reference: "RuleCondition".
const (
	maxValues    = 5   // condition values per rule
	maxWildcards = 6   // condition wildcards per rule
	maxValue     = 128 // characters of a value
	maxName      = 40  // of a header or a method
)

// test is a condition made ready.
type test func(request) bool

// conditions counts what one rule may have only so many of.
type conditions struct {
	tests     []test
	values    int
	wildcards int
	fields    map[string]int
}

func (c *conditions) add(cond Condition, f faults) {
	t := func(request) bool { return false }
	switch cond.Field {
	case "host-header":
		t = c.host(cond, f)
	case "path-pattern":
		t = c.path(cond, f)
	case "http-header":
		t = c.header(cond.HTTPHeaderConfig, f)
	case "http-request-method":
		t = c.method(cond.HTTPRequestMethodConfig, f)
	case "query-string":
		t = c.query(cond.QueryStringConfig, f)
	case "source-ip":
		t = c.source(cond.SourceIPConfig, f)
	default:
		f.add("the field %q does not exist; use host-header, path-pattern, http-header, http-request-method, query-string or source-ip",
			cond.Field)
	}
	c.tests = append(c.tests, t)
	c.fields[cond.Field]++
	if c.fields[cond.Field] == 2 && cond.Field != "http-header" && cond.Field != "query-string" {
		f.add("a rule has at most one %s condition; put the values into one, or into another rule", cond.Field)
	}
}

// check is for what holds for all conditions of a rule together.
func (c *conditions) check(f faults) {
	if c.values > maxValues {
		f.add("the conditions have %d values, at most %d are allowed; split the rule", c.values, maxValues)
	}
	if c.wildcards > maxWildcards {
		f.add("the conditions have %d wildcards, at most %d are allowed; split the rule", c.wildcards, maxWildcards)
	}
}

func (c *conditions) host(cond Condition, f faults) test {
	match := c.patterns(cond.both(cond.HostHeaderConfig, f), true, checkHost, f)
	return func(q request) bool { return match(q.host) }
}

// path compares the path alone, and with its case. ELB guide: "Condition types for listener rules".
func (c *conditions) path(cond Condition, f faults) test {
	p := cond.both(cond.PathPatternConfig, f)
	p.Values = slices.Clone(p.Values)
	for i, v := range p.Values {
		p.Values[i] = strings.ReplaceAll(v, "&amp;", "&") // so it is written
	}
	match := c.patterns(p, false, checkPath, f)
	return func(q request) bool { return match(q.path) }
}

// header looks at the lines one after another: the API reference says "in order until a match is found".
func (c *conditions) header(h *HTTPHeaderConfig, f faults) test {
	if h == nil {
		h = &HTTPHeaderConfig{}
	}
	switch {
	case !isToken(h.HTTPHeaderName) || len(h.HTTPHeaderName) > maxName:
		f.add("HttpHeaderName is %q; give the name of a header, of at most %d characters and without wildcards", h.HTTPHeaderName, maxName)
	case strings.EqualFold(h.HTTPHeaderName, "host"):
		f.add("HttpHeaderName is Host; use a host-header condition")
	}
	match := c.patterns(Patterns{Values: h.Values, RegexValues: h.RegexValues}, true, checkAny, f)
	name := http.CanonicalHeaderKey(h.HTTPHeaderName)
	return func(q request) bool { return slices.ContainsFunc(q.Header[name], match) }
}

func (c *conditions) method(m *HTTPRequestMethodConfig, f faults) test {
	if m == nil || len(m.Values) == 0 {
		f.add("there are no methods; list them in HttpRequestMethodConfig.Values")
		return nil
	}
	c.values += len(m.Values)
	for _, v := range m.Values {
		if v == "" || len(v) > maxName || strings.Trim(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
			f.add("%q is no method for a rule; write it in capital letters, hyphens and underscores, at most %d, without wildcards", v, maxName)
		}
	}
	return func(q request) bool { return slices.Contains(m.Values, q.Method) }
}

// query compares pairs as they were sent: an ALB decodes nothing.
func (c *conditions) query(s *QueryStringConfig, f faults) test {
	if s == nil || len(s.Values) == 0 {
		f.add("there are no values; list them in QueryStringConfig.Values")
		return nil
	}
	type pair struct {
		key, value pattern
		anyKey     bool
	}
	pairs := make([]pair, len(s.Values))
	c.values += len(s.Values)
	for i, v := range s.Values {
		if v.Value == "" {
			f.add(`a value is empty; write one, "*" matches any`)
		}
		checkAny(v.Key, f)
		checkAny(v.Value, f)
		pairs[i] = pair{newPattern(v.Key, true, true), newPattern(v.Value, true, true), v.Key == ""}
		c.wildcards += pairs[i].key.wildcards() + pairs[i].value.wildcards()
	}
	return func(q request) bool {
		for sent := range strings.SplitSeq(q.query, "&") {
			key, value, _ := strings.Cut(sent, "=")
			for _, p := range pairs {
				if sent != "" && (p.anyKey || p.key.match(key)) && p.value.match(value) {
					return true
				}
			}
		}
		return false
	}
}

// source looks at the connection alone: the API reference says that X-Forwarded-For does not count.
func (c *conditions) source(s *SourceIPConfig, f faults) test {
	if s == nil || len(s.Values) == 0 {
		f.add("there are no addresses; list them in SourceIpConfig.Values")
		return nil
	}
	if s.IPAddressType != "" {
		f.add("IpAddressType is for Network Load Balancers; list CIDR blocks in Values, such as 0.0.0.0/0 for IPv4")
	}
	c.values += len(s.Values)
	var blocks []netip.Prefix
	for _, v := range s.Values {
		block, err := netip.ParsePrefix(v)
		if err != nil {
			f.add("%q is no CIDR block; write an address with the length of its prefix, such as 192.0.2.1/32 or 2001:db8::/32", v)
		}
		blocks = append(blocks, block)
	}
	return func(q request) bool {
		client := q.client().WithZone("")
		return slices.ContainsFunc(blocks, func(b netip.Prefix) bool { return b.Contains(client) })
	}
}

// both joins the older form of a condition with the newer. The API answers with the same values in both.
func (cond Condition) both(config *Patterns, f faults) Patterns {
	older := Patterns{Values: cond.Values, RegexValues: cond.RegexValues}
	if config == nil {
		return older
	}
	join := func(older, newer []string) []string {
		switch {
		case len(newer) == 0:
			return older
		case len(older) > 0 && !slices.Equal(older, newer):
			f.add("the condition has other values than its configuration; leave those of the condition out")
		}
		return newer
	}
	return Patterns{join(older.Values, config.Values), join(older.RegexValues, config.RegexValues)}
}

// patterns makes a function that tells whether one of them matches, and counts them.
func (c *conditions) patterns(p Patterns, fold bool, check func(string, faults), f faults) func(string) bool {
	switch {
	case len(p.Values) == 0 && len(p.RegexValues) == 0:
		f.add("there are no values; list them in Values or RegexValues")
	case len(p.Values) > 0 && len(p.RegexValues) > 0:
		f.add("there are Values and RegexValues; use one of them")
	}
	c.values += len(p.Values) + len(p.RegexValues)
	patterns := make([]pattern, 0, len(p.Values))
	for _, v := range p.Values {
		if v == "" {
			f.add(`a value is empty; write one`)
		}
		check(v, f)
		compiled := newPattern(v, fold, false)
		c.wildcards += compiled.wildcards()
		patterns = append(patterns, compiled)
	}
	regexes := make([]*regexp.Regexp, 0, len(p.RegexValues))
	for _, v := range p.RegexValues {
		regexes = append(regexes, compileRegex(v, maxValue, f))
	}
	return func(s string) bool {
		return slices.ContainsFunc(patterns, func(p pattern) bool { return p.match(s) }) ||
			slices.ContainsFunc(regexes, func(re *regexp.Regexp) bool { return re.MatchString(s) })
	}
}
