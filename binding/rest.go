package binding

import (
	"reflect"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// readRest fills the map of `query:"*"` with the keys that no other field takes. Where there are none it stays nil.
func (p *plan) readRest(q *parameter, in reflect.Value, query []pair, faults *schema.Faults) {
	var keys []string // in the order of the query
	texts := map[string][]string{}
	for i := range query {
		pair := &query[i]
		if p.takesQuery(pair.key) {
			continue
		}
		if pair.bad {
			faults.Add("", pair.key, badEscape)
			continue
		}
		if texts[pair.key] == nil {
			keys = append(keys, pair.key)
		}
		texts[pair.key] = append(texts[pair.key], pair.value)
	}
	if len(keys) == 0 {
		if q.required {
			faults.Add("", q.name, "is required")
		}
		return
	}
	t := q.field.Type
	values := reflect.MakeMapWithSize(t, len(keys))
	for _, key := range keys {
		v := reflect.New(t.Elem()).Elem()
		if fault := q.each.set(v, texts[key]); fault != "" {
			faults.Add("", key, fault)
			continue
		}
		values.SetMapIndex(reflect.ValueOf(key).Convert(t.Key()), v)
	}
	fieldOf(in, q.field.Index).Set(values)
}

// takesQuery reports whether a field has the key of the query for itself.
func (p *plan) takesQuery(key string) bool {
	for i := range p.parameters {
		if q := &p.parameters[i]; q.source == "query" && q.name == key && q.shape != rest {
			return true
		}
	}
	return false
}
