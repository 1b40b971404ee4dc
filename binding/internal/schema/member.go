package schema

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// member is a Go field that encoding/json reads.
type member struct {
	name   string // in JSON
	tagged bool   // the name is from the tag
	quoted bool   // `json:",string"` applies
	index  []int
	owner  reflect.Type // the struct that it is written in
	field  reflect.StructField
}

// membersOf returns the fields that encoding/json has for the struct, in the order of the Go fields: those of embedded structs are
// its own, a shallower field hides a deeper one of the same name, a name from a tag wins over one that is not, and fields that
// remain equal hide each other.
func membersOf(t reflect.Type) ([]*member, error) {
	found, err := appendMembers(nil, t, nil, nil)
	if err != nil {
		return nil, err
	}
	members := make([]*member, 0, len(found))
	for _, m := range found {
		if m.dominates(found) {
			members = append(members, m)
		}
	}
	return members, nil
}

// appendMembers adds the fields written in a struct, and in those embedded in it. The structs around it are not gone into again:
// all that would be found is hidden.
func appendMembers(found []*member, t reflect.Type, index []int, around []reflect.Type) ([]*member, error) {
	if slices.Contains(around, t) {
		return found, nil
	}
	around = append(around, t)
	for i := range t.NumField() {
		m := &member{field: t.Field(i), owner: t}
		f := &m.field
		typ := f.Type
		if typ.Name() == "" && typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		embedded := f.Anonymous && typ.Kind() == reflect.Struct
		tag := f.Tag.Get("json")
		if !f.IsExported() && !embedded || tag == "-" {
			continue
		}
		m.index = append(append(make([]int, 0, len(index)+1), index...), i)
		name, options, _ := strings.Cut(tag, ",")
		m.tagged = isName(name)
		if embedded && !m.tagged {
			err := checkEmbedded(m)
			if err == nil {
				found, err = appendMembers(found, typ, m.index, around)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		m.name = f.Name
		if m.tagged {
			m.name = name
		}
		m.quoted = isQuotable(typ.Kind()) && strings.Contains(","+options+",", ",string,")
		found = append(found, m)
	}
	return found, nil
}

// dominates reports whether no other member hides m.
func (m *member) dominates(found []*member) bool {
	for _, other := range found {
		if other == m || other.name != m.name {
			continue
		}
		if d := len(other.index) - len(m.index); d < 0 || d == 0 && (other.tagged || !m.tagged) {
			return false
		}
	}
	return true
}

// isName reports whether encoding/json takes the name in a tag. It ignores others.
func isName(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) {
			return false
		}
	}
	return s != ""
}

// isQuotable reports whether `json:",string"` has an effect.
func isQuotable(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Float64 || k == reflect.String
}
