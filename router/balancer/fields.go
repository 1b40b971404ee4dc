package balancer

import "slices"

// fields are named values, such as header lines or query pairs: the names in the order in which they
// first came, the values of each in the order of arrival.
type fields struct {
	names  []string
	values map[string][]string
}

// add appends values to those of name. What the load balancer adds therefore stands after what the
// client sent, and is what a single-value event shows.
func (f *fields) add(name string, values ...string) {
	if len(values) == 0 {
		return
	}
	if f.values == nil {
		f.values = make(map[string][]string)
	}
	if _, ok := f.values[name]; !ok {
		f.names = append(f.names, name)
	}
	f.values[name] = append(f.values[name], values...)
}

// set replaces the values of name.
func (f *fields) set(name, value string) {
	f.add(name, value)
	f.values[name] = []string{value}
}

// last returns the last value of name, "" if there is none.
func (f *fields) last(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[len(v)-1]
	}
	return ""
}

// drop removes name.
func (f *fields) drop(name string) {
	delete(f.values, name)
	f.names = slices.DeleteFunc(f.names, func(n string) bool { return n == name })
}

// appendJSON appends the fields as an object of strings, or of arrays of strings.
func (f *fields) appendJSON(dst []byte, multiValue bool) []byte {
	dst = append(dst, '{')
	for i, name := range f.names {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, name), ':')
		if !multiValue {
			dst = appendString(dst, f.last(name))
			continue
		}
		dst = append(dst, '[')
		for j, value := range f.values[name] {
			if j > 0 {
				dst = append(dst, ',')
			}
			dst = appendString(dst, value)
		}
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
