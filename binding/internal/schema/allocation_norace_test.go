//go:build !race

package schema_test

import (
	"reflect"
	"testing"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

func TestCheckJSONDoesNotAllocate(t *testing.T) {
	type labels struct {
		Labels map[string]string `json:"labels" maxLength:"40"`
		Any    any               `json:"any"`
	}
	tests := []struct {
		name string
		typ  reflect.Type
		data string
	}{
		{"order", reflect.TypeFor[benchOrder](), benchBody},
		{"64 fields", wide(64), benchWide(64)},
		{"map", reflect.TypeFor[labels](), `{"labels":{"a":"ü","b":"long enough to be longer than 32"},"any":{"a":["\n",1.5]}}`},
		{"unknown members", reflect.TypeFor[labels](), `{"x":1,"y":[{}]}`},
	}
	for _, tt := range tests {
		s, data := ofJSON(t, tt.typ, ""), []byte(tt.data)
		got := testing.AllocsPerRun(100, func() {
			var faults schema.Faults
			s.CheckJSON(data, schema.Options{MaxDepth: 64}, &faults)
			if faults.Len() > 0 {
				t.Fatal(faults.List)
			}
		})
		if got > 0 {
			t.Errorf("%s: %v allocations", tt.name, got)
		}
	}
}

func TestCheckTextDoesNotAllocate(t *testing.T) {
	tests := []struct {
		name string
		typ  reflect.Type
		tag  reflect.StructTag
		text string
	}{
		{"string", reflect.TypeFor[string](), "", "a string that is longer than 32 bytes, but free"},
		{"int", reflect.TypeFor[int](), `minimum:"1" multipleOf:"7"`, "77"},
		{"float", reflect.TypeFor[float64](), `maximum:"1e3" multipleOf:"0.01"`, "99.95"},
		{"length", reflect.TypeFor[string](), `minLength:"1"`, "a string that is longer than 32 bytes, and has a length"},
		{"pattern", reflect.TypeFor[string](), `pattern:"^[a-z ]+$"`, "a string that is longer than what fits into a buffer"},
	}
	for _, tt := range tests {
		s, err := schema.OfText(tt.typ, tt.tag)
		if err != nil {
			t.Fatal(err)
		}
		got := testing.AllocsPerRun(100, func() {
			if fault := s.CheckText(tt.text); fault != "" {
				t.Fatal(fault)
			}
		})
		if got > 0 {
			t.Errorf("%s: %v allocations", tt.name, got)
		}
	}
}
