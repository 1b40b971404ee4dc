package alb

import (
	"bytes"
	"fmt"
	"strconv"
)

// event is what a payload says, before it is read as HTTP. Its literals are places in the payload: it holds no text of its own.
type event struct {
	scanner

	texts    [textMembers]literal
	base64   bool
	trusting bool // the body may be taken for base64 without a look at it
	opaque   bool // it was
	multi    bool
	headers  fieldList
	queries  fieldList

	fields []field // of all lists
	values []value // of all fields

	lists [listMembers]fieldList
	isALB bool
	wrong [textMembers + listMembers + 1]*typeError // by member; the last of duplicate members counts here too
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
	name       literal
	first, end int
	text       stretch // the name in a builder's text
}

// value is one of a field's.
type value struct {
	literal
	text stretch // the same in a builder's text
}

// decode reads a payload. Names are matched exactly, the last of duplicate members counts, null is as good as absent, and unknown
// members are ignored. A header or a query key that stands there twice, as no load balancer writes it, has the values of both. It fails on what is no JSON, no load balancer's event, or has a member of the wrong type.
//
// If trusting, a long body that is followed by the base64 flag is not looked at. It must turn out to be base64, else the payload has
// to be decoded without trust.
func (e *event) decode(payload []byte, trusting bool) error {
	fields, values := e.fields[:0], e.values[:0]
	*e = event{}
	e.data, e.trusting, e.fields, e.values = payload, trusting, fields, values
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
func (e *event) member(name literal) {
	switch string(e.name(name)) {
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
			e.textMember(memberBody, "body")
		}
	case "isBase64Encoded":
		c := e.next()
		e.base64, e.wrong[wrongFlag] = c == 't', nil
		if c != 't' && c != 'f' && c != 'n' {
			e.wrong[wrongFlag] = &typeError{"isBase64Encoded", kindOf(e.data[e.pos:]), "true or false"}
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
		if string(e.name(e.key())) != "elb" {
			e.skip()
			continue
		}
		e.texts[memberTargetGroup], e.wrong[memberTargetGroup] = literal{}, nil
		if e.isALB = e.next() == '{'; !e.isALB {
			e.skip()
			continue
		}
		for more := e.enter('}'); more; more = e.another('}') {
			if string(e.name(e.key())) == "targetGroupArn" {
				e.textMember(memberTargetGroup, "requestContext.elb.targetGroupArn")
			} else {
				e.skip()
			}
		}
	}
}

// name returns the value of a literal. It is not for keeping.
//
//go:noinline // it is called in many places, and the binary is to stay small
func (e *event) name(lit literal) []byte {
	if lit.escaped || lit.wide {
		return appendLiteral(nil, e.data, lit)
	}
	return e.data[lit.start:lit.end]
}

func (e *event) textMember(i int, name string) {
	e.texts[i], e.wrong[i] = literal{}, nil
	switch e.next() {
	case '"':
		e.texts[i] = e.string()
		return
	case 'n':
	default:
		e.wrong[i] = &typeError{name, kindOf(e.data[e.pos:]), "a string"}
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
	e.texts[memberBody], e.wrong[memberBody] = literal{start: start, end: start + n}, nil
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
			*wrong = &typeError{name, kindOf(e.data[e.pos:]), "an object"}
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
		f := field{name: e.key(), first: len(e.values)}
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
		if !fits && *wrong == nil {
			*wrong = &typeError{name + "[" + strconv.Quote(string(e.name(f.name))) + "]", kindOf(e.data[begin:]), want}
		}
		f.end = len(e.values)
		e.fields = append(e.fields, f)
	}
	list.end = len(e.fields)
}

// value reads a value that begins with c, and keeps a string.
func (e *event) value(c byte) {
	if c == '"' {
		e.values = append(e.values, value{literal: e.string()})
	} else {
		e.skip()
	}
}

// typeError says that an event has a member of the wrong JSON type.
type typeError struct{ member, got, want string }

func (e *typeError) Error() string {
	return fmt.Sprintf("alb: event member %s is %s, want %s; mend the test event, no load balancer sends that", e.member, e.got, e.want)
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
