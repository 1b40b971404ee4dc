package balancer

import "strings"

// A Finding is one thing that an ALB holds against a function's response.
type Finding struct {
	Reason  string // error_reason of the 502 that it causes; "" when the response is delivered, but not as meant
	Field   string // where in the response, such as "headers.Vary"; "" for the response as a whole
	Problem string // what is wrong with it
	Remedy  string // how to mend it
}

// String returns the finding as one line: reason, field, problem; remedy.
func (f Finding) String() string {
	s := f.Problem + "; " + f.Remedy
	if f.Field != "" {
		s = f.Field + " " + s
	}
	if f.Reason != "" {
		s = f.Reason + ": " + s
	}
	return oneLine(s)
}

// Explain says what an ALB makes of a function's response, in whatever language the function is
// written: every reason for a 502, and every part that it would drop or alter in silence. The most
// severe findings come first: those with a Reason mean a 502, and the first of them names it. A nil
// result means that the response is delivered as it stands.
//
// The multiValue argument is the target group's attribute lambda.multi_value_headers.enabled.
func Explain(response []byte, multiValue bool) []Finding {
	_, findings := judge(response, multiValue)
	return findings
}

// oneLine keeps a log line one line, whatever the client or the function put into it.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
