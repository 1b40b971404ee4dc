package binding

import (
	"net/http"
	"net/textproto"
	"reflect"
	"strconv"
	"strings"

	"github.com/albatross-go/albatross/binding/internal/schema"
	"github.com/albatross-go/albatross/router/problem"
)

// Decode reads an In from the request and checks it, for handlers that answer by themselves. It does what [Handle] does before the
// function is called, without options. The error is a [*problem.Details] with every fault; the value is then the zero In.
//
// It panics at a mistake in the tags of In, at the first call.
func Decode[In any](r *http.Request) (In, error) {
	in := new(In)
	c := newConfig(nil)
	if err := planOf(reflect.TypeFor[In]()).decode(&reading{request: r, config: &c}, reflect.ValueOf(in).Elem()); err != nil {
		var zero In
		return zero, problem.From(c.describe(err))
	}
	return *in, nil
}

// reading is one request being read.
type reading struct {
	request *http.Request
	config  *config
	faults  schema.Faults
	form    form

	query     []pair
	queryRoom [4]pair // for most queries
	texts     []string
	textRoom  [2]string
	hostRoom  [1]string
}

// decode fills in. Its error is a *problem.Details, or one that a Validate method returned and that is no fault of the client.
func (p *plan) decode(d *reading, in reflect.Value) error {
	r, c := d.request, d.config
	if p.query {
		var ok bool
		if d.query, ok = parsePairs(d.queryRoom[:0], r.URL.RawQuery); !ok && len(d.query) == maxPairs {
			return problem.BadRequest("The query has too many parameters.")
		}
	}
	for i := range p.parameters {
		q := &p.parameters[i]
		if q.source == "path" {
			if err := d.readPath(q, p, in); err != nil {
				return err
			}
			continue
		}
		p.readParameter(d, q, in)
	}
	var failure *problem.Details
	state := absent
	if p.body != nil {
		state, failure = p.body.read(d, in)
	}
	if p.inspection != nil {
		if err := p.inspect(r.Context(), in, state, &d.faults); err != nil {
			return err
		}
	}
	switch {
	case failure != nil:
		failure.Errors = fieldErrors(&d.faults)
		return failure
	case d.faults.Len() > 0:
		return unprocessable(&d.faults)
	case c.validate != nil:
		if err := addFaults(c.validate(r.Context(), in.Addr().Interface()), nil, &d.faults); err != nil {
			return err
		}
		if d.faults.Len() > 0 {
			return unprocessable(&d.faults)
		}
	}
	return nil
}

// readParameter reads all but path values and the values of a form.
func (p *plan) readParameter(d *reading, q *parameter, in reflect.Value) {
	switch {
	case q.shape == rest:
		p.readRest(q, in, d.query, &d.faults)
		return
	case q.source == "query":
		d.texts = d.textRoom[:0]
		for i := range d.query {
			pair := &d.query[i]
			switch {
			case pair.key != q.name:
			case pair.bad:
				d.faults.Add("", q.name, badEscape)
				return
			default:
				d.texts = append(d.texts, pair.value)
			}
		}
	case q.source == "header":
		d.readHeader(q)
	case q.source == "cookie":
		d.texts = d.textRoom[:0]
		for _, c := range d.request.CookiesNamed(q.name) {
			d.texts = append(d.texts, c.Value)
		}
	}
	q.read(in, d.texts, &d.faults)
}

// badEscape is the fault of a value that cannot be decoded.
const badEscape = "is not percent-encoded as it must be"

// readHeader reads the lines of a header field, and for a slice the members of the lists in them (RFC 9110, section 5.6.1).
func (d *reading) readHeader(q *parameter) {
	lines := d.request.Header[q.name]
	if q.name == "Host" && d.request.Host != "" { // net/http keeps it elsewhere
		lines = append(d.hostRoom[:0], d.request.Host)
	}
	if q.shape != many {
		d.texts = lines
		return
	}
	d.texts = d.textRoom[:0]
	for _, line := range lines {
		for line != "" {
			end := memberEnd(line)
			if member := textproto.TrimString(line[:end]); member != "" {
				d.texts = append(d.texts, member)
			}
			line = strings.TrimPrefix(line[end:], ",")
		}
	}
}

// memberEnd returns where the first member of a list ends: at a comma that is in no quoted string.
func memberEnd(list string) int {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == '"':
			quoted = !quoted
		case list[i] == '\\' && quoted:
			i++
		case list[i] == ',' && !quoted:
			return i
		}
	}
	return len(list)
}

// unprocessable is the answer to a request that was understood and has faults.
func unprocessable(faults *schema.Faults) *problem.Details {
	detail := "The request has one fault."
	if n := faults.Len(); n > 1 {
		detail = "The request has " + strconv.Itoa(n) + " faults."
	}
	p := problem.UnprocessableEntity(detail)
	p.Errors = fieldErrors(faults)
	return p
}

func fieldErrors(faults *schema.Faults) []problem.FieldError {
	list := make([]problem.FieldError, len(faults.List))
	for i, f := range faults.List {
		list[i] = problem.FieldError(f)
	}
	return list
}
