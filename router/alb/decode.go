package alb

import (
	"bytes"
	"fmt"
)

// event is what a payload says, before it is read as HTTP.
type event struct {
	scanner

	texts    [textMembers]stretch
	body     []byte // a text of its own: a handler reads it where it is
	base64   bool
	trusting bool // the body may be taken for base64 without a look at it
	opaque   bool // it was, and texts[memberBody] is a place in the payload
	multi    bool
	headers  fieldList
	queries  fieldList

	fields []field   // of all lists
	values []stretch // of all fields

	lists [listMembers]fieldList
	isALB bool
	wrong [textMembers + listMembers + 1]error // by member; the last of duplicate members counts here too
}

// The members of an event that are strings, and those that are objects.
const (
	memberMethod = iota
	memberPath
	memberBody
	memberTargetGroup
	textMembers
)

const (
	memberHeaders = iota
	memberMultiValueHeaders
	memberQuery
	memberMultiValueQuery
	listMembers
)

const wrongFlag = textMembers + listMembers

// fieldList is an object of strings or of arrays of strings: a stretch of event.fields.
type fieldList struct {
	first, end int
	present    bool
}

// field is a header or a query key: a stretch of event.values. Without values it is as good as absent.
type field struct {
	name       stretch // a header's in canonical form
	original   int     // where it stands in the payload
	first, end int
}

// decode reads a payload. Names are matched exactly, the last of duplicate members counts, null is as good as absent, and unknown
// members are ignored. A header or a query key that stands there twice, as no load balancer writes it, has the values of both. It fails
// on what is no JSON, no load balancer's event, or has a member of the wrong type.
//
// If trusting, a long body that is followed by the base64 flag is not looked at. It must turn out to be base64, else the payload has
// to be decoded without trust.
func (e *event) decode(payload []byte, trusting bool) error {
	*e = event{
		scanner: scanner{data: payload, text: e.text[:0]}, body: e.body[:0], trusting: trusting,
		fields: e.fields[:0], values: e.values[:0],
	}
	if e.next() != '{' {
		return refuse(payload)
	}
	for more := e.enter('}'); more; more = e.another('}') {
		e.member(e.key())
	}
	if e.next(); e.failed || e.pos < len(payload) || !e.isALB {
		return refuse(payload)
	}
	for _, wrong := range e.wrong {
		if wrong != nil {
			return wrong
		}
	}
	if e.opaque && !e.base64 { // the flag stands there twice
		return e.decode(payload, false)
	}
	// A target group sends one family of maps. Where a test event has both, the multi-value one counts.
	e.multi = e.lists[memberMultiValueHeaders].present
	e.headers, e.queries = e.lists[memberHeaders], e.lists[memberQuery]
	if e.multi {
		e.headers = e.lists[memberMultiValueHeaders]
	}
	if multi := e.lists[memberMultiValueQuery]; multi.present && (e.multi || !e.queries.present) {
		e.queries = multi
	}
	return nil
}

// member reads a member of the event.
func (e *event) member(name stretch) {
	switch string(e.drop(name)) {
	case "requestContext":
		e.requestContext()
	case "httpMethod":
		e.textMember(memberMethod, "httpMethod")
	case "path":
		e.textMember(memberPath, "path")
	case "queryStringParameters":
		e.listMember(memberQuery, "queryStringParameters", false)
	case "multiValueQueryStringParameters":
		e.listMember(memberMultiValueQuery, "multiValueQueryStringParameters", true)
	case "headers":
		e.listMember(memberHeaders, "headers", false)
	case "multiValueHeaders":
		e.listMember(memberMultiValueHeaders, "multiValueHeaders", true)
	case "body":
		if e.opaque = e.trusting && e.opaqueBody(); !e.opaque {
			e.text, e.body = e.body[:0], e.text
			e.textMember(memberBody, "body")
			e.text, e.body = e.body, e.text
		}
	case "isBase64Encoded":
		c := e.next()
		e.base64, e.wrong[wrongFlag] = c == 't', nil
		if c != 't' && c != 'f' && c != 'n' {
			e.wrong[wrongFlag] = e.typeError("isBase64Encoded", e.pos, "true or false")
		}
		e.skip()
	default:
		e.skip()
	}
}

// requestContext looks for the object that only a load balancer's events have.
func (e *event) requestContext() {
	e.isALB = false
	if e.next() != '{' {
		e.skip()
		return
	}
	for more := e.enter('}'); more; more = e.another('}') {
		if string(e.drop(e.key())) != "elb" {
			e.skip()
			continue
		}
		e.texts[memberTargetGroup], e.wrong[memberTargetGroup] = stretch{}, nil
		if e.isALB = e.next() == '{'; !e.isALB {
			e.skip()
			continue
		}
		for more := e.enter('}'); more; more = e.another('}') {
			if string(e.drop(e.key())) == "targetGroupArn" {
				e.textMember(memberTargetGroup, "requestContext.elb.targetGroupArn")
			} else {
				e.skip()
			}
		}
	}
}

// drop returns the last of text and takes it off: it is not for keeping.
func (e *event) drop(last stretch) []byte {
	s := e.text[last.start:last.end]
	e.text = e.text[:last.start]
	return s
}

func (e *event) textMember(i int, name string) {
	e.texts[i], e.wrong[i] = stretch{}, nil
	switch e.next() {
	case '"':
		e.texts[i] = e.string()
		return
	case 'n':
	default:
		e.wrong[i] = e.typeError(name, e.pos, "a string")
	}
	e.skip()
}

// opaqueBody takes a long body whose end is certain if it is base64: that alphabet has neither quotes nor escapes.
func (e *event) opaqueBody() bool {
	const long, flag = 1 << 10, `","isBase64Encoded":true`
	if e.next() != '"' {
		return false
	}
	start := e.pos + 1
	n := bytes.IndexByte(e.data[start:], '"')
	if n < long || !bytes.HasPrefix(e.data[start+n:], []byte(flag)) {
		return false
	}
	e.texts[memberBody], e.wrong[memberBody] = stretch{start, start + n}, nil
	e.pos = start + n + 1
	return true
}

// listMember reads an object of strings, or if multi of arrays of strings.
func (e *event) listMember(i int, name string, multi bool) {
	list, wrong := &e.lists[i], &e.wrong[textMembers+i]
	*list, *wrong = fieldList{first: len(e.fields), end: len(e.fields)}, nil
	c := e.next()
	if c != '{' {
		if c != 'n' {
			*wrong = e.typeError(name, e.pos, "an object")
		}
		e.skip()
		return
	}
	list.present = true
	open, want := byte('"'), "a string"
	if multi {
		open, want = '[', "an array of strings"
	}
	for more := e.enter('}'); more; more = e.another('}') {
		f := field{original: e.pos, first: len(e.values)}
		f.name = e.key()
		c := e.next()
		begin, fits := e.pos, c == open || c == 'n'
		if multi && fits && c != 'n' {
			for more := e.enter(']'); more; more = e.another(']') {
				c := e.next()
				fits = fits && (c == '"' || c == 'n')
				e.value(c)
			}
		} else {
			e.value(c)
		}
		key := e.text[f.name.start:f.name.end]
		if !fits && *wrong == nil {
			*wrong = e.typeError(fmt.Sprintf("%s[%q]", name, key), begin, want)
		}
		if i <= memberMultiValueHeaders {
			if e.canonicalise(&f); string(key) == "X-Forwarded-For" {
				e.text = append(e.text, noPort...)
			}
		}
		f.end = len(e.values)
		e.fields = append(e.fields, f)
	}
	list.end = len(e.fields)
}

// value reads a value that begins with c, and keeps a string.
func (e *event) value(c byte) {
	if c == '"' {
		e.values = append(e.values, e.string())
	} else {
		e.skip()
	}
}

// typeError says that the value at a place is of the wrong JSON type.
func (e *event) typeError(member string, pos int, want string) error {
	return fmt.Errorf("alb: event member %s is %s, want %s; mend the test event, no load balancer sends that", member, kindOf(e.data[pos:]), want)
}

// kindOf names the type of a JSON value.
func kindOf(raw []byte) string {
	raw = bytes.TrimLeft(raw, " \t\r\n")
	if len(raw) == 0 {
		return "nothing"
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	default:
		return "a number"
	}
}
