package binding

import (
	"encoding"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// scalar is how one text becomes a value of one type.
type scalar struct {
	parse func(v reflect.Value, text string) bool
	fault string // what is wrong with a text that cannot be parsed, where its schema finds nothing
}

// scalarOf reports false for types that no single text can fill.
func scalarOf(t reflect.Type) (scalar, bool) {
	if t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer && !t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		inner, ok := scalarOf(t.Elem())
		return pointerTo(inner), ok
	}
	switch t {
	case reflect.TypeFor[time.Duration]():
		return scalar{setDuration, "must be a duration such as 1m30s"}, true
	case reflect.TypeFor[url.URL]():
		return scalar{setURL, "must be a URL"}, true
	case reflect.TypeFor[time.Time]():
		return scalar{setText, "must be a date-time as in RFC 3339"}, true
	}
	switch {
	case t.Kind() == reflect.Pointer && t.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return pointerTo(scalar{setText, "is not valid"}), true
	case t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return scalar{setText, textFault(t)}, true
	case isRaw(t):
		return scalar{setBytes, ""}, true
	}
	switch t.Kind() {
	case reflect.String:
		return scalar{setString, ""}, true
	case reflect.Bool:
		return scalar{setBool, "must be true or false"}, true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return scalar{setInt, "must be an integer"}, true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return scalar{setUint, "must be an integer"}, true
	case reflect.Float32, reflect.Float64:
		return scalar{setFloat, "must be a number"}, true
	default:
		return scalar{}, false
	}
}

// textFault is what is wrong with a text that an UnmarshalText method refuses. It asks for the names of types, so that programs
// without them are spared their code.
func textFault(t reflect.Type) string {
	switch t.String() {
	case "netip.Addr":
		return "must be an IP address"
	case "netip.AddrPort":
		return "must be an IP address and a port"
	case "netip.Prefix":
		return "must be an IP prefix"
	default:
		return "is not valid"
	}
}

// isRaw reports whether t is bytes, under whatever name: one text, not a list of numbers.
func isRaw(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Elem() == reflect.TypeFor[byte]()
}

func pointerTo(inner scalar) scalar {
	return scalar{func(v reflect.Value, text string) bool {
		target := reflect.New(v.Type().Elem())
		if !inner.parse(target.Elem(), text) {
			return false
		}
		v.Set(target)
		return true
	}, inner.fault}
}

func setString(v reflect.Value, text string) bool {
	v.SetString(text)
	return true
}

func setBytes(v reflect.Value, text string) bool {
	v.SetBytes([]byte(text))
	return true
}

func setBool(v reflect.Value, text string) bool {
	v.SetBool(text == "true")
	return text == "true" || text == "false"
}

func setInt(v reflect.Value, text string) bool {
	n, err := strconv.ParseInt(text, 10, v.Type().Bits())
	v.SetInt(n)
	return err == nil && !strings.HasPrefix(text, "+")
}

func setUint(v reflect.Value, text string) bool {
	n, err := strconv.ParseUint(text, 10, v.Type().Bits())
	v.SetUint(n)
	return err == nil
}

// setFloat leaves the syntax to the schema, which knows neither NaN nor hexadecimal numbers.
func setFloat(v reflect.Value, text string) bool {
	f, err := strconv.ParseFloat(text, v.Type().Bits())
	v.SetFloat(f)
	return err == nil
}

func setDuration(v reflect.Value, text string) bool {
	d, err := time.ParseDuration(text)
	v.SetInt(int64(d))
	return err == nil
}

func setURL(v reflect.Value, text string) bool {
	u, err := url.Parse(text)
	if err == nil {
		*v.Addr().Interface().(*url.URL) = *u
	}
	return err == nil
}

func setText(v reflect.Value, text string) bool {
	return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)) == nil
}
