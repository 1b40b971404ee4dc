package balancer

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// accessLog serialises the lines of concurrent requests.
type accessLog struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *accessLog) write(line string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := io.WriteString(l.w, line)
	return err
}

// accessLine has the 33 fields of an ALB's access log in their order. ELB guide: "Access logs for your
// Application Load Balancer". The load balancer's own name and the connection's ID are made up.
func (b *Balancer) accessLine(v *visit) string {
	const timeForm = "2006-01-02T15:04:05.000000Z"
	r := v.Request
	classification, classificationReason := classify(r)
	priority, actions, targetGroup := "-", "-", "-"
	switch {
	case v.event != nil || strings.HasPrefix(v.Reason, "Lambda") || b.fn == nil:
		priority, actions, targetGroup = "0", "forward", b.targetGroupARN
		if b.rewrite != nil {
			priority = "1" // a default rule cannot have a transform
		}
		if b.login != nil {
			actions = "authenticate," + actions
		}
		if b.firewall != nil {
			actions = "waf," + actions
		}
	case v.Status == http.StatusForbidden:
		actions = "waf"
	}
	traceID, uri, transform := "", "", ""
	if v.event != nil {
		traceID = v.event.header.last("x-amzn-trace-id")
		uri, transform = b.transformed(v)
	}
	targetStatus := "-"
	if v.TargetStatus != 0 {
		targetStatus = strconv.Itoa(v.TargetStatus)
	}
	serverName, cipher, version := tlsNames(r.TLS)
	created := v.Start.UTC().Format(timeForm)
	requestTime, targetTime, responseTime := v.times()

	return strings.Join([]string{
		connectionType(r),
		v.Start.Add(v.Duration).UTC().Format(timeForm),
		"app/local/0123456789abcdef",
		cmp.Or(plain(r.RemoteAddr), "-"),
		"-", // target:port, which a function has not
		requestTime, targetTime, responseTime,
		strconv.Itoa(v.Status),
		targetStatus,
		strconv.Itoa(v.receivedBytes()),
		strconv.Itoa(v.sentBytes),
		quote(requestField(r, v)),
		quote(fmt.Sprintf("%.8192s", r.UserAgent())),
		cipher,
		version,
		plain(targetGroup),
		quote(traceID),
		quote(serverName),
		quote(""), // chosen_cert_arn
		priority,
		created,
		quote(actions),
		quote(""), // redirect_url
		quote(v.Reason),
		quote(""), // target:port_list
		quote(""), // target_status_code_list
		quote(classification),
		quote(classificationReason),
		connectionID(r),
		quote(""), // transformed_host
		quote(uri),
		quote(transform),
	}, " ") + "\n"
}

// transformed tells what the rule's transform made of the URL, if anything.
func (b *Balancer) transformed(v *visit) (uri, status string) {
	before, refusal := parseTarget(v.Request)
	if refusal != nil || b.rewrite == nil {
		return "", ""
	}
	after, _ := b.transform(before)
	if after == before {
		return "", ""
	}
	if uri = after.path; after.query != "" {
		uri += "?" + after.query
	}
	return uri, "TransformSuccess"
}

// times are the three processing times in seconds, -1 when the function was not invoked.
func (v *visit) times() (request, target, response string) {
	if v.dispatched.IsZero() {
		return "-1", "-1", "-1"
	}
	seconds := func(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
	return seconds(v.dispatched.Sub(v.Start)), seconds(v.answered.Sub(v.dispatched)),
		seconds(v.Start.Add(v.Duration).Sub(v.answered))
}

func (v *visit) receivedBytes() int {
	n, _ := requestHeaderSize(v.Request)
	n += len(v.Method) + len(v.Target) + len("  HTTP/1.1\r\n\r\n")
	if v.event != nil {
		n += len(v.event.body)
	}
	return n
}

func connectionType(r *http.Request) string {
	switch {
	case r.TLS == nil:
		return "http"
	case r.ProtoMajor == 2:
		return "h2"
	}
	return "https"
}

// requestField is the request line with the whole URL, and always with a port.
func requestField(r *http.Request, v *visit) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	path := v.Target
	if _, rest, ok := strings.Cut(path, "://"); ok && !strings.HasPrefix(path, "/") {
		path = rest[strings.IndexByte(rest+"/", '/'):]
	}
	host, port := splitHost(clientHost(r))
	return v.Method + " " + scheme + "://" + host + ":" + cmp.Or(port, listenerPort(r)) + path + " " + cmp.Or(r.Proto, "HTTP/1.1")
}

// connectionID is the same for all requests between two addresses.
func connectionID(r *http.Request) string {
	h := fnv.New128a()
	_, _ = fmt.Fprint(h, r.RemoteAddr, " ", r.Context().Value(http.LocalAddrContextKey))
	return fmt.Sprintf("TID_%x", h.Sum(nil))
}

// tlsNames are the names that OpenSSL uses, as an ALB does.
func tlsNames(state *tls.ConnectionState) (serverName, cipher, version string) {
	if state == nil {
		return "", "-", "-"
	}
	cipher = tls.CipherSuiteName(state.CipherSuite)
	if state.Version < tls.VersionTLS13 {
		cipher = strings.NewReplacer("TLS_RSA_WITH_", "", "TLS_", "", "_WITH_", "-", "AES_", "AES", "_CBC", "",
			"POLY1305_SHA256", "POLY1305", "_", "-").Replace(cipher)
	}
	return state.ServerName, cipher, strings.Replace(tls.VersionName(state.Version), " ", "v", 1)
}

// classify sorts a request by how far it is from RFC 9112. ELB guide: "Access logs for your Application
// Load Balancer", classification reasons. net/http refuses or hides what would give other reasons.
func classify(r *http.Request) (class, reason string) {
	for _, values := range r.Header {
		for _, v := range values {
			if v == "" {
				return "Ambiguous", "EmptyHeader"
			}
			if strings.ContainsFunc(v, func(c rune) bool { return c > 0x7e }) {
				class, reason = "Acceptable", "NonCompliantHeader"
			}
		}
	}
	if class == "" && (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.Header.Get("Content-Length") == "0" {
		return "Acceptable", "GetHeadZeroContentLength"
	}
	return class, reason
}

// quote puts a field in double quotes, "-" if it is empty.
func quote(s string) string { return `"` + cmp.Or(plain(s), "-") + `"` }

// plain writes bytes that could end a field or a line as \xHH.
func plain(s string) string {
	var out strings.Builder
	for _, c := range []byte(s) {
		if c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			fmt.Fprintf(&out, `\x%02X`, c)
		} else {
			out.WriteByte(c)
		}
	}
	return out.String()
}
