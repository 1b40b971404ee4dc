package schema_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// Types for the rules of encoding/json about fields. None has omitempty, so that marshalling the zero value shows every name.

type Base struct {
	ID   int
	Name string `json:"name"`
	Same int
}

type Other struct {
	Same int
	Deep
}

type Deep struct {
	ID    string
	Below int `json:"below"`
}

type lower struct {
	Seen   int
	unseen int
}

type number int

type Number int

type Loop struct {
	*Loop
	Value int
}

type TwiceA struct{ Shared }

type TwiceB struct{ Shared }

type Shared struct{ X, Y int }

type TaggedX struct {
	Z int `json:"X"`
}

// TestNames compares the names with those that encoding/json writes.
func TestNames(t *testing.T) {
	tests := []struct {
		name  string
		value any // with embedded pointers that are not nil
	}{
		{"plain, tagged, hidden", struct {
			A int
			B int `json:"b"`
			C int `json:"-"`
			D int `json:"-,"` //nolint:staticcheck // it is a rule of encoding/json
			E int `json:",string"`
			F int `json:"a b/c"`
			G int `json:"bad\"name"` //nolint:staticcheck // encoding/json ignores the name
			H int `json:"ü"`
			I int `json:""`
			j int
			K int `json:"k,omitzero,unknown"`
		}{K: 1}},
		{"embedded", struct {
			Base
			More int
		}{}},
		{"embedded pointer", struct{ *Base }{&Base{}}},
		{"embedded with a name", struct {
			Base `json:"base"`
		}{}},
		{"embedded unexported struct", struct{ lower }{lower{unseen: 1}}},
		{"embedded unexported struct with a name", struct {
			lower `json:"l"`
		}{}},
		{"embedded scalars", struct {
			number
			Number
		}{}},
		{"embedded and left out", struct {
			Base  `json:"-"`
			Other int
		}{}},
		{"shallow hides deep", struct {
			Base
			ID bool
		}{}},
		{"equals hide each other, the deep one does not count", struct {
			Base
			Other
		}{}},
		{"a tag wins", struct {
			Shared
			TaggedX
		}{}},
		{"the same struct twice", struct {
			TwiceA
			TwiceB
		}{}},
		{"tags that are equal", reflect.Zero(reflect.StructOf([]reflect.StructField{
			{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
			{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"x"`},
			{Name: "C", Type: reflect.TypeFor[int]()},
		})).Interface()},
		{"loop", Loop{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			data, err := json.Marshal(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range tree(data).(object) {
				want = append(want, p.name)
			}
			var got []string
			s := ofJSON(t, reflect.TypeOf(tt.value), "")
			for _, f := range s.Struct.Fields {
				got = append(got, f.Name)
				if f.Schema.Type != reflect.TypeOf(tt.value).FieldByIndex(f.Index).Type {
					t.Errorf("%s has the index of another field", f.Name)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("encoding/json (-), schema (+) %s", diff)
			}
			if faults := faultsOf(s, string(data), schema.Options{Strict: true}); faults != nil {
				t.Errorf("%s: %v", data, faults)
			}
		})
	}
}

// TestFoldedNames compares the names that encoding/json takes for a field with those that are faults: both ignore case in the same
// way.
func TestFoldedNames(t *testing.T) {
	type folded struct {
		Kelvin int `json:"kelvin"`
		Street int `json:"straße"`
		Sigma  int `json:"σ"`
	}
	s := ofJSON(t, reflect.TypeFor[folded](), "")
	rapid.Check(t, func(t *rapid.T) {
		letters := []rune{'k', 'K', '\u212a', 'e', 'E', 'l', 'v', 'i', 'I', 'ı', 'n', 's', 'S', 'ſ', 't', 'r', 'a', 'ß', 'ẞ', 'σ', 'ς', 'Σ'}
		name := []rune(rapid.SampledFrom([]string{"kelvin", "straße", "σ"}).Draw(t, "name"))
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			name[rapid.IntRange(0, len(name)-1).Draw(t, "at")] = rapid.SampledFrom(letters).Draw(t, "letter")
		}
		data, _ := json.Marshal(map[string]int{string(name): 1})
		var v folded
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		exact := slices.Contains([]string{"kelvin", "straße", "σ"}, string(name))
		if got, want := faultsOf(s, string(data), schema.Options{}) != nil, v != (folded{}) && !exact; got != want {
			t.Fatalf("%s: a fault is %t, want %t", data, got, want)
		}
	})
}

// TestGenerated has the promise for types and values that nobody thought of: what encoding/json marshals is without a fault.
func TestGenerated(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := structType(t, 3)
		v := reflect.New(typ).Elem()
		fillValue(t, v)
		data, err := json.Marshal(v.Interface())
		if err != nil {
			t.Fatal(err)
		}
		s, err := schema.OfJSON(typ, "")
		if err != nil {
			t.Fatalf("%s: %v", typ, err)
		}
		if faults := faultsOf(s, string(data), schema.Options{Strict: true}); faults != nil {
			t.Fatalf("%s\n%s\n%v", typ, data, faults)
		}
	})
}

func structType(t *rapid.T, depth int) reflect.Type {
	fields := make([]reflect.StructField, rapid.IntRange(0, 12).Draw(t, "fields"))
	for i := range fields {
		tag := rapid.SampledFrom([]string{"", fmt.Sprintf(`json:"f%d"`, i), `json:"-"`, `json:",omitempty"`, `json:",string"`, fmt.Sprintf(`json:"f%d,omitzero"`, i), fmt.Sprintf(`json:"ä %d"`, i)})
		fields[i] = reflect.StructField{Name: fmt.Sprintf("F%d", i), Type: fieldType(t, depth-1), Tag: reflect.StructTag(tag.Draw(t, "tag"))}
	}
	return reflect.StructOf(fields)
}

func fieldType(t *rapid.T, depth int) reflect.Type {
	scalars := []reflect.Type{
		reflect.TypeFor[bool](), reflect.TypeFor[string](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int64](),
		reflect.TypeFor[uint](), reflect.TypeFor[uint16](), reflect.TypeFor[uint64](), reflect.TypeFor[float32](), reflect.TypeFor[float64](),
		reflect.TypeFor[[]byte](), reflect.TypeFor[*int](), reflect.TypeFor[*string](), reflect.TypeFor[number](),
	}
	if depth == 0 {
		return rapid.SampledFrom(scalars).Draw(t, "scalar")
	}
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return structType(t, depth)
	case 1:
		return reflect.SliceOf(fieldType(t, depth-1))
	case 2:
		return reflect.MapOf(reflect.TypeFor[string](), fieldType(t, depth-1))
	case 3:
		return reflect.MapOf(reflect.TypeFor[int16](), fieldType(t, depth-1))
	case 4:
		return reflect.ArrayOf(2, fieldType(t, depth-1))
	case 5:
		return reflect.PointerTo(structType(t, depth))
	default:
		return rapid.SampledFrom(scalars).Draw(t, "scalar")
	}
}

func fillValue(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "bool"))
	case reflect.String:
		v.SetString(rapid.String().Draw(t, "string"))
	case reflect.Float32:
		v.SetFloat(float64(rapid.Float32Range(-1e30, 1e30).Draw(t, "float")))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1e300, 1e300).Draw(t, "float"))
	case reflect.Pointer:
		if rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			fillValue(t, v.Elem())
		}
	case reflect.Slice:
		if rapid.Bool().Draw(t, "set") {
			v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		}
		for i := range v.Len() {
			fillValue(t, v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			fillValue(t, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range rapid.IntRange(0, 3).Draw(t, "members") {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fillValue(t, key)
			fillValue(t, elem)
			v.SetMapIndex(key, elem)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			fillValue(t, v.Field(i))
		}
	default:
		bits := v.Type().Bits()
		if v.CanInt() {
			v.SetInt(rapid.Int64().Draw(t, "int") >> (64 - bits))
		} else {
			v.SetUint(rapid.Uint64().Draw(t, "uint") >> (64 - bits))
		}
	}
}
