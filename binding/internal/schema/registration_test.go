package schema_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

type hiddenPage struct {
	Size int `default:"20"`
}

type hiddenName struct{ Name string }

type selfMade struct {
	Name string `minLength:"3"`
}

func (s *selfMade) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &s.Name) }

type badInner struct {
	Deep string `json:"deep" minimum:"1"`
}

// TestRegistration has every mistake that a type or tag can have. The words are those that the message must have: what is wrong,
// and the fix.
func TestRegistration(t *testing.T) {
	tests := []struct {
		name  string
		typ   reflect.Type
		words []string
	}{
		{"length of an int", reflect.TypeFor[struct {
			A int `minLength:"3"`
		}](), []string{".A: ", `minLength:"3"`, "is for strings", "int", "drop it"}},
		{"pattern of a bool", reflect.TypeFor[struct {
			A bool `pattern:"x"`
		}](), []string{`pattern:"x"`, "is for strings", "bool"}},
		{"minimum of a string", reflect.TypeFor[struct {
			A string `minimum:"3"`
		}](), []string{`minimum:"3"`, "is for numbers"}},
		{"multipleOf of a bool", reflect.TypeFor[struct {
			A bool `multipleOf:"3"`
		}](), []string{"is for numbers"}},
		{"items of a string", reflect.TypeFor[struct {
			A string `minItems:"3"`
		}](), []string{"is for slices"}},
		{"items of items", reflect.TypeFor[struct {
			A []int `minLength:"3"`
		}](), []string{"is for strings", "int"}},
		{"constraint on any", reflect.TypeFor[struct {
			A any `enum:"3"`
		}](), []string{`enum:"3"`, "interface {}"}},
		{"constraint on a struct", reflect.TypeFor[struct {
			A struct{ B int } `minLength:"3"`
		}](), []string{`minLength:"3"`}},
		{"format of a bool", reflect.TypeFor[struct {
			A bool `format:"uuid"`
		}](), []string{"is for strings and numbers"}},
		{"constraint on what decodes itself", reflect.TypeFor[struct {
			A even `minimum:"3"`
		}](), []string{"even", "decodes itself"}},
		{"tags inside what decodes itself", reflect.TypeFor[struct{ A selfMade }](), []string{"schema_test.selfMade.Name: ", "minLength", "UnmarshalJSON", "Validate"}},
		{"minimum of a quoted int", reflect.TypeFor[struct {
			A int `json:",string" minimum:"3"`
		}](), []string{"is for numbers", `json:",string"`}},
		{"length of a text in a text", reflect.TypeFor[struct {
			A string `json:",string" minLength:"3"`
		}](), []string{"A: ", `json:",string"`, "drop"}},
		{"beside an embedded UnmarshalJSON", reflect.TypeFor[struct {
			even
			hiddenPage
		}](), []string{"Size: ", "default is not looked at", "Validate"}},
		{"nested", reflect.TypeFor[struct{ A []map[string]*badInner }](), []string{"schema_test.badInner.Deep: ", `minimum:"1"`}},
		{"no count", reflect.TypeFor[struct {
			A string `minLength:"-1"`
		}](), []string{`minLength:"-1"`, "0 or more"}},
		{"no count of items", reflect.TypeFor[struct {
			A []string `maxItems:"1.5"`
		}](), []string{`maxItems:"1.5"`, "whole number"}},
		{"no number", reflect.TypeFor[struct {
			A int `minimum:"ten"`
		}](), []string{`minimum:"ten"`, "is not a number", "such as 10"}},
		{"no JSON number", reflect.TypeFor[struct {
			A int `maximum:"010"`
		}](), []string{"is not a number"}},
		{"no divisor", reflect.TypeFor[struct {
			A int `multipleOf:"0"`
		}](), []string{`multipleOf:"0"`, "above 0"}},
		{"long divisor", reflect.TypeFor[struct {
			A float64 `multipleOf:"0.1234567890123456789"`
		}](), []string{"at most 18 digits"}},
		{"no bool", reflect.TypeFor[struct {
			A []int `uniqueItems:"yes"`
		}](), []string{`uniqueItems:"yes"`, `write "true"`}},
		{"required", reflect.TypeFor[struct {
			A int `required:""`
		}](), []string{`required:""`, `"true"`}},
		{"deprecated", reflect.TypeFor[struct {
			A int `deprecated:"1"`
		}](), []string{`deprecated:"1"`, `"true"`}},
		{"pattern", reflect.TypeFor[struct {
			A string `pattern:"(?=x)"`
		}](), []string{`pattern:"(?=x)"`, "does not compile", "Go's regexp syntax"}},
		{"format", reflect.TypeFor[struct {
			A string `format:"datetime"`
		}](), []string{`format:"datetime"`, "date-time, date", "json-pointer"}},
		{"format of an int", reflect.TypeFor[struct {
			A int `format:"float"`
		}](), []string{`format:"float"`, "int32 or int64"}},
		{"format of a float", reflect.TypeFor[struct {
			A float32 `format:"int32"`
		}](), []string{"float or double"}},
		{"format of a time", reflect.TypeFor[struct {
			A time.Time `format:"date"`
		}](), []string{`format:"date"`, "time.Time"}},
		{"empty enum", reflect.TypeFor[struct {
			A string `enum:""`
		}](), []string{`enum:""`, "commas"}},
		{"enum with spaces", reflect.TypeFor[struct {
			A string `enum:"a, b"`
		}](), []string{"space", `" b"`}},
		{"enum twice", reflect.TypeFor[struct {
			A string `enum:"a,b,a"`
		}](), []string{`"a" twice`}},
		{"enum of another kind", reflect.TypeFor[struct {
			A int `enum:"1,x"`
		}](), []string{`"x"`}},
		{"enum with fractions", reflect.TypeFor[struct {
			A int `enum:"1,1.5"`
		}](), []string{`"1.5" must be an integer`}},
		{"enum beyond the type", reflect.TypeFor[struct {
			A int8 `enum:"1,128"`
		}](), []string{`"128" must be at most 127`}},
		{"enum against pattern", reflect.TypeFor[struct {
			A string `enum:"a,b" pattern:"a"`
		}](), []string{`"b" must match a`, "mend the enum"}},
		{"enum against format", reflect.TypeFor[struct {
			A string `enum:"a" format:"uuid"`
		}](), []string{`"a" must be a UUID`}},
		{"lengths", reflect.TypeFor[struct {
			A string `minLength:"3" maxLength:"2"`
		}](), []string{"minLength is above maxLength"}},
		{"items", reflect.TypeFor[struct {
			A []int `minItems:"3" maxItems:"2"`
		}](), []string{"minItems is above maxItems"}},
		{"items of an array", reflect.TypeFor[struct {
			A [2]int `maxItems:"3"`
		}](), []string{"room for 2 items"}},
		{"limits", reflect.TypeFor[struct {
			A int `minimum:"3" maximum:"2"`
		}](), []string{"no number is between"}},
		{"exclusive limits", reflect.TypeFor[struct {
			A int `minimum:"3" exclusiveMaximum:"3.0"`
		}](), []string{"no number is between"}},
		{"minimum below the type", reflect.TypeFor[struct {
			A uint `minimum:"-1"`
		}](), []string{`minimum:"-1"`, "uint", "raise it"}},
		{"maximum above the type", reflect.TypeFor[struct {
			A int16 `maximum:"32768"`
		}](), []string{`maximum:"32768"`, "int16", "lower it"}},
		{"default and required", reflect.TypeFor[struct {
			A int `default:"3" required:"true"`
		}](), []string{`default:"3"`, "required", "drop one"}},
		{"default of a pointer", reflect.TypeFor[struct {
			A *int `default:"3"`
		}](), []string{`default:"3"`, "drop the *"}},
		{"default of a struct", reflect.TypeFor[struct {
			A struct{} `default:"{}"`
		}](), []string{`default:"{}"`, "struct {}"}},
		{"default of any", reflect.TypeFor[struct {
			A any `default:"1"`
		}](), []string{`default:"1"`, "interface {}"}},
		{"default of a map", reflect.TypeFor[struct {
			A map[string]int `default:"1"`
		}](), []string{`default:"1"`}},
		{"default of lists of lists", reflect.TypeFor[struct {
			A [][]int `default:"1"`
		}](), []string{`default:"1"`}},
		{"default that is none", reflect.TypeFor[struct {
			A int `default:"x"`
		}](), []string{`default:"x" must be an integer`}},
		{"default beyond the type", reflect.TypeFor[struct {
			A int8 `default:"200"`
		}](), []string{`default:"200" must be at most 127`}},
		{"default against the constraints", reflect.TypeFor[struct {
			A string `default:"abc" maxLength:"2"`
		}](), []string{`default:"abc" must be at most 2 characters long`}},
		{"default items against the constraints", reflect.TypeFor[struct {
			A []string `default:"a,abc" maxLength:"2"`
		}](), []string{`"abc"`, "must be at most 2 characters long"}},
		{"default list against the constraints", reflect.TypeFor[struct {
			A []string `default:"a,a" uniqueItems:"true"`
		}](), []string{"must not have equal items"}},
		{"default that its type refuses", reflect.TypeFor[struct {
			A color `default:"pink"`
		}](), []string{`default:"pink" is not valid`}},
		{"default in a map", reflect.TypeFor[struct{ A map[string][]hiddenPage }](), []string{".A: ", "map[string][]schema_test.hiddenPage", "default"}},
		{"default in a map, the body itself", reflect.TypeFor[map[string]hiddenPage](), []string{"map[string]schema_test.hiddenPage", "default"}},
		{"default behind an unexported pointer", reflect.TypeFor[struct{ *hiddenPage }](), []string{"schema_test.hiddenPage.Size: ", "embed it by value"}},
		{"tag at an embedded struct", reflect.TypeFor[struct {
			hiddenPage `required:"true"`
		}](), []string{".hiddenPage: ", `required:"true"`, "no effect"}},
		{"channel", reflect.TypeFor[struct{ A chan int }](), []string{".A: ", "chan int has no JSON", `json:"-"`}},
		{"function", reflect.TypeFor[struct{ A func() }](), []string{"has no JSON"}},
		{"complex", reflect.TypeFor[struct{ A complex64 }](), []string{"has no JSON"}},
		{"names of bools", reflect.TypeFor[struct{ A map[bool]int }](), []string{"map[bool]int", "keys"}},
		{"misspelled", reflect.TypeFor[struct {
			A int `minimun:"3"`
		}](), []string{".A: ", `minimun:"3"`, "did you mean minimum"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := schema.OfJSON(tt.typ, "")
			if err == nil {
				t.Fatal("no error")
			}
			if _, ok := errors.AsType[*schema.Error](err); !ok {
				t.Errorf("it is a %T", err)
			}
			for _, word := range tt.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
		})
	}
}

type endless []map[string]*endless

type pointless *pointless

type children []child

type child struct{ Children children }

func TestTypesThatContainThemselves(t *testing.T) {
	for _, typ := range []reflect.Type{reflect.TypeFor[endless](), reflect.TypeFor[[]endless](), reflect.TypeFor[pointless]()} {
		if _, err := schema.OfJSON(typ, ""); err == nil || !strings.Contains(err.Error(), "put one there") {
			t.Errorf("%s: %v", typ, err)
		}
	}
	s := ofJSON(t, reflect.TypeFor[children](), "")
	if diff := cmp.Diff([]string{"/0/Children/0 must be an object"}, faultsOf(s, `[{"Children":[1]}]`, schema.Options{})); diff != "" {
		t.Error(diff)
	}
}

func TestRegistrationOfAnError(t *testing.T) {
	for _, again := range []bool{false, true} { // an error is not kept as if it were a schema
		if _, err := schema.OfJSON(reflect.TypeFor[[]badInner](), ""); err == nil {
			t.Errorf("no error; again: %t", again)
		}
	}
	tests := []struct {
		name string
		tag  reflect.StructTag
		want string
	}{
		{"default", `default:"1"`, "a body cannot have a default"},
		{"required", `required:"x"`, `required:"x" is neither true nor false`},
		{"constraint", `minLength:"1"`, `minLength:"1" is for strings`},
	}
	for _, tt := range tests {
		_, err := schema.OfJSON(reflect.TypeFor[int](), tt.tag)
		var e *schema.Error
		if !errors.As(err, &e) || e.Type != nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// JSON can be written of these types, but not be read.
func TestCheckDecodable(t *testing.T) {
	type list struct {
		Next  []*list
		Names map[string]fmt.Stringer
	}
	for typ, want := range map[reflect.Type]string{
		reflect.TypeFor[fmt.Stringer]():            "fmt.Stringer has methods",
		reflect.TypeFor[[]list]():                  "list.Names: fmt.Stringer has methods",
		reflect.TypeFor[struct{ *hiddenName }]():   "Name: it cannot be set",
		reflect.TypeFor[struct{ hiddenPage }]():    "",
		reflect.TypeFor[map[string][]any]():        "",
		reflect.TypeFor[struct{ A json.Number }](): "",
	} {
		s, err := schema.OfJSON(typ, "")
		if err == nil {
			err = s.CheckDecodable()
		}
		if want == "" && err != nil || want != "" && !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%v: %v, want %q", typ, err, want)
		}
	}
}

func TestOfTextRefuses(t *testing.T) {
	tests := []struct {
		name  string
		typ   reflect.Type
		tag   reflect.StructTag
		words []string
	}{
		{"struct", reflect.TypeFor[hiddenPage](), "", []string{"schema_test.hiddenPage", "UnmarshalText"}},
		{"any", reflect.TypeFor[any](), "", []string{"interface {}"}},
		{"array", reflect.TypeFor[[2]int](), "", []string{"[2]int"}},
		{"slices of slices", reflect.TypeFor[[][]int](), "", []string{"[]int"}},
		{"pointer to a slice", reflect.TypeFor[*[]int](), "", []string{"*[]int"}},
		{"pointer to a pointer", reflect.TypeFor[**int](), "", []string{"**int"}},
		{"map of ints", reflect.TypeFor[map[string]int](), "", []string{"map[string]int", "map[string][]string"}},
		{"bytes are no list", reflect.TypeFor[json.RawMessage](), `minItems:"2"`, []string{"is for slices"}},
		{"constraint", reflect.TypeFor[int](), `minLength:"2"`, []string{`minLength:"2"`, "is for strings"}},
		{"constraint of items", reflect.TypeFor[[]int](), `minLength:"2"`, []string{`minLength:"2"`, "is for strings"}},
		{"items of no list", reflect.TypeFor[int](), `minItems:"2"`, []string{"is for slices"}},
		{"items of no list, in a map", reflect.TypeFor[map[string]string](), `minItems:"2"`, []string{"is for slices"}},
		{"minimum of a duration", reflect.TypeFor[time.Duration](), `minimum:"2"`, []string{"is for numbers", "time.Duration"}},
		{"format of a duration", reflect.TypeFor[time.Duration](), `format:"duration"`, []string{"time.Duration"}},
		{"format of a URL", reflect.TypeFor[url.URL](), `format:"email"`, []string{"url.URL"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := schema.OfText(tt.typ, tt.tag)
			if err == nil {
				t.Fatal("no error")
			}
			for _, word := range tt.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
		})
	}
}

func TestCheckTags(t *testing.T) {
	tests := []struct {
		name string
		tag  reflect.StructTag
		want string // of what was meant; "" is no error
	}{
		{"ours", `json:"a,omitempty" minLength:"1" maxLength:"2" pattern:"x" enum:"x" format:"uuid" required:"true" doc:"x" example:"x"`, ""},
		{"ours, of sources", `path:"a" query:"b" header:"c" cookie:"d" form:"e" accept:"f" binding:"-"`, ""},
		{"those of others", `json:"a" xml:"a" yaml:"a" toml:"a" db:"a" bson:"a" gorm:"a" validate:"required" mapstructure:"a" env:"A" protobuf:"a" csv:"a" url:"a"`, ""},
		{"case", `minlength:"1"`, "minLength"},
		{"case of a short one", `Enum:"1"`, "enum"},
		{"case of a source", `Query:"a"`, "query"},
		{"letter missing", `exclusveMinimum:"1"`, "exclusiveMinimum"},
		{"two letters", `requird:"true"`, "required"},
		{"two others", `paterm:"x"`, "pattern"},
		{"longer than any", `exclusiveMaximumus:"1"`, "exclusiveMaximum"},
		{"three letters are another word", `mapping:"x"`, ""},
		{"min", `min:"1"`, "minimum, minLength or minItems"},
		{"max", `max:"1"`, "maximum, maxLength or maxItems"},
		{"len", `len:"1"`, "minLength and maxLength"},
		{"gt", `gt:"1"`, "exclusiveMinimum"},
		{"lt", `lt:"1"`, "exclusiveMaximum"},
		{"gte", `gte:"1"`, "minimum, minLength or minItems"},
		{"lte", `lte:"1"`, "maximum, maxLength or maxItems"},
		{"oneof", `oneof:"a b"`, "enum"},
		{"enums", `enums:"a,b"`, "enum"},
		{"unique", `unique:"true"`, "uniqueItems"},
		{"regex", `regex:"a"`, "pattern"},
		{"regexp", `regexp:"a"`, "pattern"},
		{"maxlen", `maxlen:"1"`, "maxLength"},
		{"minlen", `minlen:"1"`, "minLength"},
		{"defaults", `defaults:"1"`, "default"},
		{"description", `json:"a" description:"x"`, "doc"},
		{"space after the colon", `json:"a" minLength: "1"`, `cannot be read from "minLength: \"1\""`},
		{"no quotes", `minLength=1`, "cannot be read"},
		{"nonsense of others", `json:"a" something else`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := schema.CheckTags(tt.tag)
			switch {
			case tt.want == "" && err != nil:
				t.Error(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("%v does not say %q", err, tt.want)
			}
		})
	}
}

// TestDocumented is what the document is written from.
func TestDocumented(t *testing.T) {
	type member struct {
		A int8           `json:"a"`
		B uint16         `json:"b" maximum:"10"`
		C uint64         `json:"c"`
		D int32          `json:"d" enum:"1,2"`
		E []*string      `json:"e" enum:"a,\"" minItems:"1"`
		F [3]float32     `json:"f"`
		G *time.Time     `json:"g"`
		H []byte         `json:"h"`
		I map[string]any `json:"i" required:"true"`
		J int64          `json:"j,string"`
	}
	describe := func(s *schema.Schema) string {
		text := fmt.Sprintf("%s kind %d %q nullable %t", s.Type, s.Kind, s.Format, s.Nullable)
		if r := s.Rules; r != nil {
			text += fmt.Sprintf(" items %d-%d length %d-%d %v", r.MinItems, r.MaxItems, r.MinLength, r.MaxLength, r.Enum)
			for _, limit := range []*schema.Decimal{r.Minimum, r.Maximum} {
				if limit != nil {
					text += " " + limit.String()
				}
			}
		}
		return text
	}
	want := []string{
		`int8 kind 2 "" nullable false items 0--1 length 0--1 [] -128 127`,
		`uint16 kind 2 "" nullable false items 0--1 length 0--1 [] 0 10`,
		`uint64 kind 2 "" nullable false items 0--1 length 0--1 [] 0`,
		`int32 kind 2 "int32" nullable false items 0--1 length 0--1 [1 2]`,
		`[]*string kind 5 "" nullable false items 1--1 length 0--1 []`,
		`[3]float32 kind 5 "" nullable false items 3-3 length 0--1 []`,
		`*time.Time kind 4 "date-time" nullable true`,
		`[]uint8 kind 4 "byte" nullable true`,
		`map[string]interface {} kind 7 "" nullable false`,
		`int64 kind 4 "int64" nullable false`,
	}
	s := ofJSON(t, reflect.TypeFor[member](), "")
	for i, f := range s.Struct.Fields {
		if got := describe(f.Schema); got != want[i] {
			t.Errorf("%s: %s, want %s", f.Name, got, want[i])
		}
	}
	elem := s.Struct.Fields[4].Schema.Elem
	if got, want := describe(elem), `*string kind 4 "" nullable true items 0--1 length 0--1 ["a" "\""]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if !s.Struct.Fields[8].Required || s.Struct.Fields[7].Required {
		t.Error("required is wrong")
	}
}

// TestStructIsShared is what lets a type contain itself and a document refer to it.
func TestStructIsShared(t *testing.T) {
	type node struct {
		Children []*node         `json:"children"`
		ByName   map[string]node `json:"byName"`
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { ofJSON(t, reflect.TypeFor[node](), "") })
	}
	wg.Wait()
	a, b := ofJSON(t, reflect.TypeFor[node](), ""), ofJSON(t, reflect.TypeFor[[]node](), `minItems:"1"`)
	if a.Struct != b.Elem.Struct {
		t.Error("the type has two schemas")
	}
	first := a.Struct.Fields[0].Schema.Elem.Struct
	if second := first.Fields[1].Schema.Elem.Struct; first != second {
		t.Error("the type has two schemas within")
	}
}
