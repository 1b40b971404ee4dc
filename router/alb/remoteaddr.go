package alb

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
)

// noPort makes net/http's RemoteAddr of an address whose port is not known. It stands in a builder's text behind b.forwarded.
const noPort = ":0"

// remoteAddr returns "ip:port" of the rightmost entry of the last X-Forwarded-For line: the address that the load balancer
// appended and no client can forge, in the default append mode. The port is 0 unless the listener preserves client ports.
// Whatever is no address gives "".
//
// Source: Elastic Load Balancing guide, "HTTP headers and Application Load Balancers".
func (b *builder) remoteAddr(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	last := lines[len(lines)-1]
	entry := strings.Trim(last[strings.LastIndexByte(last, ',')+1:], " \t")
	addr, port, ok := parseAddr(entry)
	if !ok {
		return ""
	}
	if text := b.string(b.forwarded); addr.Is4() && !strings.Contains(entry, ":") && strings.HasSuffix(text, entry) {
		return b.done[b.forwarded.end-len(entry) : b.forwarded.end+len(noPort)] // as below, but there already
	}
	return net.JoinHostPort(addr.Unmap().WithZone("").String(), strconv.Itoa(int(port)))
}

// parseAddr reads ip, ip:port, [v6], [v6]:port and bare v6.
func parseAddr(s string) (addr netip.Addr, port uint16, ok bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr, 0, true
	}
	bracketed := strings.HasPrefix(s, "[")
	if bracketed && strings.HasSuffix(s, "]") {
		s += noPort
	}
	host, digits, err := net.SplitHostPort(s)
	if err != nil {
		return netip.Addr{}, 0, false
	}
	n, err := strconv.ParseUint(digits, 10, 16)
	if err != nil {
		return netip.Addr{}, 0, false
	}
	addr, err = netip.ParseAddr(host)
	return addr, uint16(n), err == nil && addr.Is6() == bracketed
}
