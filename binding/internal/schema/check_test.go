package schema_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

type color string

func (c *color) UnmarshalText(b []byte) error {
	if string(b) != "red" && string(b) != "blue" {
		return fmt.Errorf("no color %q", b)
	}
	*c = color(b)
	return nil
}

type even int

func (e *even) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, (*int)(e)); err != nil {
		return err
	}
	if *e%2 != 0 {
		return fmt.Errorf("odd")
	}
	return nil
}

// faultsOf gives one line a fault: pointer, space, detail.
func faultsOf(s *schema.Schema, data string, o schema.Options) []string {
	var faults schema.Faults
	s.CheckJSON([]byte(data), o, &faults)
	var lines []string
	for _, f := range faults.List {
		lines = append(lines, f.Pointer+" "+f.Detail)
	}
	return lines
}

// TestValue has every type with every tag it can have: a value that is taken and those that are not. An accepted value must also be
// one that encoding/json decodes.
func TestValue(t *testing.T) {
	type refused map[string]string // JSON → detail
	tests := []struct {
		name   string
		typ    reflect.Type
		tag    reflect.StructTag
		taken  []string
		faults refused
	}{
		{"bool", reflect.TypeFor[bool](), "", []string{"true", "false"}, refused{`"true"`: "must be true or false", "1": "must be true or false", "null": "must not be null", "{}": "must be true or false"}},
		{"bool enum", reflect.TypeFor[bool](), `enum:"true"`, []string{"true"}, refused{"false": "must be one of true"}},
		{"string", reflect.TypeFor[string](), "", []string{`""`, `"a\n"`}, refused{"1": "must be a string", "null": "must not be null", "[]": "must be a string"}},
		{"minLength", reflect.TypeFor[string](), `minLength:"3"`, []string{`"abc"`, `"äöü"`, `"\u00e4öü"`, `"😀😀😀"`}, refused{`"ab"`: "must be at least 3 characters long", `"\u00e4b"`: "must be at least 3 characters long", `"😀"`: "must be at least 3 characters long"}},
		{"maxLength 1", reflect.TypeFor[string](), `maxLength:"1"`, []string{`""`, `"\ud83d\ude00"`}, refused{`"ab"`: "must be at most 1 character long"}},
		{"maxLength 0", reflect.TypeFor[string](), `maxLength:"0"`, []string{`""`}, refused{`"a"`: "must be at most 0 characters long"}},
		{"pattern is not anchored", reflect.TypeFor[string](), `pattern:"b+"`, []string{`"abc"`, `"\u0062"`}, refused{`"ac"`: "must match b+"}},
		{"string enum", reflect.TypeFor[string](), `enum:"a,\"b\",ü"`, []string{`"a"`, `"\"b\""`, `"ü"`, `"\u00fc"`}, refused{`"c"`: `must be one of "a", "\"b\"", "ü"`, `""`: `must be one of "a", "\"b\"", "ü"`}},
		{"format", reflect.TypeFor[string](), `format:"uuid"`, []string{`"0b0e4a5c-3b57-4c58-8f6b-1c6d2a9f0e11"`}, refused{`"0b0e4a5c"`: "must be a UUID"}},
		{"pointer", reflect.TypeFor[*string](), `minLength:"1"`, []string{"null", `"a"`}, refused{`""`: "must be at least 1 character long"}},
		{"pointer required", reflect.TypeFor[*string](), `required:"true"`, []string{`"a"`}, refused{"null": "must not be null"}},
		{"int", reflect.TypeFor[int](), "", []string{"0", "-0", "9223372036854775807", "-9223372036854775808", "1.0", "1e3", "-0.0e9", "1200e-2", "9.223372036854775807e18"}, refused{"1.5": "must be an integer", "1e-1": "must be an integer", "9.223372036854775808e18": "must be at most 9223372036854775807", "-1e999999999": "must be at least -9223372036854775808", "9223372036854775808": "must be at most 9223372036854775807", "-9223372036854775809": "must be at least -9223372036854775808", `"1"`: "must be an integer", "null": "must not be null"}},
		{"int8", reflect.TypeFor[int8](), "", []string{"127", "-128"}, refused{"128": "must be at most 127", "-129": "must be at least -128"}},
		{"int16", reflect.TypeFor[int16](), "", []string{"32767", "-32768"}, refused{"32768": "must be at most 32767", "-32769": "must be at least -32768"}},
		{"int32", reflect.TypeFor[int32](), "", []string{"2147483647", "-2147483648"}, refused{"2147483648": "must be at most 2147483647", "-2147483649": "must be at least -2147483648"}},
		{"uint", reflect.TypeFor[uint](), "", []string{"0", "18446744073709551615"}, refused{"-1": "must be at least 0", "18446744073709551616": "must be at most 18446744073709551615"}},
		{"uint8", reflect.TypeFor[uint8](), "", []string{"255"}, refused{"256": "must be at most 255", "-1": "must be at least 0"}},
		{"uint16", reflect.TypeFor[uint16](), "", []string{"65535"}, refused{"65536": "must be at most 65535"}},
		{"uint32", reflect.TypeFor[uint32](), "", []string{"4294967295"}, refused{"4294967296": "must be at most 4294967295"}},
		{"minimum", reflect.TypeFor[int64](), `minimum:"9007199254740993"`, []string{"9007199254740993"}, refused{"9007199254740992": "must be at least 9007199254740993"}},
		{"maximum", reflect.TypeFor[uint64](), `maximum:"18446744073709551614"`, []string{"18446744073709551614"}, refused{"18446744073709551615": "must be at most 18446744073709551614"}},
		{"exclusive", reflect.TypeFor[int](), `exclusiveMinimum:"1" exclusiveMaximum:"3"`, []string{"2"}, refused{"1": "must be greater than 1", "3": "must be less than 3"}},
		{"fraction at an int", reflect.TypeFor[int](), `minimum:"0.5"`, []string{"1"}, refused{"0": "must be at least 0.5"}},
		{"multipleOf", reflect.TypeFor[int](), `multipleOf:"5"`, []string{"0", "10", "-15"}, refused{"3": "must be a multiple of 5"}},
		{"int enum", reflect.TypeFor[int](), `enum:"1,2"`, []string{"1", "2"}, refused{"3": "must be one of 1, 2"}},
		{"float64", reflect.TypeFor[float64](), "", []string{"1", "-1.5e3", "1e308", "1e-400"}, refused{"1e309": "must be a number in the range of a double", `"1"`: "must be a number", "null": "must not be null"}},
		{"float32", reflect.TypeFor[float32](), "", []string{"3.4e38"}, refused{"3.5e38": "must be a number in the range of a float"}},
		{"float limits", reflect.TypeFor[float64](), `exclusiveMinimum:"0.1" maximum:"1e2"`, []string{"0.10000000000000001", "100.0"}, refused{"0.1": "must be greater than 0.1", "1e-1": "must be greater than 0.1", "100.00000000000000000001": "must be at most 1e2"}},
		{"float multipleOf", reflect.TypeFor[float64](), `multipleOf:"0.1"`, []string{"0.3", "1e300", "0"}, refused{"0.35": "must be a multiple of 0.1"}},
		{"float enum", reflect.TypeFor[float64](), `enum:"1,2.5"`, []string{"1.0", "25e-1"}, refused{"2": "must be one of 1, 2.5"}},
		{"json.Number", reflect.TypeFor[json.Number](), `minimum:"0"`, []string{"1e999"}, refused{"-1": "must be at least 0", `"1"`: "must be a number"}},
		{"time", reflect.TypeFor[time.Time](), "", []string{`"2024-02-29T23:59:59.123+01:00"`}, refused{`"2024-02-30T00:00:00Z"`: "must be a date-time as in RFC 3339", `"2024-02-03t00:00:00Z"`: "must be a date-time as in RFC 3339", "1": "must be a string", "null": "must not be null"}},
		{"time pattern", reflect.TypeFor[*time.Time](), `pattern:"Z$"`, []string{`"2024-02-29T23:59:59Z"`, "null"}, refused{`"2024-02-29T23:59:59+01:00"`: "must match Z$"}},
		{"duration is a number in JSON", reflect.TypeFor[time.Duration](), `maximum:"10"`, []string{"10"}, refused{"11": "must be at most 10", `"1s"`: "must be an integer"}},
		{"text", reflect.TypeFor[color](), `enum:"red,blue"`, []string{`"red"`}, refused{`"green"`: `must be one of "red", "blue"`, "1": "must be a string", "null": "must not be null"}},
		{"netip", reflect.TypeFor[netip.Addr](), `maxLength:"9"`, []string{`"127.0.0.1"`}, refused{`"127.127.0.1"`: "must be at most 9 characters long"}},
		{"decodes itself", reflect.TypeFor[even](), "", []string{"2", "null"}, nil},
		{"any", reflect.TypeFor[any](), "", []string{"null", "1", `{"a":[{}]}`}, nil},
		{"any required", reflect.TypeFor[any](), `required:"true"`, []string{"1"}, refused{"null": "must not be null"}},
		{"raw", reflect.TypeFor[json.RawMessage](), "", []string{"null", "[1]"}, nil},
		{"bytes", reflect.TypeFor[[]byte](), `maxLength:"8"`, []string{`"AA=="`, `"AA\u003d="`, `""`, `"\/+8="`, "null"}, refused{`"AA="`: "must be in base64", `"A-_="`: "must be in base64", `"AAAAAAAAAAAA"`: "must be at most 8 characters long", "[1]": "must be a string"}},
		{"slice", reflect.TypeFor[[]int](), "", []string{"[]", "[1, 2]", "null"}, refused{"{}": "must be an array", `"x"`: "must be an array"}},
		{"minItems", reflect.TypeFor[[]int](), `minItems:"1"`, []string{"[1]"}, refused{"[]": "must have at least 1 item", "null": "must not be null"}},
		{"maxItems", reflect.TypeFor[[]int](), `maxItems:"2"`, []string{"[1,2]"}, refused{"[1,2,3]": "must have at most 2 items"}},
		{"array", reflect.TypeFor[[2]int](), "", []string{"[1,2]"}, refused{"[1]": "must have at least 2 items", "[1,2,3]": "must have at most 2 items", "null": "must not be null"}},
		{"short array", reflect.TypeFor[[2]int](), `minItems:"1"`, []string{"[1,2]", "[1]"}, refused{"[]": "must have at least 1 item", "[1,2,3]": "must have at most 2 items"}},
		{"array of bytes", reflect.TypeFor[[1]byte](), "", []string{"[1]"}, refused{`"AA=="`: "must be an array"}},
		{"unique", reflect.TypeFor[[]any](), `uniqueItems:"true"`, []string{`[1,"1",true,null,[],{}]`, `[{"a":1},{"a":2}]`}, refused{"[1,1.0]": "must not have equal items", `["a","\u0061"]`: "must not have equal items", `[{"a":1,"b":2},{"b":2,"a":1}]`: "must not have equal items", "[0,-0]": "must not have equal items", "[null,null]": "must not have equal items"}},
		{"unique, many", reflect.TypeFor[[]int](), `uniqueItems:"true"`, []string{"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]"}, refused{"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,1]": "must not have equal items", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,18]": "must not have equal items"}},
		{"uniqueItems false", reflect.TypeFor[[]int](), `uniqueItems:"false"`, []string{"[1,1]"}, nil},
		{"map", reflect.TypeFor[map[string]int](), "", []string{"{}", `{"a":1,"b":2}`, "null"}, refused{"[]": "must be an object"}},
		{"struct", reflect.TypeFor[struct{}](), "", []string{"{}", `{"a":1}`}, refused{"[]": "must be an object", "null": "must not be null"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := ofJSON(t, tt.typ, tt.tag)
			for _, data := range tt.taken {
				if got := faultsOf(s, data, schema.Options{Strict: tt.name != "struct"}); got != nil {
					t.Errorf("%s: %v", data, got)
				}
				plain, _ := s.PlainIntegers([]byte(data))
				if err := json.Unmarshal(plain, reflect.New(tt.typ).Interface()); err != nil {
					t.Errorf("%s: %v", data, err)
				}
			}
			for data, detail := range tt.faults {
				if diff := cmp.Diff([]string{" " + detail}, faultsOf(s, data, schema.Options{})); diff != "" {
					t.Errorf("%s: %s", data, diff)
				}
			}
		})
	}
}

// TestPlace says where a fault is, and that constraints get to where they belong.
func TestPlace(t *testing.T) {
	type inner struct {
		Price float64 `json:"price" minimum:"1" required:"true"`
		Note  *string `json:"n~o/te" maxLength:"2"`
	}
	type outer struct {
		Name   string               `json:"name" required:"true"`
		Items  []inner              `json:"items"`
		Grid   [][]string           `json:"grid" minLength:"2" minItems:"1"`
		Labels map[string][]string  `json:"labels" minItems:"1" maxLength:"3"`
		Counts map[int8]int         `json:"counts" minimum:"1"`
		ByTime map[time.Time]string `json:"byTime"`
		ByText map[color]string     `json:"byText"`
		Quoted int                  `json:"quoted,string"`
		QBool  *bool                `json:"qbool,string"`
		QText  string               `json:"qtext,string"`
		QFloat float64              `json:"qfloat,string" maxLength:"4"`
		Own    *even                `json:"own"`
		Color  color                `json:"color"`
		Any    any                  `json:"any"`
		Tree   map[string]*outer    `json:"tree"`
	}
	const strict = "strict"
	tests := []struct {
		name string
		data string
		want []string
	}{
		{"several, in the order of the document", `{"items":[{"price":0},{"n~o/te":"abc"}],"name":1}`, []string{
			"/items/0/price must be at least 1", "/items/1/n~0o~1te must be at most 2 characters long", "/items/1/price is required", "/name must be a string",
		}},
		{"missing last", `{}`, []string{"/name is required"}},
		{"null is not missing", `{"name":null}`, []string{"/name must not be null"}},
		{"case", `{"Name":"x"}`, []string{`/Name must be spelled "name"`}},
		{"case, and its value", `{"NAME":1}`, []string{`/NAME must be spelled "name"`, "/NAME must be a string"}},
		{"Kelvin is a K: not here", `{"name":"x","toKen":1}`, nil},
		{"quoted with a fraction", `{"name":"x","quoted":"1.0"}`, []string{"/quoted must be a string that holds an integer of 64 bits"}},
		{"twice", `{"name":"x","name":1}`, []string{"/name must be given once", "/name must be a string"}},
		{"twice by escape", `{"name":"x","\u006eame":"y"}`, []string{"/name must be given once"}},
		{"twice by case", `{"name":"x","nAme":"y"}`, []string{`/nAme must be spelled "name"`, "/nAme must be given once"}},
		{"twice in a map", `{"name":"x","labels":{"a":["x"],"\u0061":["y"]}}`, []string{"/labels/a must be given once"}},
		{"unknown", `{"name":"x","a/b":{"x":[1]}}`, nil},
		{strict, `{"name":"x","a/b":{"x":[1]}, "\u0061":1}`, []string{"/a~1b is not known", "/a is not known"}},
		{"items of items", `{"name":"x","grid":[["ab","a"],[]]}`, []string{"/grid/0/1 must be at least 2 characters long"}},
		{"outer items", `{"name":"x","grid":[]}`, []string{"/grid must have at least 1 item"}},
		{"values of a map", `{"name":"x","labels":{"a":[],"b":["abcd"],"c":null}}`, []string{"/labels/a must have at least 1 item", "/labels/b/0 must be at most 3 characters long", "/labels/c must not be null"}},
		{"integer names", `{"name":"x","counts":{"1":1,"128":1,"x":0,"-5":1}}`, []string{"/counts/128 has a name that must be at most 127", "/counts/x has a name that must be an integer", "/counts/x must be at least 1"}},
		{"names of times", `{"name":"x","byTime":{"2024-01-01T00:00:00Z":"","now":""}}`, []string{"/byTime/now has a name that must be a date-time as in RFC 3339"}},
		{"quoted", `{"name":"x","quoted":"12","qbool":"true","qtext":"\"x\"","qfloat":"1.5"}`, nil},
		{"quoted null", `{"name":"x","qbool":null}`, nil},
		{"quoted wrongly", `{"name":"x","quoted":12,"qbool":"null","qtext":"x","qfloat":" 1"}`, []string{
			"/quoted must be a string", `/qbool must be "true" or "false"`, "/qtext must be a string that holds a JSON string", "/qfloat must be a string that holds a number",
		}},
		{"quoted, out of range", `{"name":"x","quoted":"9223372036854775808","qfloat":"1.234"}`, []string{"/quoted must be a string that holds an integer of 64 bits", "/qfloat must be at most 4 characters long"}},
		{"quoted null for an int", `{"name":"x","quoted":null}`, []string{"/quoted must not be null"}},
		{"recursion", `{"name":"x","tree":{"a":{"name":"y","tree":{"b":{}}},"c":null}}`, []string{"/tree/a/tree/b/name is required"}},
		{"white space", " {\n\t\"name\" :\r\n \"x\" , \"items\" : [ { \"price\" : 0 } ] } ", []string{"/items/0/price must be at least 1"}},
		{"of another kind, nested", `{"name":{"a":[{"b":"]}"}]},"items":{"x":[1]}}`, []string{"/name must be a string", "/items must be an array"}},
	}
	s := ofJSON(t, reflect.TypeFor[outer](), "")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, faultsOf(s, tt.data, schema.Options{Strict: tt.name == strict})); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("what decodes itself", func(t *testing.T) {
		const data = `{"name":"x","own":3,"color":"green","byText":{"red":"","pink":""},"any":[1e999],"tree":{"a":{"name":"y","own":2,"color":"red"}}}`
		if got := faultsOf(s, data, schema.Options{}); got != nil {
			t.Errorf("without Decode: %v", got)
		}
		want := []string{"/own is not valid", "/color is not valid", "/byText/pink has a name that is not valid", "/any is not valid"}
		if diff := cmp.Diff(want, faultsOf(s, data, schema.Options{Decode: true})); diff != "" {
			t.Error(diff)
		}
	})
}

// wide has more fields than one word has bits, and more than are compared one by one.
func wide(n int) reflect.Type {
	fields := make([]reflect.StructField, n)
	for i := range fields {
		fields[i] = reflect.StructField{
			Name: fmt.Sprintf("F%d", i), Type: reflect.TypeFor[int](), Tag: reflect.StructTag(fmt.Sprintf(`json:"f%d" required:"true"`, i)),
		}
	}
	return reflect.StructOf(fields)
}

func TestWideStruct(t *testing.T) {
	for _, n := range []int{1, 8, 9, 63, 64, 65, 130} {
		s := ofJSON(t, wide(n), "")
		members := make([]string, n)
		for i := range members {
			members[n-1-i] = fmt.Sprintf(`"f%d":1`, i) // backwards
		}
		if got := faultsOf(s, "{"+strings.Join(members, ",")+"}", schema.Options{Strict: true}); got != nil {
			t.Errorf("%d fields: %v", n, got)
		}
		members[n-1] = `"F0":1`
		want := []string{`/F0 must be spelled "f0"`}
		if n > 1 {
			members = members[1:] // without the last field
			want = append(want, fmt.Sprintf("/f%d is required", n-1))
		}
		if diff := cmp.Diff(want, faultsOf(s, "{"+strings.Join(members, ",")+"}", schema.Options{Strict: true})); diff != "" {
			t.Errorf("%d fields: %s", n, diff)
		}
	}
}

func TestDepth(t *testing.T) {
	type node struct {
		Next  *node           `json:"next"`
		Any   any             `json:"any"`
		Name  string          `json:"name" required:"true"`
		Names map[string]node `json:"names"`
	}
	s := ofJSON(t, reflect.TypeFor[node](), "")
	tests := []struct {
		name string
		data string
	}{
		{"fields", `{"next":{"next":{}}}`},
		{"any", `{"any":[[]],"name":1}`},
		{"unknown", `{"x":[{}]}`},
		{"map", `{"names":{"a":{}}}`},
		{"wrong kind", `{"name":[[]]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for limit, want := range map[int]bool{0: false, 1: true, 2: true, 3: false, 4: false} {
				faults := schema.Faults{}
				faults.Add("", "page", "must be an integer")
				s.CheckJSON([]byte(tt.data), schema.Options{MaxDepth: limit}, &faults)
				if faults.TooDeep != want {
					t.Errorf("at most %d: TooDeep is %t", limit, faults.TooDeep)
				}
				if want && (faults.Len() != 1 || len(faults.List) != 1) {
					t.Errorf("at most %d: other faults of the body are listed: %v", limit, faults.List)
				}
			}
		})
	}
	t.Run("beyond the steps that need no allocation", func(t *testing.T) {
		data := strings.Repeat(`{"name":"x","next":`, 40) + `{}` + strings.Repeat("}", 40)
		want := []string{strings.Repeat("/next", 40) + "/name is required"}
		if diff := cmp.Diff(want, faultsOf(s, data, schema.Options{})); diff != "" {
			t.Error(diff)
		}
	})
}

// Whether items are equal is not asked of any that are nested too deep: that would copy them once for each level.
func TestDepthOfUniqueItems(t *testing.T) {
	s := ofJSON(t, reflect.TypeFor[[]any](), `uniqueItems:"true"`)
	data := []byte("[" + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000) + "]")
	allocs := testing.AllocsPerRun(1, func() {
		var faults schema.Faults
		if s.CheckJSON(data, schema.Options{MaxDepth: 64}, &faults); !faults.TooDeep {
			t.Error("is not too deep")
		}
	})
	if allocs > 100 {
		t.Errorf("%v allocations", allocs)
	}
}

func TestFaultsAreCapped(t *testing.T) {
	s := ofJSON(t, reflect.TypeFor[[]int](), "")
	var faults schema.Faults
	s.CheckJSON([]byte("["+strings.Repeat(`"x",`, 149)+`"x"]`), schema.Options{}, &faults)
	if len(faults.List) != 100 || faults.Len() != 150 {
		t.Errorf("%d are listed, of %d", len(faults.List), faults.Len())
	}
	if last := faults.List[99].Pointer; last != "/99" {
		t.Errorf("the last is at %s", last)
	}
}

func TestParameter(t *testing.T) {
	type refused map[string]string
	tests := []struct {
		name   string
		typ    reflect.Type
		tag    reflect.StructTag
		taken  []string
		faults refused
	}{
		{"string", reflect.TypeFor[string](), "", []string{"", "x", "\xff"}, nil},
		{"string constraints", reflect.TypeFor[string](), `minLength:"2" maxLength:"3" pattern:"^a" format:"hostname"`, []string{"ab", "a.b"}, refused{"": "must be at least 2 characters long", "abcd": "must be at most 3 characters long", "ba": "must match ^a", "a_": "must be a host name"}},
		{"string enum", reflect.TypeFor[*string](), `enum:"a,b"`, []string{"a"}, refused{"": `must be one of "a", "b"`}},
		{"bool", reflect.TypeFor[bool](), "", []string{"true", "false"}, refused{"": "must be true or false", "1": "must be true or false", "True": "must be true or false"}},
		{"int", reflect.TypeFor[int](), `minimum:"-5" maximum:"7"`, []string{"007", "-5"}, refused{"": "must be an integer", "+5": "must be an integer", "1_0": "must be an integer", "0x1": "must be an integer", " 1": "must be an integer", "1.0": "must be an integer", "-": "must be an integer", "8": "must be at most 7"}},
		{"uint16", reflect.TypeFor[uint16](), "", []string{"65535"}, refused{"65536": "must be at most 65535", "-1": "must be at least 0"}},
		{"float", reflect.TypeFor[float64](), `multipleOf:"0.5"`, []string{"1", "-1.5", "5e-1", "01"}, refused{"": "must be a number", "NaN": "must be a number", "Inf": "must be a number", "0x1p1": "must be a number", ".5": "must be a number", "5.": "must be a number", "1e": "must be a number", "+1": "must be a number", "0.3": "must be a multiple of 0.5", "1e999": "must be a number in the range of a double"}},
		{"float32", reflect.TypeFor[float32](), "", []string{"1"}, refused{"1e39": "must be a number in the range of a float"}},
		{"time", reflect.TypeFor[time.Time](), "", []string{"2024-01-01T00:00:00Z"}, refused{"2024-01-01": "must be a date-time as in RFC 3339"}},
		{"duration", reflect.TypeFor[time.Duration](), "", []string{"1m30s", "0"}, refused{"90": "must be a duration such as 1m30s", "": "must be a duration such as 1m30s"}},
		{"url", reflect.TypeFor[*url.URL](), "", []string{"https://example.com/a?b#c", "/a", ""}, refused{"a b": "must be a URI reference", "%zz": "must be a URI reference"}},
		{"absolute url", reflect.TypeFor[url.URL](), `format:"uri"`, []string{"https://example.com"}, refused{"/a": "must be a URI"}},
		{"text", reflect.TypeFor[color](), `maxLength:"4"`, []string{"red", "pink"}, refused{"green": "must be at most 4 characters long"}},
		{"text whose kind is a number", reflect.TypeFor[big.Int](), `pattern:"^1"`, []string{"10"}, refused{"2": "must match ^1"}},
		{"netip", reflect.TypeFor[netip.Prefix](), "", []string{"10.0.0.0/8"}, nil},
		{"bytes", reflect.TypeFor[[]byte](), `maxLength:"3"`, []string{"x-_"}, refused{"abcd": "must be at most 3 characters long"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, typ := range []reflect.Type{tt.typ, reflect.SliceOf(tt.typ)} {
				s, err := schema.OfText(typ, tt.tag)
				if err != nil {
					t.Fatal(err)
				}
				if typ != tt.typ {
					if s.Kind != schema.Array {
						t.Fatalf("%s is of kind %d", typ, s.Kind)
					}
					s = s.Elem
				}
				for _, text := range tt.taken {
					if fault := s.CheckText(text); fault != "" {
						t.Errorf("%q: %s", text, fault)
					}
				}
				for text, want := range tt.faults {
					if fault := s.CheckText(text); fault != want {
						t.Errorf("%q: %s, want %s", text, fault, want)
					}
				}
			}
		})
	}
}

func TestCheckItems(t *testing.T) {
	tests := []struct {
		name  string
		typ   reflect.Type
		tag   reflect.StructTag
		texts []string
		want  string
	}{
		{"no rules", reflect.TypeFor[[]int](), "", []string{"1", "1"}, ""},
		{"few", reflect.TypeFor[[]int](), `minItems:"2"`, []string{"1"}, "must have at least 2 items"},
		{"enough", reflect.TypeFor[[]int](), `minItems:"2" maxItems:"2"`, []string{"1", "2"}, ""},
		{"many", reflect.TypeFor[[]string](), `maxItems:"1" minLength:"1"`, []string{"1", "2"}, "must have at most 1 item"},
		{"equal strings", reflect.TypeFor[[]string](), `uniqueItems:"true"`, []string{"a", "b", "a"}, "must not have equal items"},
		{"strings that are equal numbers", reflect.TypeFor[[]string](), `uniqueItems:"true"`, []string{"1", "01"}, ""},
		{"equal numbers", reflect.TypeFor[[]float64](), `uniqueItems:"true"`, []string{"1", "1e0"}, "must not have equal items"},
		{"values of a free-form map", reflect.TypeFor[map[string][]string](), `maxItems:"1"`, []string{"1", "2"}, "must have at most 1 item"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := schema.OfText(tt.typ, tt.tag)
			if err != nil {
				t.Fatal(err)
			}
			if s.Kind == schema.Map {
				s = s.Elem
			}
			if got := s.CheckItems(tt.texts); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
