package binding

import (
	"cmp"
	"encoding"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// outputHeader is a field of the output that is sent in the header.
type outputHeader struct {
	field  *reflect.StructField
	name   string // of the header field or the cookie
	cookie bool
	many   bool // a slice: several lines
	format func(v reflect.Value) string
}

// addHeader compiles a field with the tag header or cookie.
func (o *output) addHeader(f *reflect.StructField) {
	source := "header"
	if _, ok := f.Tag.Lookup("cookie"); ok {
		source = "cookie"
	}
	name := (&plan{in: o.out}).nameOf(f, source)
	h := outputHeader{field: f, name: name, cookie: source == "cookie"}
	t := f.Type
	switch {
	case h.cookie && (isCookie(t) || (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) && isCookie(t.Elem())):
	case h.cookie:
		o.fail(f, tagOf(f, source)+" is on "+t.String(), "take http.Cookie, *http.Cookie or []http.Cookie")
	case name == "Set-Cookie":
		o.fail(f, "`header:\"Set-Cookie\"` would need its own syntax", "take a field of the type http.Cookie with `cookie:\"name\"`")
	default:
		if h.format = formatOf(t); h.format == nil && t.Kind() == reflect.Slice {
			h.many, h.format = true, formatOf(t.Elem())
		}
		if h.format == nil {
			o.fail(f, tagOf(f, source)+" cannot be written of "+t.String(),
				"take a string, a bool, a number, a time.Time, a time.Duration, a url.URL, an encoding.TextMarshaler, a pointer to one of these or a slice")
		}
	}
	for i := range o.headers {
		if o.headers[i].name == name && o.headers[i].cookie == h.cookie {
			o.fail(f, quoteTag(source, name)+" is written by "+o.headers[i].field.Name+" already", "keep one; a slice makes several lines")
		}
	}
	o.headers = append(o.headers, h)
}

// formatOf returns how a value of type t is written, or nil.
func formatOf(t reflect.Type) func(reflect.Value) string {
	if t.Kind() == reflect.Pointer {
		if inner := formatOf(t.Elem()); inner != nil && t.Elem().Kind() != reflect.Pointer {
			return func(v reflect.Value) string { return inner(v.Elem()) }
		}
		return nil
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return func(v reflect.Value) string { return v.Interface().(time.Time).UTC().Format(http.TimeFormat) }
	case reflect.TypeFor[time.Duration]():
		return func(v reflect.Value) string { return time.Duration(v.Int()).String() }
	case reflect.TypeFor[url.URL]():
		return func(v reflect.Value) string { u := v.Interface().(url.URL); return u.String() }
	}
	if implements[encoding.TextMarshaler](t) {
		return formatText
	}
	if isRaw(t) {
		return func(v reflect.Value) string { return string(v.Bytes()) }
	}
	switch t.Kind() {
	case reflect.String:
		return reflect.Value.String
	case reflect.Bool:
		return func(v reflect.Value) string { return strconv.FormatBool(v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(v reflect.Value) string { return strconv.FormatUint(v.Uint(), 10) }
	case reflect.Float32, reflect.Float64:
		return func(v reflect.Value) string { return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits()) }
	default:
		return nil
	}
}

// formatText returns "" for a value that cannot be written.
func formatText(v reflect.Value) string {
	text, err := v.Addr().Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return ""
	}
	return string(text)
}

// writeHeaders sets the header fields and cookies of v, the output. Zero values and nil are not sent.
func (o *output) writeHeaders(w http.ResponseWriter, v reflect.Value) {
	for i := range o.headers {
		h := &o.headers[i]
		field := fieldOf(v, h.field.Index)
		switch {
		case field.IsZero():
		case h.cookie:
			h.writeCookies(w, field)
		case h.many:
			lines := make([]string, 0, field.Len())
			for k := range field.Len() {
				if item := field.Index(k); item.Kind() != reflect.Pointer || !item.IsNil() {
					lines = append(lines, h.format(item))
				}
			}
			if len(lines) > 0 {
				w.Header()[h.name] = lines
			}
		default:
			w.Header().Set(h.name, h.format(field))
		}
	}
}

func isCookie(t reflect.Type) bool { return t == reflect.TypeFor[http.Cookie]() }

// writeCookies sets the cookies of an http.Cookie, *http.Cookie or []http.Cookie, under the tag's name unless they have one. Zero
// values are not sent.
func (h *outputHeader) writeCookies(w http.ResponseWriter, field reflect.Value) {
	var cookies []http.Cookie
	switch v := field.Interface().(type) {
	case http.Cookie:
		cookies = []http.Cookie{v}
	case *http.Cookie:
		cookies = []http.Cookie{*v}
	case []http.Cookie:
		cookies = v
	}
	for _, c := range cookies { //nolint:gosec // its attributes are the handler's to choose
		if reflect.ValueOf(c).IsZero() {
			continue
		}
		c.Name = cmp.Or(c.Name, h.name)
		http.SetCookie(w, &c)
	}
}
