package balancer

import (
	"encoding/base64"
	"net/http"
)

// event is what the function is told of a request. ELB guide: "Use Lambda functions as targets".
type event struct {
	targetGroupARN string
	multiValue     bool // picks the family of keys; those of the other are absent
	method, path   string
	query, header  fields
	body           []byte
	base64         bool
}

// Event returns the event that an ALB would send for r, and reads r's body for it. Where an ALB would
// answer by itself, without the function, the error is a *[Refusal].
//
// The request may come from an [http.Server], from httptest.NewRequest or from [http.NewRequest]. Path
// and query are those of RequestURI, or those of URL when it is empty; a RemoteAddr that is no address
// counts as this machine, 127.0.0.1.
func (b *Balancer) Event(r *http.Request) ([]byte, error) {
	e, refusal := b.event(r)
	if refusal != nil {
		return nil, refusal
	}
	return e.appendJSON(nil), nil
}

func (b *Balancer) event(r *http.Request) (*event, *Refusal) {
	t, refusal := parseTarget(r)
	if refusal != nil {
		return nil, refusal
	}
	if refusal := b.admit(r); refusal != nil {
		return nil, refusal
	}
	if t, refusal = b.transform(t); refusal != nil {
		return nil, refusal
	}
	e := &event{
		targetGroupARN: b.targetGroupARN,
		multiValue:     b.multiValue,
		method:         method(r),
		path:           t.path,
		query:          parseQuery(t.query),
		header:         b.header(r, t.authority),
	}
	if refusal := e.checkEncoding(t); refusal != nil {
		return nil, refusal
	}
	if e.body, refusal = readBody(r); refusal != nil {
		return nil, refusal
	}
	e.base64 = e.opaque()
	if refusal := e.checkText(); refusal != nil {
		return nil, refusal
	}
	return e, nil
}

func (e *event) appendJSON(dst []byte) []byte {
	query, header := "queryStringParameters", "headers"
	if e.multiValue {
		query, header = "multiValueQueryStringParameters", "multiValueHeaders"
	}
	dst = append(dst, `{"requestContext":{"elb":{"targetGroupArn":`...)
	dst = append(appendString(dst, e.targetGroupARN), `}},"httpMethod":`...)
	dst = append(appendString(dst, e.method), `,"path":`...)
	dst = append(appendString(dst, e.path), `,"`+query+`":`...)
	dst = append(e.query.appendJSON(dst, e.multiValue), `,"`+header+`":`...)
	dst = append(e.header.appendJSON(dst, e.multiValue), `,"body":`...)
	if e.base64 {
		dst = append(dst, '"')
		dst = base64.StdEncoding.AppendEncode(dst, e.body)
		return append(dst, `","isBase64Encoded":true}`...)
	}
	return append(appendString(dst, e.body), `,"isBase64Encoded":false}`...)
}

// appendString appends s, which is valid UTF-8, as a JSON string; HTML's characters stay as they are.
func appendString[T string | []byte](dst []byte, s T) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, `\n`...)
		case '\r':
			dst = append(dst, `\r`...)
		case '\t':
			dst = append(dst, `\t`...)
		default:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	return append(append(dst, s[start:]...), '"')
}
