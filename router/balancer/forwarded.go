package balancer

import (
	"net/http"
	"net/netip"
	"strings"
)

// addForwarded adds X-Forwarded-For, -Proto and -Port after whatever the client sent under these names:
// in multi-value mode the last element is the load balancer's, the others are the client's claim.
// ELB guide: "HTTP headers and Application Load Balancers".
func (b *Balancer) addForwarded(f *fields, r *http.Request) {
	const name = "x-forwarded-for"
	switch b.xForwardedFor {
	case Append:
		f.add(name, b.appendClient(f.values[name], r.RemoteAddr))
	case Preserve:
	case Remove:
		f.drop(name)
	}
	proto := "http"
	if r.TLS != nil {
		proto = "https"
	}
	f.add("x-forwarded-proto", proto)
	f.add("x-forwarded-port", listenerPort(r))
}

// appendClient joins the lines that came with the client's own address.
func (b *Balancer) appendClient(lines []string, remoteAddr string) string {
	var list []string
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			list = append(list, line)
		}
	}
	client := clientAddr(remoteAddr)
	ip := client.Addr()
	entry := ip.String()
	switch {
	case b.clientPort:
		entry = client.String()
	case ip.Is6() && len(list) > 0:
		entry = "[" + entry + "]"
	}
	return strings.Join(append(list, entry), ", ")
}

// clientAddr is the address of the connection's other end; 127.0.0.1 when it has none, as for a
// request that was never on a network.
func clientAddr(remoteAddr string) netip.AddrPort {
	addr, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		ip, err := netip.ParseAddr(strings.Trim(remoteAddr, "[]"))
		if err != nil {
			ip = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		addr = netip.AddrPortFrom(ip, 0)
	}
	return netip.AddrPortFrom(addr.Addr().Unmap().WithZone(""), addr.Port())
}

// forwardedCount counts the entries of an X-Forwarded-For header.
func forwardedCount(lines []string) int {
	n := 0
	for _, line := range lines {
		for entry := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(entry) != "" {
				n++
			}
		}
	}
	return n
}
