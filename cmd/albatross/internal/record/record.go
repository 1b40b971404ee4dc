// Package record is what became of a request: all that the inspector shows, the commands print with --json, and replay reads.
package record

import (
	"strings"
	"time"

	"github.com/albatross-go/albatross/router/balancer"
)

// A Record is one request through the load balancer and everything that is known of it. Byte fields of its JSON are as text where
// they are UTF-8, else in base64; see [Body].
type Record struct {
	ID         int64       `json:"id"`                 // in order of arrival, from 1
	ReplayOf   int64       `json:"replayOf,omitempty"` // the record that was sent again
	Start      time.Time   `json:"start"`
	Duration   float64     `json:"durationMs"`
	Function   string      `json:"function,omitempty"` // "" where the listener answered by itself
	Rule       string      `json:"rule,omitempty"`     // the priority of the listener's rule, or "default"
	MultiValue bool        `json:"multiValueHeaders"`  // the target group's header mode
	Request    Message     `json:"request"`            // as the client sent it
	Event      Body        `json:"event,omitzero"`     // what the function was given
	Answer     Body        `json:"answer,omitzero"`    // what it returned
	Response   Message     `json:"response"`           // what the client got
	Invocation *Invocation `json:"invocation,omitempty"`
	Log        []Line      `json:"log,omitempty"`
	Reason     string      `json:"reason,omitempty"` // error_reason of the access log
	Error      string      `json:"error,omitempty"`  // what the developer is told of a refusal or a failed invocation
	Findings   []Finding   `json:"findings,omitempty"`
}

// A Message is a request or a response. Fields that it does not have are empty.
type Message struct {
	Method  string      `json:"method,omitempty"`
	Target  string      `json:"target,omitempty"` // path and query as sent
	Proto   string      `json:"proto,omitempty"`
	Status  int         `json:"status,omitempty"`
	Headers [][2]string `json:"headers,omitempty"` // name and value, Host first in a request
	Body    Body        `json:"body,omitzero"`
}

// An Invocation is what the function's runtime tells of one event.
type Invocation struct {
	RequestID string  `json:"requestId"`
	Cold      bool    `json:"cold"`             // the first of its process
	Init      float64 `json:"initMs,omitempty"` // of a cold one
	Duration  float64 `json:"durationMs"`
}

// A Line is one that the function printed.
type Line struct {
	Time   time.Time `json:"time"`
	Stderr bool      `json:"stderr,omitempty"`
	Text   string    `json:"text"`
}

// Printed is the text for a terminal. Carriage returns in it are line breaks: Lambda's log takes several lines as one entry so.
func (l Line) Printed() string { return strings.ReplaceAll(l.Text, "\r", "\n") }

// A Finding is a [balancer.Finding].
type Finding struct {
	Reason  string `json:"reason,omitempty"` // of the 502 that it causes; "" for what is altered or dropped in silence
	Field   string `json:"field,omitempty"`
	Problem string `json:"problem"`
	Remedy  string `json:"remedy"`
}

// FindingsOf converts what [balancer.Explain] says.
func FindingsOf(findings []balancer.Finding) []Finding {
	out := make([]Finding, len(findings))
	for i, f := range findings {
		out[i] = Finding(f)
	}
	return out
}

// A Body is bytes of which the JSON form is {"text": "…"} or {"base64": "…"}, with "truncated", how many more there were.
type Body struct {
	Bytes     []byte
	Truncated int64
}
