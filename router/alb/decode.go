package alb

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// event is what a payload says, before it is read as HTTP.
type event struct {
	targetGroupARN string
	method         string
	path           string
	query          []field // in the event's order
	header         []field // in the event's order
	body           string
	base64         bool
	multi          bool
}

// field is a header or a query key with its values. A field without values is not kept.
type field struct {
	name   string
	values []string
}

// decode reads a payload. Names are matched exactly, the last of duplicate keys counts, null is as good as absent, and unknown
// members are ignored. It fails on what is no JSON, no load balancer's event, or has a member of the wrong type.
func decode(payload []byte) (*event, error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(payload, &top); err != nil || top == nil {
		return nil, refuse(payload)
	}
	var requestContext, elb map[string]json.RawMessage
	if json.Unmarshal(top["requestContext"], &requestContext) != nil || json.Unmarshal(requestContext["elb"], &elb) != nil || elb == nil {
		return nil, refuse(payload)
	}
	d := decoder{top: top}
	ev := &event{
		method: d.string("httpMethod"),
		path:   d.string("path"),
		body:   d.string("body"),
		base64: d.bool("isBase64Encoded"),
	}
	ev.targetGroupARN = d.stringValue("requestContext.elb.targetGroupArn", elb["targetGroupArn"])

	// A target group sends one family of maps. Where a test event has both, the multi-value one counts.
	single, _ := d.fields("headers", false)
	multi, isMulti := d.fields("multiValueHeaders", true)
	singleQuery, hasSingle := d.fields("queryStringParameters", false)
	multiQuery, hasMulti := d.fields("multiValueQueryStringParameters", true)
	ev.multi, ev.header = isMulti, single
	if isMulti {
		ev.header = multi
	}
	ev.query = singleQuery
	if hasMulti && (isMulti || !hasSingle) {
		ev.query = multiQuery
	}
	return ev, d.err
}

// decoder reads members and keeps the first error.
type decoder struct {
	top map[string]json.RawMessage
	err error
}

func (d *decoder) string(name string) string { return d.stringValue(name, d.top[name]) }

func (d *decoder) stringValue(name string, raw json.RawMessage) string {
	var s string
	d.value(name, "a string", raw, &s)
	return s
}

func (d *decoder) bool(name string) bool {
	var b bool
	d.value(name, "true or false", d.top[name], &b)
	return b
}

func (d *decoder) value(name, want string, raw json.RawMessage, v any) {
	if raw == nil || d.err != nil {
		return
	}
	if json.Unmarshal(raw, v) != nil {
		d.err = &typeError{member: name, got: kindOf(raw), want: want}
	}
}

// fields reads an object of strings, or of arrays of strings, in order, and whether it is there at all.
func (d *decoder) fields(name string, multi bool) (fields []field, present bool) {
	raw := d.top[name]
	if raw == nil || d.err != nil || kindOf(raw) == "null" {
		return nil, false
	}
	if kindOf(raw) != "an object" {
		d.err = &typeError{member: name, got: kindOf(raw), want: "an object"}
		return nil, false
	}
	index := map[string]int{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	_, _ = dec.Token() // the raw text is valid JSON and an object: no token of it can fail
	for dec.More() {
		key, _ := dec.Token()
		var value json.RawMessage
		_ = dec.Decode(&value)
		f := field{name: key.(string)}
		f.values = d.values(name, f.name, value, multi)
		if i, dup := index[f.name]; dup {
			fields[i] = f
			continue
		}
		index[f.name] = len(fields)
		fields = append(fields, f)
	}
	kept := fields[:0]
	for _, f := range fields {
		if len(f.values) > 0 {
			kept = append(kept, f)
		}
	}
	return kept, true
}

func (d *decoder) values(object, name string, raw json.RawMessage, multi bool) []string {
	var pointers []*string // nil for null
	member := fmt.Sprintf("%s[%q]", object, name)
	if multi {
		d.value(member, "an array of strings", raw, &pointers)
	} else {
		pointers = make([]*string, 1)
		d.value(member, "a string", raw, &pointers[0])
	}
	var values []string
	for _, p := range pointers {
		if p != nil {
			values = append(values, *p)
		}
	}
	return values
}

// typeError says that an event has a member of the wrong JSON type.
type typeError struct{ member, got, want string }

func (e *typeError) Error() string {
	return fmt.Sprintf("alb: event member %s is %s, want %s; a load balancer does not send that: mend the test event", e.member, e.got, e.want)
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
