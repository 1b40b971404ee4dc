package problem

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
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
	Detail    string `json:"detail"`              // what is wrong there, in words for the client
	Pointer   string `json:"pointer,omitempty"`   // where in the body, as "/items/0/sku"
	Parameter string `json:"parameter,omitempty"` // or which parameter of the path, the query or the header
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

// standardMembers are no names for extensions.
var standardMembers = [...]string{"type", "title", "status", "detail", "instance", "errors"}

// MarshalJSON writes the members in RFC 9457's order, then the extensions sorted by name.
func (d *Details) MarshalJSON() ([]byte, error) {
	standard, err := marshal(struct {
		Type     string       `json:"type,omitempty"`
		Title    string       `json:"title"`
		Status   int          `json:"status"`
		Detail   string       `json:"detail,omitempty"`
		Instance string       `json:"instance,omitempty"`
		Errors   []FieldError `json:"errors,omitempty"`
	}{d.Type, d.title(), d.status(), d.Detail, d.Instance, d.Errors})
	if err != nil || len(d.Extensions) == 0 {
		return standard, err
	}
	extensions := maps.Clone(d.Extensions)
	for _, name := range &standardMembers {
		delete(extensions, name)
	}
	more, err := marshal(extensions)
	if err != nil || len(extensions) == 0 {
		return standard, err
	}
	more[0] = ',' // the two objects become one
	return append(standard[:len(standard)-1], more...), nil
}

// marshal is json.Marshal without HTML escaping.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), err
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
