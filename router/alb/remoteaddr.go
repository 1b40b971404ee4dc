package alb

import (
	"net/netip"
	"strings"
)

// remoteAddr returns "ip:port" of the rightmost entry of the last X-Forwarded-For line: the address that the load balancer
// appended and no client can forge, in the default append mode. The port is 0 unless the listener preserves client ports.
// Whatever is no address gives "".
//
// Source: Elastic Load Balancing guide, "HTTP headers and Application Load Balancers".
func remoteAddr(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	last := lines[len(lines)-1]
	addr, port, ok := parseAddr(strings.Trim(last[strings.LastIndexByte(last, ',')+1:], " \t"))
	if !ok {
		return ""
	}
	return netip.AddrPortFrom(addr.Unmap().WithZone(""), port).String()
}

// parseAddr reads ip, ip:port, [v6], [v6]:port and bare v6.
func parseAddr(s string) (addr netip.Addr, port uint16, ok bool) {
	if addr, err := netip.ParseAddr(s); err == nil {
		return addr, 0, true
	}
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr(), ap.Port(), true
	}
	if inner, found := strings.CutPrefix(s, "["); found {
		if inner, found = strings.CutSuffix(inner, "]"); found {
			addr, err := netip.ParseAddr(inner)
			return addr, 0, err == nil && addr.Is6()
		}
	}
	return netip.Addr{}, 0, false
}
