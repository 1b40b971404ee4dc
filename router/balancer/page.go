package balancer

import (
	"net/http"
	"strconv"
)

// Statuses of an ALB's own making. ELB guide: "Troubleshoot your Application Load Balancers".
const (
	statusClientGone       = 460 // the client closed the connection before the idle timeout
	statusTooManyForwarded = 463 // X-Forwarded-For has more than 30 addresses
)

// page is the page that a client gets with the refusal: it says nothing about the cause.
func (e *Refusal) page() answer {
	title := strconv.Itoa(e.Status)
	if text := statusText(e.Status); text != "" {
		title += " " + text
	}
	return answer{
		status: e.Status,
		header: http.Header{"Content-Type": {"text/html"}},
		body: []byte("<html>\r\n<head><title>" + title + "</title></head>\r\n" +
			"<body>\r\n<center><h1>" + title + "</h1></center>\r\n</body>\r\n</html>\r\n"),
	}
}

// statusText is the reason phrase on an ALB's pages; "" for 460 and 463, which have none.
func statusText(status int) string {
	switch status {
	case http.StatusServiceUnavailable:
		return "Service Temporarily Unavailable"
	case http.StatusGatewayTimeout:
		return "Gateway Time-out"
	}
	return http.StatusText(status)
}
