package template

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// decode fills dst, a pointer, with a value. As CloudFormation does, it takes a number or a boolean for text and the other way
// round. Each fault begins with the path of the value.
func decode(v any, dst any, path string) []error {
	d := decoder{}
	d.value(v, reflect.ValueOf(dst).Elem(), path)
	return d.faults
}

type decoder struct{ faults []error }

func (d *decoder) fault(path, format string, args ...any) {
	d.faults = append(d.faults, fmt.Errorf(path+": "+format, args...))
}

func (d *decoder) value(v any, dst reflect.Value, path string) {
	if v == nil {
		return
	}
	if l, ok := v.(later); ok && dst.Kind() != reflect.Interface {
		d.fault(path, "%s", l.why)
		return
	}
	if u, ok := dst.Addr().Interface().(json.Unmarshaler); ok {
		text, err := json.Marshal(v)
		if err == nil {
			err = u.UnmarshalJSON(text)
		}
		if err != nil {
			d.fault(path, "%w", err)
		}
		return
	}
	switch dst.Kind() {
	case reflect.Pointer:
		dst.Set(reflect.New(dst.Type().Elem()))
		d.value(v, dst.Elem(), path)
	case reflect.Struct:
		d.object(v, dst, path)
	case reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			d.fault(path, "there must be a list; begin it with [ or, in YAML, with -")
			return
		}
		dst.Set(reflect.MakeSlice(dst.Type(), len(list), len(list)))
		for i, e := range list {
			d.value(e, dst.Index(i), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Map:
		object, ok := v.(map[string]any)
		if !ok {
			d.fault(path, "there must be an object with names and values; write one")
			return
		}
		dst.Set(reflect.MakeMap(dst.Type()))
		for _, key := range slices.Sorted(maps.Keys(object)) {
			e := reflect.New(dst.Type().Elem()).Elem()
			d.value(object[key], e, path+"."+key)
			dst.SetMapIndex(reflect.ValueOf(key), e)
		}
	case reflect.Interface:
		dst.Set(reflect.ValueOf(v))
	default:
		d.scalar(v, dst, path)
	}
}

func (d *decoder) object(v any, dst reflect.Value, path string) {
	object, ok := v.(map[string]any)
	if !ok {
		d.fault(path, "there must be an object with names and values; write one")
		return
	}
	fields := map[string]int{}
	for i := range dst.NumField() {
		f := dst.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			name = f.Name
		}
		fields[name] = i
	}
	for _, key := range slices.Sorted(maps.Keys(object)) {
		i, ok := fields[key]
		if !ok {
			d.fault(path, "there is no property %q; use %s", key, strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
			continue
		}
		d.value(object[key], dst.Field(i), path+"."+key)
	}
}

func (d *decoder) scalar(v any, dst reflect.Value, path string) {
	text, ok := text(v)
	if !ok {
		d.fault(path, "there must be one value, not a list or an object; write one")
		return
	}
	switch dst.Kind() {
	case reflect.String:
		dst.SetString(text)
	case reflect.Int:
		n, err := strconv.Atoi(text)
		if err != nil {
			d.fault(path, "%q is no whole number; write one", text)
		}
		dst.SetInt(int64(n))
	default:
		b, err := strconv.ParseBool(text)
		if err != nil {
			d.fault(path, "%q is neither true nor false; write one of them", text)
		}
		dst.SetBool(b)
	}
}

// text is a scalar as it was written.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}
