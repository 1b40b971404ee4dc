package balancer

import "fmt"

// A Refusal is an answer that the load balancer gives by itself.
type Refusal struct {
	Status int    // HTTP status that the client sees
	Reason string // error_reason of the access log; "" where an ALB writes "-"
	Detail string // what was wrong
	Remedy string // how to mend it
}

// Error is one line: status, reason, what was wrong and the remedy.
func (e *Refusal) Error() string {
	return fmt.Sprintf("balancer: %d %s", e.Status, e.text())
}

// text is the refusal without its status, on one line.
func (e *Refusal) text() string {
	s := e.Detail + "; " + e.Remedy
	if e.Reason != "" {
		s = e.Reason + ": " + s
	}
	return oneLine(s)
}
