package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"

	"github.com/spf13/pflag"

	"github.com/albatross-go/albatross/cmd/albatross/internal/curl"
)

// connectionFlags describe the connection of a request that never was on a network, beyond what its URL says.
type connectionFlags struct {
	https  bool
	port   uint16
	client string
}

func (f *connectionFlags) add(flags *pflag.FlagSet) {
	flags.BoolVar(&f.https, "https", false, "the listener is HTTPS, whatever the URL says")
	flags.Uint16Var(&f.port, "port", 0, "the listener's port, whatever the URL says")
	flags.StringVar(&f.client, "client", "", "the client's `address`, such as 203.0.113.7 or 203.0.113.7:51234")
}

// request reads curl's arguments.
func (f *connectionFlags) request(ctx context.Context, args []string, stdin io.Reader) (*http.Request, error) {
	r, err := curl.Request(ctx, args, stdin)
	if errors.Is(err, curl.ErrNoURL) && slices.Contains(args, "--json") {
		return nil, usage("%w; here --json is curl's and sends JSON, while albatross --json before the command's name prints it", err)
	}
	if err != nil {
		return nil, &usageError{err}
	}
	addr, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if f.https && r.TLS == nil {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
		if addr.Port == 80 {
			addr.Port = 443
		}
	}
	if f.port != 0 {
		addr.Port = int(f.port)
	}
	if f.client == "" {
		return r, nil
	}
	if _, err := netip.ParseAddrPort(f.client); err != nil {
		ip, err := netip.ParseAddr(f.client)
		if err != nil {
			return nil, usage("--client is %q, which is no address; write 203.0.113.7, 203.0.113.7:51234 or 2001:db8::7", f.client)
		}
		f.client = netip.AddrPortFrom(ip, 0).String()
	}
	r.RemoteAddr = f.client
	return r, nil
}
