package middleware

import (
	"iter"
	"strings"
)

// Trace tells which trace a request belongs to. Every string in it is safe to log: a text that does not have the form given here is
// left out, whoever sent it. The zero Trace, whose ID is "", is what is known outside of [TraceID].
//
// Sources: Elastic Load Balancing guide, "Request tracing for your Application Load Balancer"; AWS X-Ray guide, "Tracing header".
type Trace struct {
	// Root identifies the trace, in X-Ray's form: 1, the time of its first request in 8 hexadecimal digits, and 24 more, as
	// "1-67891233-abcdef012345678912345678". Fewer digits are accepted. It is what the load balancer's access log shows.
	Root string
	// Self is the load balancer's own id of this request, in the form of Root. Only requests that came with a Root have one.
	Self string
	// Parent is the caller's span, up to 16 hexadecimal digits.
	Parent string
	// Sampled is the caller's decision.
	Sampled Sampling
	// Lineage is Lambda's count of hops, by which it finds loops: up to 256 hexadecimal digits, colons and bars.
	Lineage string
	// Lambda is the trace of the function's invocation. Usually it has the same Root.
	Lambda LambdaTrace
	// Generated is true if nobody gave a Root, and this one was made up for the request.
	Generated bool

	custom string // fields that are valid: "name=value;name=value"
}

// LambdaTrace is the trace that Lambda gives an invocation, in the forms of [Trace]. X-Ray's segments of the function belong to it.
// It is zero elsewhere.
type LambdaTrace struct {
	Root    string   // the trace; usually that of the header
	Parent  string   // the segment of the invocation
	Sampled Sampling // whether X-Ray records the invocation
	Lineage string   // Lambda's count of hops
}

// Sampling says whether a trace is recorded.
type Sampling string

// What a Sampling can be, in the words of the header.
const (
	SamplingUnknown Sampling = "" // not said, or left to us
	NotSampled      Sampling = "0"
	Sampled         Sampling = "1"
)

// ID returns the trace's id as W3C Trace Context and OpenTelemetry write it: the digits of Root, 32 of them and in lower case, with
// zeros before those that are missing. It is "" if Root has another form. It costs one allocation.
func (t Trace) ID() string {
	seconds, random, ok := cutTraceID(t.Root)
	if !ok {
		return ""
	}
	id := []byte("00000000000000000000000000000000")
	copy(id[secondsDigits-len(seconds):], seconds)
	copy(id[len(id)-len(random):], random)
	for i := range id {
		id[i] |= 'a' - 'A' // which decimal digits have anyway
	}
	return string(id)
}

// Fields returns the header's custom fields in their order. A name is up to 64 letters, digits, dots, hyphens and underscores, a
// value up to 256 bytes of printable ASCII without quotes, backquotes and backslashes.
func (t Trace) Fields() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		for field := range strings.SplitSeq(t.custom, ";") {
			if name, value, ok := strings.Cut(field, "="); ok && !yield(name, value) {
				return
			}
		}
	}
}

// Field returns the custom field of this name, of several the first, or "".
func (t Trace) Field(name string) string {
	for n, value := range t.Fields() {
		if n == name {
			return value
		}
	}
	return ""
}
