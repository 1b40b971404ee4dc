package balancer

import (
	"net/http"
	"slices"
	"strconv"
)

// write sends the answer and returns its size on the wire, which is known but for what net/http adds.
func (b *Balancer) write(w http.ResponseWriter, r *http.Request, a answer) (size int) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	h.Set("Server", "awselb/2.0")
	body := a.body
	if !bodyAllowed(a.status) {
		body = nil
	} else {
		if len(body) > 0 && h.Get("Content-Type") == "" {
			h.Set("Content-Type", "application/octet-stream")
		}
		if r.Method != http.MethodHead || len(body) > 0 { // the length of what a GET would have got is not known
			h.Set("Content-Length", strconv.Itoa(len(body)))
		}
	}
	for name, values := range b.responseHeader {
		h[name] = slices.Clone(values)
	}
	if r.Method == http.MethodHead {
		body = nil
	}
	size, _ = headerSize(h)
	size += len("HTTP/1.1 200 ") + len(http.StatusText(a.status)) + len("\r\n\r\n") + len(body)
	w.WriteHeader(a.status)
	if len(body) > 0 {
		w.Write(body) // fails only when the client is gone
	}
	return size
}
