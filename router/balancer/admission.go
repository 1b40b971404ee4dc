package balancer

import (
	"net/http"
	"slices"
	"strings"
)

// Limits of a listener. ELB guide: "Quotas for your Application Load Balancers", HTTP headers.
const (
	maxRequestLine = 16 << 10
	maxHeaderLine  = 16 << 10
	maxHeader      = 64 << 10
	maxForwarded   = 30 // addresses in X-Forwarded-For
)

// admit turns away what never gets from a listener to a target.
// ELB guide: "Troubleshoot your Application Load Balancers".
func (b *Balancer) admit(r *http.Request) *Refusal {
	total, longest := requestHeaderSize(r)
	line := len(method(r)) + len(requestTarget(r)) + len("  HTTP/1.1")
	switch {
	case !validName(method(r)):
		return &Refusal{Status: http.StatusBadRequest,
			Detail: "the method is not a token", Remedy: "use letters"}
	case line > maxRequestLine:
		return &Refusal{Status: http.StatusBadRequest,
			Detail: "the request line exceeds 16 K", Remedy: "send long parameters in the body"}
	case longest > maxHeaderLine+len("\r\n"):
		return &Refusal{Status: http.StatusBadRequest,
			Detail: "a header line exceeds 16 K", Remedy: "make cookies and tokens smaller"}
	case total > maxHeader:
		return &Refusal{Status: http.StatusBadRequest,
			Detail: "the headers exceed 64 K", Remedy: "make cookies and tokens smaller"}
	}
	for name, values := range r.Header {
		for _, v := range values {
			if !validName(name) || !validValue(v) {
				return &Refusal{Status: http.StatusBadRequest,
					Detail: "the header " + name + " is malformed", Remedy: "remove control characters and separators"}
			}
		}
	}
	for _, coding := range slices.Concat(r.TransferEncoding, r.Header["Transfer-Encoding"]) {
		if c := strings.ToLower(coding); c != "chunked" && c != "identity" {
			return &Refusal{Status: http.StatusNotImplemented,
				Detail: "the Transfer-Encoding " + coding + " is not supported", Remedy: "use chunked or Content-Length"}
		}
	}
	if listHas(r.Header["Upgrade"], "websocket") {
		return &Refusal{Status: http.StatusBadRequest, Reason: LambdaWebsocketNotSupported,
			Detail: "a Lambda target cannot serve a WebSocket", Remedy: "use an API Gateway WebSocket API, or poll"}
	}
	if forwardedCount(r.Header["X-Forwarded-For"]) > maxForwarded {
		return &Refusal{Status: statusTooManyForwarded,
			Detail: "X-Forwarded-For has more than 30 addresses", Remedy: "look for a proxy that forwards to itself"}
	}
	if b.firewall != nil && b.firewall(r) {
		return &Refusal{Status: http.StatusForbidden,
			Detail: "the firewall blocked the request", Remedy: "see balancer.WithFirewall"}
	}
	return nil
}

// listHas reports whether a comma-separated header has the element, in any case.
func listHas(lines []string, element string) bool {
	for _, line := range lines {
		for e := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(e), element) {
				return true
			}
		}
	}
	return false
}
