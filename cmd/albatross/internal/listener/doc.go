/*
Package listener is the part of an ALB in front of its target groups: a listener's rules. A request is held against the rules in the
order of their priority; the first whose conditions are all met says what happens, or else the default rule: forward to a target
group, redirect, or answer with a fixed response.

	l, err := listener.New(config.Rules, map[string]http.Handler{"orders": orders, "users": users})
	if err != nil {
		return err // everything that an ALB would not accept, one fault per line
	}
	server := &http.Server{Handler: l}

The semantics are those of the Elastic Load Balancing user guide ("ELB guide" in comments) and the API reference:

  - path-pattern compares the path alone, with its case; host-header, http-header and query-string without;
  - "*" is any number of characters, "?" is one; in a query's values \* and \? are the characters themselves;
  - a header that came several times meets a condition with any of its lines; names of methods are compared exactly;
  - source-ip is the address of the connection, never one in X-Forwarded-For;
  - transforms change what the target sees, not which rule is picked; when one makes no valid URL or host, the answer is 500;
  - a redirect keeps what it does not name, and always writes the port into Location; one that leads to itself is refused;
  - authenticate-oidc, authenticate-cognito and jwt-validation let everyone pass as the one user whom the tool logs in, also
    without HTTPS; without such a user they are a fault, unless the action says to allow clients without a login.

Stickiness of target groups works by the cookies AWSALBTG and AWSALBTGCORS. Their value is not encrypted here.

# Where AWS is silent

Paths, queries and hosts are compared as they were sent: nothing is decoded, and double slashes stay. A host is compared without its
port. A "?" of a pattern is one Unicode character; case is that of ASCII letters. In a path pattern both & and &amp; are &. A key
without "=" in a query has an empty value, and a condition without a key does not look at keys.

Regular expressions may match anywhere unless they have ^ or $, with case, in Go's syntax without Unicode classes. A transform
replaces every match; a host is rewritten without its port, which stays. Transforms come in the order of the list, and each looks at
its own part of the original request. A redirect or a fixed response does not see them.

The guide says three values per condition, the quotas five per rule, and practice agrees with the latter, which hold here. The guide
says five wildcards per rule, the quotas six, which hold here. A weight that is not given is 1. When all weights are 0 the answer is
503. The stickiness cookies are renewed with every response. A fixed response without a content type is text/plain; charset=utf-8 is
added to every type, which no page of the guide says. Redirects have the page that an ALB makes for errors too.

What depends on the protocol of the listener is not refused: authentication without HTTPS, a redirect from HTTPS to HTTP. Nor is the
number of rules, which AWS raises on request. Requests that an ALB refuses before it looks at rules are refused by the target, a
balancer.Balancer, so a rule that answers without a target answers these too.
*/
package listener
