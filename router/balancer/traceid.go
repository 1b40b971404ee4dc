package balancer

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// maxTracedHeader is the size of a request's headers up to which a client's trace fields are kept.
const maxTracedHeader = 7 << 10

// addTraceID adds X-Amzn-Trace-Id. ELB guide: "Request tracing for your Application Load Balancer".
func (b *Balancer) addTraceID(f *fields, r *http.Request) {
	const name = "x-amzn-trace-id"
	root, fields := parseTraceID(f.last(name))
	if root == "" {
		root = "Root=" + newTraceID()
		fields = append([]string{root}, fields...)
	} else {
		fields = append([]string{"Self=" + newTraceID(), root}, fields...)
	}
	if size, _ := requestHeaderSize(r); size > maxTracedHeader {
		f.set(name, root)
		return
	}
	f.add(name, strings.Join(fields, ";"))
}

// parseTraceID returns the field Root, "" if there is none, and the others without Self.
func parseTraceID(id string) (root string, rest []string) {
	for field := range strings.SplitSeq(id, ";") {
		field = strings.TrimSpace(field)
		key, value, _ := strings.Cut(field, "=")
		switch key = strings.TrimSpace(key); {
		case field == "" || key == "Self" || !validValue(field) || strings.Contains(field, "\t"):
		case key != "Root":
			rest = append(rest, field)
		case root == "" && strings.TrimSpace(value) != "":
			root = "Root=" + strings.TrimSpace(value)
		}
	}
	return root, rest
}

// newTraceID is a version, the time in seconds and 96 random bits.
func newTraceID() string {
	var id [12]byte
	rand.Read(id[:])
	return fmt.Sprintf("1-%08x-%x", uint32(time.Now().Unix()), id)
}
