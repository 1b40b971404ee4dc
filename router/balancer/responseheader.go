package balancer

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// maxResponseHeader is the size of all response headers. ELB guide: "Troubleshoot your Application
// Load Balancers", HTTP 502.
const maxResponseHeader = 32 << 10

// family is the key of the headers in the target group's mode.
func (j *judgement) family() string {
	if j.multiValue {
		return "multiValueHeaders"
	}
	return "headers"
}

// headers reads the family of the target group's mode and ignores the other.
func (j *judgement) headers(single, multi json.RawMessage) {
	own, other := single, multi
	otherName, setting := "multiValueHeaders", "true"
	if j.multiValue {
		own, other = multi, single
		otherName, setting = "headers", "false"
	}
	if kindOf(other) == "an object" && len(members(other)) > 0 {
		j.note(otherName, "is ignored, its headers are lost", "answer with "+j.family()+
			", or set the target group's attribute lambda.multi_value_headers.enabled to "+setting)
	}
	switch kind := kindOf(own); kind {
	case "missing":
		return
	case "an object":
	case "null":
		j.reject(j.family(), "is null", "send {} or omit the key; a nil map in Go's events.ALBTargetGroupResponse becomes null")
		return
	default:
		j.reject(j.family(), "is "+kind, "send an object from names to "+j.valueKind())
		return
	}
	seen := make(map[string]string) // by lower-case name, the name as written
	parts := make(map[string][]string)
	variants := 0
	for _, m := range members(own) {
		field := j.family() + "." + quoted(m.name)
		values, ok := j.values(field, m)
		if !ok {
			continue
		}
		if _, twice := parts[m.name]; twice {
			j.note(field, "stands twice, the last one is taken", j.repeat(m.name))
		} else if first, twice := seen[strings.ToLower(m.name)]; twice && !j.multiValue {
			if variants++; variants == 1 { // one line says it for all
				j.note(field, "differs from "+quoted(first)+" in case alone; both are sent, but AWS does not promise it", j.repeat(m.name))
			}
		}
		seen[strings.ToLower(m.name)] = m.name
		parts[m.name] = values
	}
	j.fill(parts)
}

// repeat says how a header gets several values.
func (j *judgement) repeat(name string) string {
	switch {
	case j.multiValue:
		return "put all values into one array"
	case strings.EqualFold(name, "Set-Cookie"):
		return "several cookies need the target group's attribute lambda.multi_value_headers.enabled, and multiValueHeaders"
	}
	return `join the values with ", ", or set the target group's attribute lambda.multi_value_headers.enabled`
}

func (j *judgement) valueKind() string {
	if j.multiValue {
		return "arrays of strings"
	}
	return "strings"
}

// values reads one header of the active family.
func (j *judgement) values(field string, m member) ([]string, bool) {
	list := []json.RawMessage{m.value}
	kind := kindOf(m.value)
	switch {
	case j.multiValue && kind == "an array":
		list = elements(m.value)
	case j.multiValue:
		j.reject(field, "is "+kind+", not an array", `in multi-value mode send an array of strings, ["…"], even for one value`)
		return nil, false
	case kind == "an array":
		j.reject(field, "is an array", j.repeat(m.name))
		return nil, false
	}
	var values []string
	for _, raw := range list {
		kind := kindOf(raw)
		if kind != "a string" {
			remedy := "send a string"
			switch kind {
			case "a number", "a boolean":
				remedy = fmt.Sprintf("put it in quotes: %.40q", raw)
			case "null":
				remedy = "leave the header out"
			}
			j.reject(field, "is "+kind, remedy)
			return nil, false
		}
		values = append(values, text(raw))
	}
	return values, true
}

// fill makes the response header. Its names are in net/http's canonical form, which a client of
// HTTP/1.1 would see as the function wrote them; they are case-insensitive.
func (j *judgement) fill(parts map[string][]string) {
	size := 0
	for _, name := range sortedKeys(parts) {
		field := j.family() + "." + quoted(name)
		if !validName(name) {
			j.reject(field, "is not a header name", "use letters, digits and hyphens")
			continue
		}
		canonical := http.CanonicalHeaderKey(name)
		for _, v := range parts[name] {
			size += len(name) + len(": ") + len(v) + len("\r\n")
			if !validValue(v) {
				j.reject(field, "has a control character in its value", "remove line breaks: a client could inject headers with them")
				continue
			}
			if strings.ContainsFunc(v, func(r rune) bool { return r > 0x7f }) {
				j.note(field, "is not ASCII; AWS does not say in which encoding clients get it", "percent-encode it")
			}
			j.header[canonical] = append(j.header[canonical], v)
		}
		switch canonical {
		case "Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
			j.note(field, "is ignored, the connection is the load balancer's", "remove it")
			delete(j.header, canonical)
		case "Date", "Server":
			j.note(field, "is replaced by the load balancer's own", "remove it")
			delete(j.header, canonical)
		case "Content-Length":
			delete(j.header, canonical) // computed anew, with no harm done
		}
	}
	if size > maxResponseHeader {
		j.reject(j.family(), fmt.Sprintf("are %d bytes, more than 32 K", size), "send fewer or smaller cookies")
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
