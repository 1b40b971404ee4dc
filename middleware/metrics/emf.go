package metrics

import (
	"cmp"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// emf writes lines in CloudWatch's embedded metric format. What is the same in all of them is encoded once.
type emf struct {
	warm  string // between the values of _aws.Timestamp and route
	cold  string // likewise, of the line that counts a cold start
	level string // the value of level, where Lambda filters by it; else ""

	mu  sync.Mutex
	out io.Writer
	buf []byte
}

func newEMF(c config) *emf {
	if c.namespace == "" {
		panic("metrics: no namespace; set POWERTOOLS_METRICS_NAMESPACE or use WithNamespace")
	}
	if fault := namespaceFault(c.namespace); fault != "" {
		panic("metrics: namespace " + strconv.Quote(c.namespace) + " " + fault)
	}
	service := cmp.Or(c.service, "service_undefined")
	if dimension(service) != service {
		panic("metrics: service name " + strconv.Quote(service) + " is no dimension; use up to 1024 printable ASCII characters, not all blank")
	}
	const (
		requests = `"Dimensions":[["service","route","method"]],"Metrics":[{"Name":"Latency","Unit":"Milliseconds"},` +
			`{"Name":"Count","Unit":"Count"},{"Name":"4XXError","Unit":"Count"},{"Name":"5XXError","Unit":"Count"}]}`
		coldStart = `"Dimensions":[["service","function_name"]],"Metrics":[{"Name":"ColdStart","Unit":"Count"}]}`
	)
	namespace := `{"Namespace":` + quote(c.namespace) + `,`
	service = `]},"service":` + quote(service)
	e := &emf{out: c.out}
	e.warm = `,"CloudWatchMetrics":[` + namespace + requests + service + `,"route":`
	e.cold = e.warm // outside of Lambda
	if function := os.Getenv("AWS_LAMBDA_FUNCTION_NAME"); function != "" {
		e.cold = `,"CloudWatchMetrics":[` + namespace + requests + `,` + namespace + coldStart + service +
			`,"function_name":` + quote(dimension(function)) + `,"ColdStart":1,"route":`
	}
	if level := os.Getenv("AWS_LAMBDA_LOG_LEVEL"); os.Getenv("AWS_LAMBDA_LOG_FORMAT") == "JSON" && level != "" {
		e.level = quote(dimension(level))
	}
	return e
}

// write writes one line.
func (e *emf) write(m measurement) {
	shared := e.warm
	if m.isCold {
		shared = e.cold
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	b := e.buf[:0]
	b = append(b, `{"_aws":{"Timestamp":`...)
	b = strconv.AppendInt(b, m.start.UnixMilli(), 10)
	b = append(b, shared...)
	b = strconv.AppendQuote(b, dimension(m.route))
	b = append(b, `,"method":"`...)
	b = append(b, m.method...)
	b = append(b, `","status":`...)
	b = strconv.AppendInt(b, int64(m.status), 10)
	b = append(b, `,"Latency":`...)
	b = strconv.AppendFloat(b, float64(m.latency.Microseconds())/1000, 'f', -1, 64)
	b = append(b, `,"Count":1,"4XXError":`...)
	b = append(b, digit(m.status/100 == 4)...)
	b = append(b, `,"5XXError":`...)
	b = append(b, digit(m.status/100 == 5)...)
	if e.level != "" {
		b = append(b, `,"level":`...)
		b = append(b, e.level...)
		b = append(b, `,"timestamp":"`...)
		b = m.start.UTC().AppendFormat(b, time.RFC3339Nano)
		b = append(b, '"')
	}
	b = append(b, "}\n"...)
	_, _ = e.out.Write(b)
	e.buf = b
}

func digit(is bool) string {
	if is {
		return "1"
	}
	return "0"
}

// maxDimension is how long a dimension's value may be.
const maxDimension = 1024

// dimension returns s as the value of a dimension: printable ASCII, not all blank, of limited length.
func dimension(s string) string {
	if len(s) <= maxDimension && !strings.ContainsFunc(s, isUnprintable) && strings.Trim(s, " ") != "" {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if isUnprintable(r) {
			return '?'
		}
		return r
	}, s)
	if strings.Trim(s, " ") == "" {
		return unmatched
	}
	return s[:min(len(s), maxDimension)]
}

func isUnprintable(r rune) bool { return r < ' ' || r >= 0x7f }

// quote quotes printable ASCII, which is the same in Go and in JSON.
func quote(s string) string { return strconv.Quote(s) }

// namespaceFault tells why CloudWatch would not take a namespace; "" if it would.
func namespaceFault(s string) string {
	switch {
	case len(s) > 255:
		return "is longer than 255 characters; shorten it"
	case s[0] == ':', strings.Trim(s, " ") == "":
		return "begins with a colon or is blank; begin with a letter"
	case strings.HasPrefix(s, "AWS/"):
		return "is reserved for AWS services; choose one without AWS/"
	case strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r|' ' < 'a' || r|' ' > 'z') && !strings.ContainsRune(".-_/#: ", r)
	}):
		return "has characters that CloudWatch does not take; use letters, digits and . - _ / # : or space"
	}
	return ""
}
