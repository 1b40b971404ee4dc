package middleware

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// ClientIP finds the client's address in X-Forwarded-For and puts it into the context, for [ClientIPFromContext].
//
// Without an option the client is who opened the connection to the load balancer: the rightmost entry of the last X-Forwarded-For
// line, which the load balancer appended. With other proxies in front of it, say which with one option: [TrustedProxies], or
// [TrustedHops] if their addresses are not known. More than one option panics.
//
// An entry may be an IPv4 or IPv6 address, with or without a port, an IPv6 address also in brackets. An IPv4 address mapped to IPv6
// becomes IPv4, and a zone is dropped. Whatever cannot be read, is missing, or is not vouched for gives the zero [netip.Addr]:
// there is no second guess, and neither RemoteAddr nor another header is asked. So the address of a health check is zero. On a server
// that nothing stands in front of it is whatever the client says: do not use ClientIP there.
//
// Safe only when whoever can reach the function or server comes through the load balancer, and depending on what its attribute
// routing.http.xff_header_processing.mode tells it to do with X-Forwarded-For. A function cannot see that attribute:
//
//   - append, the default: safe.
//   - preserve: the load balancer appends nothing, so whatever is there may be the client's own words. Use TrustedHops(0), or, if
//     nothing can reach the load balancer but proxies that append, leave the load balancer out when you count.
//   - remove: there is nothing to read. The address is always zero.
//
// Earlier X-Forwarded-For lines are never read. In multi-value mode they are the client's alone.
//
// It costs three allocations: TestClientIPAllocations.
//
// Source: Elastic Load Balancing guide, "HTTP headers and Application Load Balancers".
func ClientIP(opts ...ClientIPOption) func(http.Handler) http.Handler {
	if len(opts) > 1 {
		panic("middleware: ClientIP takes one option; choose either TrustedHops or TrustedProxies")
	}
	rule := TrustedHops(1)
	if len(opts) == 1 {
		rule = opts[0]
	}
	if rule == nil {
		panic("middleware: ClientIP was given a nil option; leave it out for one trusted hop")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			var client netip.Addr
			if lines := r.Header["X-Forwarded-For"]; len(lines) > 0 {
				client = rule.client(lines[len(lines)-1])
			}
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientIPKey{}, client)))
		})
	}
}

// ClientIPFromContext returns the address that [ClientIP] found, or the zero [netip.Addr], whose IsValid is false, if it found none
// or is not in the chain. The address is IPv4 or IPv6, never IPv4 mapped to IPv6, and without a zone.
func ClientIPFromContext(ctx context.Context) netip.Addr {
	client, _ := ctx.Value(clientIPKey{}).(netip.Addr)
	return client
}

type clientIPKey struct{}

// ClientIPOption is a rule that tells [ClientIP] which entry is the client's.
type ClientIPOption interface {
	// client finds the client in a list to which each proxy appended, on the right, whom it heard from.
	client(line string) netip.Addr
}

// TrustedHops trusts the n proxies that a request passes last, the load balancer among them, whatever their addresses are. The
// client is the n-th entry from the right: 1, the default, is for a load balancer alone, 2 for CloudFront before it or for two load
// balancers in a row. A Network Load Balancer appends nothing and does not count. 0 trusts nobody: the address is always zero.
// It panics if n is negative.
//
// Safe only when every request passes all n, and each appends. Whoever can go around one of them chooses the address: with n of 2,
// close the load balancer to everything but your own CloudFront distribution, by a VPC origin or by a listener rule on a secret
// header. If n is too small, the address is a proxy's.
func TrustedHops(n int) ClientIPOption {
	if n < 0 {
		panic("middleware: TrustedHops was given " + strconv.Itoa(n) + "; pass the number of proxies, or 0 to trust none")
	}
	return trustedHops(n)
}

type trustedHops int

func (n trustedHops) client(line string) netip.Addr {
	rest, entry, more := line, "", true // an empty entry is nobody's, if n is 0
	for range n {
		if !more {
			return netip.Addr{} // fewer entries than proxies: not all of them were passed
		}
		rest, entry, more = cutLast(rest)
	}
	return parseForwarded(entry)
}

// TrustedProxies trusts the proxies with these addresses. From the right, where the load balancer appended whom it heard from,
// entries of trusted proxies are passed over; the first other one is the client, and whatever is left of it nobody vouches for. An
// entry that is no address ends the search, and so does the end of the list: the address is zero.
//
// Do not name the load balancer itself: its address is in no entry. Before it, name CloudFront's addresses (the AWS managed prefix
// list com.amazonaws.global.cloudfront.origin-facing), or the subnets of another load balancer that stands in front.
//
// It panics without a prefix, and if one is not valid or is of IPv4 addresses mapped to IPv6.
//
// Safe only when every host in the prefixes is a proxy that appends: any of them can choose the address. CloudFront's are shared by
// all its customers, so let the load balancer accept your own distribution alone if the address decides anything.
func TrustedProxies(prefixes ...netip.Prefix) ClientIPOption {
	if len(prefixes) == 0 {
		panic("middleware: TrustedProxies was given no prefix; name one, or leave the option out to trust the load balancer alone")
	}
	for _, p := range prefixes {
		switch {
		case !p.IsValid():
			panic("middleware: TrustedProxies was given an invalid prefix; make it with netip.ParsePrefix and check the error")
		case p.Addr().Is4In6():
			panic("middleware: TrustedProxies was given " + p.String() + ", which no entry can match; write it as an IPv4 prefix")
		}
	}
	return trustedProxies(slices.Clone(prefixes))
}

type trustedProxies []netip.Prefix

func (proxies trustedProxies) client(line string) netip.Addr {
	for rest, more := line, true; more; {
		var entry string
		rest, entry, more = cutLast(rest)
		if addr := parseForwarded(entry); !proxies.contain(addr) { // also where it is zero
			return addr
		}
	}
	return netip.Addr{}
}

func (proxies trustedProxies) contain(addr netip.Addr) bool {
	for _, p := range proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// cutLast cuts the last entry off a list and reports whether there are more.
func cutLast(list string) (rest, entry string, more bool) {
	i := strings.LastIndexByte(list, ',')
	return list[:max(i, 0)], list[i+1:], i >= 0
}

// parseForwarded reads ip, ip:port, [v6], [v6]:port and bare v6. Anything else is the zero Addr.
func parseForwarded(entry string) netip.Addr {
	host, port, hasPort := strings.Trim(entry, " \t"), "", false
	bracketed := strings.HasPrefix(host, "[")
	switch {
	case bracketed:
		inside, after, closed := strings.Cut(host[1:], "]")
		host = inside
		if port, hasPort = strings.CutPrefix(after, ":"); !closed || after != "" && !hasPort {
			return netip.Addr{}
		}
	case strings.Count(host, ":") == 1:
		host, port, hasPort = strings.Cut(host, ":")
	}
	if hasPort {
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return netip.Addr{}
		}
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || bracketed && !addr.Is6() {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}
