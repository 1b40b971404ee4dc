package problem

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// Details is one problem, RFC 9457 section 3, and an error.
//
// The zero value is a 500 that says nothing.
type Details struct {
	Type     string       // URI that names the kind of problem; "" means "about:blank", the status alone says it
	Title    string       // short, the same for every occurrence; "" means the status text
	Status   int          // HTTP status, 400 to 599; anything else is answered as 500
	Detail   string       // what went wrong this time, in words for the client
	Instance string       // URI of this occurrence
	Errors   []FieldError // one entry a fault, where the request had several

	// Extensions are further members of the JSON object. A name that RFC 9457 or this type defines is left out.
	Extensions map[string]any

	// Header is added to the response, over what the handler had set: Allow, Retry-After, WWW-Authenticate.
	Header http.Header

	cause error
}

// FieldError is one fault in a request: a JSON Pointer (RFC 6901) into the body, or the name of a parameter.
type FieldError struct {
	Detail    string `json:"detail"`
	Pointer   string `json:"pointer,omitempty"`
	Parameter string `json:"parameter,omitempty"`
}

// New returns a problem whose detail the client reads.
func New(status int, detail string) *Details {
	return &Details{Status: status, Detail: detail}
}

// Wrap returns a problem with a cause, which errors.Is and errors.As find and observers see. It is never sent.
func Wrap(cause error, status int, detail string) *Details {
	return &Details{Status: status, Detail: detail, cause: cause}
}

// BadRequest is a 400: the request cannot be understood.
func BadRequest(detail string) *Details { return New(http.StatusBadRequest, detail) }

// Unauthorized is a 401: the caller is unknown. RFC 9110 wants a WWW-Authenticate field with it; set it in Header.
func Unauthorized(detail string) *Details { return New(http.StatusUnauthorized, detail) }

// Forbidden is a 403: the caller is known and may not.
func Forbidden(detail string) *Details { return New(http.StatusForbidden, detail) }

// NotFound is a 404.
func NotFound(detail string) *Details { return New(http.StatusNotFound, detail) }

// Conflict is a 409: the request contradicts the present state of the resource.
func Conflict(detail string) *Details { return New(http.StatusConflict, detail) }

// UnprocessableEntity is a 422: understood, but its content breaks a rule.
func UnprocessableEntity(detail string) *Details {
	return New(http.StatusUnprocessableEntity, detail)
}

// TooManyRequests is a 429. Set Retry-After in Header where the wait is known.
func TooManyRequests(detail string) *Details { return New(http.StatusTooManyRequests, detail) }

// From returns the problem that err is or wraps.
//
// An error that wraps none becomes one with err as its cause: 413 for [http.MaxBytesError], 504 for
// [context.DeadlineExceeded], else a 500 that says nothing. From(nil) is nil.
func From(err error) *Details {
	if err == nil {
		return nil
	}
	if d, ok := errors.AsType[*Details](err); ok && d != nil {
		return d
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return Wrap(err, http.StatusRequestEntityTooLarge,
			"The request body is larger than "+strconv.FormatInt(tooLarge.Limit, 10)+" bytes.")
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Wrap(err, http.StatusGatewayTimeout, "The request took too long.")
	}
	return Wrap(err, http.StatusInternalServerError, "")
}

// Error is for logs: it contains the cause.
func (d *Details) Error() string {
	if d == nil { // a nil *Details returned as an error
		return "problem: nil *Details; return a plain nil for success"
	}
	s := strconv.Itoa(d.status()) + " " + d.title()
	if d.Detail != "" {
		s += ": " + d.Detail
	}
	if d.cause != nil {
		s += ": " + d.cause.Error()
	}
	return s
}

// Unwrap returns the cause given to [Wrap], or nil.
func (d *Details) Unwrap() error {
	if d == nil {
		return nil
	}
	return d.cause
}

// MarshalJSON writes the members in RFC 9457's order, then the extensions sorted by name.
func (d *Details) MarshalJSON() ([]byte, error) {
	var o object
	o.member("type", d.Type, d.Type != "")
	o.member("title", d.title(), true)
	o.member("status", d.status(), true)
	o.member("detail", d.Detail, d.Detail != "")
	o.member("instance", d.Instance, d.Instance != "")
	o.member("errors", d.Errors, len(d.Errors) > 0)
	for _, name := range slices.Sorted(maps.Keys(d.Extensions)) {
		o.member(name, d.Extensions[name], !reserved(name))
	}
	return o.close()
}

func (d *Details) status() int {
	if d.Status < 400 || d.Status > 599 {
		return http.StatusInternalServerError
	}
	return d.Status
}

func (d *Details) title() string {
	return cmp.Or(d.Title, http.StatusText(d.status()), "Unknown")
}

func reserved(name string) bool {
	switch name {
	case "type", "title", "status", "detail", "instance", "errors":
		return true
	}
	return false
}

// object writes a JSON object member by member, without HTML escaping.
type object struct {
	buf bytes.Buffer
	err error
}

func (o *object) member(name string, value any, present bool) {
	if !present || o.err != nil {
		return
	}
	if o.buf.Len() == 0 {
		o.buf.WriteByte('{')
	} else {
		o.buf.WriteByte(',')
	}
	o.value(name)
	o.buf.WriteByte(':')
	o.value(value)
}

func (o *object) value(v any) {
	enc := json.NewEncoder(&o.buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		o.err = cmp.Or(o.err, err)
		return
	}
	o.buf.Truncate(o.buf.Len() - 1) // the encoder's newline
}

func (o *object) close() ([]byte, error) {
	if o.err != nil {
		return nil, o.err
	}
	o.buf.WriteByte('}')
	return o.buf.Bytes(), nil
}
