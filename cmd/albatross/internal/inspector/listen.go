package inspector

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Listen listens on a loopback address, such as "127.0.0.1:8081". Without a host, as in ":8081", it is 127.0.0.1. It refuses any
// other address.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("inspector: %q is no address; give host and port, such as 127.0.0.1:8081", addr)
	}
	if host == "" || strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	if ip, err := netip.ParseAddr(host); err != nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("inspector: %s is not loopback, and the inspector shows secrets; give 127.0.0.1 or [::1], and forward a port to it", addr)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, port))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("inspector: %s is in use by another program; end that, or choose another port: %w", addr, err)
	case err != nil:
		return nil, fmt.Errorf("inspector: cannot listen on %s: %w", addr, err)
	}
	return l, nil
}
