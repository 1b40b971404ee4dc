package middleware_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
)

// clientIPOf runs the middleware alone, with these X-Forwarded-For lines.
func clientIPOf(lines []string, opts ...middleware.ClientIPOption) netip.Addr {
	var client netip.Addr
	h := middleware.ClientIP(opts...)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		client = middleware.ClientIPFromContext(r.Context())
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header["X-Forwarded-For"] = lines
	h.ServeHTTP(httptest.NewRecorder(), r)
	return client
}

// ipOrZero is the zero Addr for "".
func ipOrZero(s string) (addr netip.Addr) {
	if s != "" {
		addr = netip.MustParseAddr(s)
	}
	return addr
}

func TestClientIPNotation(t *testing.T) {
	tests := []struct{ name, entry, want string }{
		{"IPv4", "203.0.113.9", "203.0.113.9"},
		{"IPv4 with port", "203.0.113.9:54321", "203.0.113.9"},
		{"IPv6", "2001:db8::1", "2001:db8::1"},
		{"IPv6 upper case", "2001:DB8::A", "2001:db8::a"},
		{"IPv6 in brackets", "[2001:db8::1]", "2001:db8::1"},
		{"IPv6 with port", "[2001:db8::1]:54321", "2001:db8::1"},
		{"all of IPv6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"},
		{"IPv6 loopback", "::1", "::1"},
		{"mapped", "::ffff:203.0.113.9", "203.0.113.9"},
		{"mapped in hexadecimal", "::ffff:cb00:7109", "203.0.113.9"},
		{"mapped with port", "[::ffff:203.0.113.9]:80", "203.0.113.9"},
		{"mapped with zone", "::ffff:203.0.113.9%eth0", "203.0.113.9"},
		{"zone", "fe80::1%eth0", "fe80::1"},
		{"zone with port", "[fe80::1%eth0]:80", "fe80::1"},
		{"space and tab", " \t203.0.113.9\t ", "203.0.113.9"},

		{"empty", "", ""},
		{"space", " ", ""},
		{"a name", "localhost", ""},
		{"unknown, RFC 7239", "unknown", ""},
		{"a name with port", "localhost:80", ""},
		{"IPv4 in brackets", "[203.0.113.9]", ""},
		{"IPv4 in brackets with port", "[203.0.113.9]:80", ""},
		{"no port", "203.0.113.9:", ""},
		{"port of letters", "203.0.113.9:http", ""},
		{"signed port", "203.0.113.9:+80", ""},
		{"port too large", "203.0.113.9:65536", ""},
		{"bracket not closed", "[2001:db8::1", ""},
		{"bracket not opened", "2001:db8::1]", ""},
		{"text after the bracket", "[2001:db8::1]80", ""},
		{"no port after the bracket", "[2001:db8::1]:", ""},
		{"two brackets", "[[2001:db8::1]]", ""},
		{"bracket in the zone", "[fe80::1%x]:80]", ""},
		{"nothing in brackets", "[]:80", ""},
		{"octal", "0203.0.113.9", ""},
		{"three parts", "203.0.113", ""},
		{"IPv4 with zone", "203.0.113.9%eth0", ""},
		{"empty zone", "fe80::1%", ""},
		{"quoted", `"203.0.113.9"`, ""},
		{"prefix", "203.0.113.0/24", ""},
		{"line break", "203.0.113.9\n", ""},
		{"NUL", "203.0.113.9\x00", ""},
		{"30 KB", strings.Repeat("1", 30<<10), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clientIPOf([]string{tt.entry}); got != ipOrZero(tt.want) {
				t.Errorf("%q: %v, want %q", tt.entry, got, tt.want)
			}
			if got := clientIPOf([]string{"198.51.100.1, " + tt.entry}); got != ipOrZero(tt.want) {
				t.Errorf("%q after another: %v, want %q", tt.entry, got, tt.want)
			}
		})
	}
}

func TestClientIPTrust(t *testing.T) {
	proxies := middleware.TrustedProxies(
		netip.MustParsePrefix("10.1.2.3/8"), // of 10.0.0.0/8
		netip.MustParsePrefix("2001:db8:ffff::/48"),
	)
	tests := []struct {
		name  string
		opts  []middleware.ClientIPOption
		lines []string
		want  string
	}{
		{"no line", nil, nil, ""},
		{"the load balancer's entry", nil, []string{"203.0.113.9"}, "203.0.113.9"},
		{"right of the client's", nil, []string{"8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"without space", nil, []string{"8.8.8.8,203.0.113.9"}, "203.0.113.9"},
		{"the last line", nil, []string{"8.8.8.8", "8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"an unreadable last entry", nil, []string{"8.8.8.8, nonsense"}, ""},
		{"an unreadable last line", nil, []string{"8.8.8.8", "nonsense"}, ""},
		{"an empty last entry", nil, []string{"8.8.8.8,"}, ""},
		{"an empty last line", nil, []string{"8.8.8.8", ""}, ""},
		{"30 KB of the client's", nil, []string{strings.Repeat("8.8.8.8, ", 3<<10) + "203.0.113.9"}, "203.0.113.9"},

		{"0 hops", ipHops(0), []string{"8.8.8.8, 203.0.113.9"}, ""},
		{"1 hop", ipHops(1), []string{"8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"2 hops", ipHops(2), []string{"8.8.8.8, 203.0.113.9, 10.0.0.1"}, "203.0.113.9"},
		{"2 hops, exactly", ipHops(2), []string{"203.0.113.9, 10.0.0.1"}, "203.0.113.9"},
		{"2 hops, one passed", ipHops(2), []string{"203.0.113.9"}, ""},
		{"2 hops, other lines do not count", ipHops(2), []string{"8.8.8.8", "203.0.113.9"}, ""},
		{"2 hops, unreadable proxy", ipHops(2), []string{"203.0.113.9, unix:"}, "203.0.113.9"},
		{"2 hops, unreadable client", ipHops(2), []string{"8.8.8.8, unknown, 10.0.0.1"}, ""},
		{"3 hops", ipHops(3), []string{"8.8.8.8, 203.0.113.9, 198.51.100.1, 10.0.0.1"}, "203.0.113.9"},
		{"more hops than anybody has", ipHops(1 << 30), []string{"8.8.8.8, 203.0.113.9"}, ""},

		{"no proxy passed", ipRule(proxies), []string{"8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"one proxy", ipRule(proxies), []string{"8.8.8.8, 203.0.113.9, 10.0.0.1"}, "203.0.113.9"},
		{"two proxies", ipRule(proxies), []string{"8.8.8.8, 203.0.113.9, [2001:db8:ffff::1]:443, 10.0.0.1:80"}, "203.0.113.9"},
		{"a mapped proxy", ipRule(proxies), []string{"8.8.8.8, 203.0.113.9, ::ffff:10.0.0.1"}, "203.0.113.9"},
		{"a proxy with a zone", ipRule(proxies), []string{"8.8.8.8, 203.0.113.9, 2001:db8:ffff::1%eth0"}, "203.0.113.9"},
		{"the client's own proxies", ipRule(proxies), []string{"8.8.8.8, 10.0.0.2, 203.0.113.9, 10.0.0.1"}, "203.0.113.9"},
		{"unreadable between", ipRule(proxies), []string{"203.0.113.9, nonsense, 10.0.0.1"}, ""},
		{"empty between", ipRule(proxies), []string{"203.0.113.9, , 10.0.0.1"}, ""},
		{"unreadable last", ipRule(proxies), []string{"203.0.113.9, 10.0.0.1, nonsense"}, ""},
		{"proxies alone", ipRule(proxies), []string{"10.0.0.2, 10.0.0.1"}, ""},
		{"the search stays in its line", ipRule(proxies), []string{"8.8.8.8", "10.0.0.1"}, ""},
		{"no line, proxies", ipRule(proxies), nil, ""},
		{"everybody is a proxy", ipRule(middleware.TrustedProxies(netip.MustParsePrefix("0.0.0.0/0"))), []string{"8.8.8.8, 203.0.113.9"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := clientIPOf(tt.lines, tt.opts...); got != ipOrZero(tt.want) {
				t.Errorf("%q: %v, want %q", tt.lines, got, tt.want)
			}
		})
	}
}

func ipRule(o middleware.ClientIPOption) []middleware.ClientIPOption {
	return []middleware.ClientIPOption{o}
}

func ipHops(n int) []middleware.ClientIPOption { return ipRule(middleware.TrustedHops(n)) }

func TestClientIPCopiesPrefixes(t *testing.T) {
	prefixes := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	opt := middleware.TrustedProxies(prefixes...)
	prefixes[0] = netip.MustParsePrefix("203.0.113.0/24")
	if got := clientIPOf([]string{"8.8.8.8, 203.0.113.9, 10.0.0.1"}, opt); got != ipOrZero("203.0.113.9") {
		t.Errorf("after the caller's slice has changed: %v", got)
	}
}

func TestClientIPPanics(t *testing.T) {
	prefix := netip.MustParsePrefix("10.0.0.0/8")
	tests := []struct {
		name, want string
		f          func()
	}{
		{"both options", "takes one option", func() { middleware.ClientIP(middleware.TrustedHops(2), middleware.TrustedProxies(prefix)) }},
		{"one twice", "takes one option", func() { middleware.ClientIP(middleware.TrustedHops(1), middleware.TrustedHops(2)) }},
		{"nil", "nil option", func() { middleware.ClientIP(nil) }},
		{"negative", "-1", func() { middleware.TrustedHops(-1) }},
		{"no prefix", "no prefix", func() { middleware.TrustedProxies() }},
		{"invalid", "invalid prefix", func() { middleware.TrustedProxies(prefix, netip.Prefix{}) }},
		{"mapped", "::ffff:10.0.0.0/104", func() { middleware.TrustedProxies(netip.MustParsePrefix("::ffff:10.0.0.0/104")) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer func() {
				text, _ := recover().(string)
				if !strings.HasPrefix(text, "middleware: ") || !strings.Contains(text, tt.want) || !strings.Contains(text, ";") {
					t.Errorf("panic %q, want what was wrong (%s) and the remedy", text, tt.want)
				}
			}()
			tt.f()
		})
	}
}

// TestClientIPInner: the rule nearest to the handler decides, also when it finds nobody.
func TestClientIPInner(t *testing.T) {
	outer, inner := middleware.ClientIP(), middleware.ClientIP(middleware.TrustedHops(0))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Forwarded-For", "203.0.113.9")
	outer(inner(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := middleware.ClientIPFromContext(r.Context()); got.IsValid() {
			t.Errorf("inside: %v", got)
		}
	}))).ServeHTTP(httptest.NewRecorder(), r)
	if got := middleware.ClientIPFromContext(r.Context()); got.IsValid() {
		t.Errorf("outside of the chain: %v", got)
	}
}

// TestClientIPBehindALB goes through a load balancer, whose listener does each of what it can do with the header.
func TestClientIPBehindALB(t *testing.T) {
	tests := []struct {
		name       string
		opts       []balancer.Option
		middleware []middleware.ClientIPOption
		forged     []string
		want       string
	}{
		{"append", nil, nil, nil, "127.0.0.1"},
		{"append, forged", nil, nil, []string{"8.8.8.8"}, "127.0.0.1"},
		{"append, two forged lines", nil, nil, []string{"8.8.8.8", "9.9.9.9, 7.7.7.7"}, "127.0.0.1"},
		{"append, forged nonsense", nil, nil, []string{"nonsense,,,"}, "127.0.0.1"},
		{"append, client port", []balancer.Option{balancer.WithClientPort(true)}, nil, []string{"8.8.8.8"}, "127.0.0.1"},
		{"append, CloudFront in front", nil, ipHops(2), []string{"8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"append, proxy in front", nil, ipRule(middleware.TrustedProxies(netip.MustParsePrefix("127.0.0.0/8"))), []string{"8.8.8.8, 203.0.113.9"}, "203.0.113.9"},
		{"preserve, trust nobody", []balancer.Option{balancer.WithXForwardedFor(balancer.Preserve)}, ipHops(0), []string{"8.8.8.8"}, ""},
		{"remove", []balancer.Option{balancer.WithXForwardedFor(balancer.Remove)}, nil, []string{"8.8.8.8"}, ""},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+"/"+mode.String(), func(t *testing.T) {
				s := albtest.NewServer(middleware.ClientIP(tt.middleware...)(http.HandlerFunc(printClientIP)),
					append(tt.opts, balancer.WithMultiValueHeaders(mode == albtest.MultiValue))...)
				defer s.Close()
				if got := askClientIP(t, s.Client(), s.URL, tt.forged); got != ipOrZero(tt.want).String() {
					t.Errorf("%s, want %q", got, tt.want)
				}
			})
		}
	}
}

// TestClientIPOnServer: without a load balancer in front nobody vouches for anything, and RemoteAddr does not step in.
func TestClientIPOnServer(t *testing.T) {
	s := httptest.NewServer(middleware.ClientIP()(http.HandlerFunc(printClientIP)))
	defer s.Close()
	if got := askClientIP(t, s.Client(), s.URL, nil); got != "invalid IP" {
		t.Errorf("%s", got)
	}
	if got := askClientIP(t, s.Client(), s.URL, []string{"8.8.8.8", "9.9.9.9, 203.0.113.9"}); got != "203.0.113.9" {
		t.Errorf("behind a proxy: %s", got)
	}
}

func printClientIP(w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, middleware.ClientIPFromContext(r.Context()))
}

func askClientIP(t *testing.T, client *http.Client, url string, lines []string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header["X-Forwarded-For"] = lines
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// FuzzClientIP: whatever the client writes, the address is the one that the first trusted proxy appended.
func FuzzClientIP(f *testing.F) {
	f.Add("8.8.8.8", "9.9.9.9", []byte{203, 0, 113, 9}, uint8(1), uint8(0))
	f.Add("10.0.0.1, ", "", []byte{10, 0, 0, 9}, uint8(3), uint8(1))
	f.Add("[", "203.0.113.9,,", []byte("\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01"), uint8(2), uint8(2))
	f.Add("10.0.0.1\n%", "::ffff:10.0.0.1", []byte("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\x0a\x00\x00\x01"), uint8(2), uint8(5))
	proxies := netip.MustParsePrefix("10.0.0.0/8")
	f.Fuzz(func(t *testing.T, forgedLine, forged string, ip []byte, passed, notation uint8) {
		client, ok := netip.AddrFromSlice(ip)
		if !ok {
			return
		}
		n := int(passed%5) + 1 // proxies, each of which appends whom it heard from: the client, then the proxy before
		honest := writeForwarded(client, notation)
		for i := 1; i < n; i++ {
			honest += ", " + writeForwarded(netip.AddrFrom4([4]byte{10, 0, notation, byte(i)}), notation>>i)
		}
		want := client.Unmap()
		for _, lines := range [][]string{
			{honest},
			{forged + "," + honest},
			{forged + ", " + honest},
			{forgedLine, honest},
			{forgedLine, forged, forged + "," + honest},
		} {
			if got := clientIPOf(lines, middleware.TrustedHops(n)); got != want {
				t.Errorf("%d hops, %q: %v, want %v", n, lines, got, want)
			}
			if n == 1 {
				if got := clientIPOf(lines); got != want {
					t.Errorf("%q: %v, want %v", lines, got, want)
				}
			}
			if proxies.Contains(want) {
				continue // a proxy that lies is not told from one that does not
			}
			if got := clientIPOf(lines, middleware.TrustedProxies(proxies)); got != want {
				t.Errorf("proxies, %q: %v, want %v", lines, got, want)
			}
		}
	})
}

// writeForwarded writes an address in one of the notations that proxies use.
func writeForwarded(addr netip.Addr, notation uint8) string {
	s := addr.String()
	if notation&1 != 0 {
		s = netip.AddrPortFrom(addr, 54321).String()
	} else if notation&2 != 0 && addr.Is6() {
		s = "[" + s + "]"
	}
	return s
}

func TestClientIPAllocations(t *testing.T) {
	for _, line := range []string{"8.8.8.8, 203.0.113.9", "8.8.8.8, 203.0.113.9:54321", "8.8.8.8, [2001:db8::1]:54321"} {
		h, w, r := clientIPBench(line)
		if n := testing.AllocsPerRun(100, func() { h.ServeHTTP(w, r) }); n > 3 {
			t.Errorf("%q: %v allocations, want 3", line, n)
		}
	}
}

func BenchmarkClientIP(b *testing.B) {
	for _, tt := range []struct{ name, line string }{
		{"rightmost", "203.0.113.9"},
		{"30 KB forged", strings.Repeat("8.8.8.8, ", 3<<10) + "203.0.113.9"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			h, w, r := clientIPBench(tt.line)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

func clientIPBench(line string) (http.Handler, http.ResponseWriter, *http.Request) {
	h := middleware.ClientIP()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Forwarded-For", line)
	return h, httptest.NewRecorder(), r
}

func ExampleClientIP() {
	whatIsMyIP := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, middleware.ClientIPFromContext(r.Context()))
	})
	r := httptest.NewRequest(http.MethodGet, "/whatismyip", nil)
	r.RemoteAddr = "203.0.113.9:54321"
	r.Header.Set("X-Forwarded-For", "8.8.8.8") // forged; the load balancer appends to it

	t := new(testing.T) // your test's own
	res := albtest.Do(t, middleware.ClientIP()(whatIsMyIP), r, albtest.SingleValue)
	body, _ := io.ReadAll(res.Body)
	fmt.Print(string(body))
	// Output: 203.0.113.9
}

func ExampleClientIPFromContext() {
	member := netip.MustParsePrefix("192.0.2.0/24")
	h := middleware.ClientIP()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		client := middleware.ClientIPFromContext(r.Context())
		fmt.Println(client, client.IsValid(), member.Contains(client))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h.ServeHTTP(httptest.NewRecorder(), r) // nothing stands in front
	r.Header.Set("X-Forwarded-For", "192.0.2.7")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output:
	// invalid IP false false
	// 192.0.2.7 true true
}

func ExampleTrustedHops() {
	// CloudFront, then the load balancer.
	h := middleware.ClientIP(middleware.TrustedHops(2))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(middleware.ClientIPFromContext(r.Context()))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Forwarded-For", "8.8.8.8, 203.0.113.9, 198.51.100.20") // forged, by CloudFront, by the load balancer
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output: 203.0.113.9
}

func ExampleTrustedProxies() {
	// Another load balancer in these subnets, then this one. Whoever comes straight to this one is told from those who do not.
	proxies := middleware.TrustedProxies(netip.MustParsePrefix("10.0.1.0/24"), netip.MustParsePrefix("10.0.2.0/24"))
	h := middleware.ClientIP(proxies)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(middleware.ClientIPFromContext(r.Context()))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, forwarded := range []string{"8.8.8.8, 203.0.113.9, 10.0.1.20", "8.8.8.8, 10.0.7.7"} {
		r.Header.Set("X-Forwarded-For", forwarded)
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	// Output:
	// 203.0.113.9
	// 10.0.7.7
}
