package schema_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// The types of the fuzz test, each with what its tags say written down a second time.

type fuzzOrder struct {
	ID       string            `json:"id" minLength:"2" maxLength:"5" required:"true"`
	Kind     string            `json:"kind" enum:"a,b,ü"`
	Code     *string           `json:"code" pattern:"^[a-c]+$"`
	Items    []fuzzItem        `json:"items" minItems:"1" maxItems:"3"`
	Tags     []string          `json:"tags" uniqueItems:"true" maxLength:"4"`
	Numbers  []float64         `json:"numbers" uniqueItems:"true" multipleOf:"0.1"`
	Labels   map[string]string `json:"labels" maxLength:"3"`
	Created  time.Time         `json:"created"`
	Parent   *fuzzOrder        `json:"parent"`
	Anything any               `json:"anything"`
	fuzzPage
}

type fuzzItem struct {
	Count int8    `json:"count" minimum:"1" required:"true"`
	Price float64 `json:"price" exclusiveMinimum:"0" maximum:"99.5"`
	Whole int64   `json:"whole" multipleOf:"3"`
	Small uint16  `json:"small"`
	Gift  bool    `json:"gift"`
}

type fuzzPage struct {
	Page int32    `json:"page" exclusiveMaximum:"10"`
	IP   []string `json:"ip" format:"ipv4"`
}

const fuzzOrderDocument = `{"type":"object","required":["id"],"properties":{
	"id":{"type":"string","minLength":2,"maxLength":5},
	"kind":{"type":"string","enum":["a","b","ü"]},
	"code":{"type":"string","nullable":true,"pattern":"^[a-c]+$"},
	"items":{"type":"array","minItems":1,"maxItems":3,"items":{"type":"object","required":["count"],"properties":{
		"count":{"type":"integer","minimum":1,"maximum":127},
		"price":{"type":"number","exclusiveMinimum":0,"maximum":99.5},
		"whole":{"type":"integer","multipleOf":3,"minimum":-9223372036854775808,"maximum":9223372036854775807},
		"small":{"type":"integer","minimum":0,"maximum":65535},
		"gift":{"type":"boolean"}}}},
	"tags":{"type":"array","nullable":true,"uniqueItems":true,"items":{"type":"string","maxLength":4}},
	"numbers":{"type":"array","nullable":true,"uniqueItems":true,"items":{"type":"number","multipleOf":0.1}},
	"labels":{"type":"object","nullable":true,"additionalProperties":{"type":"string","maxLength":3}},
	"created":{"type":"string","format":"date-time"},
	"parent":{"$ref":"#","nullable":true},
	"anything":{},
	"page":{"type":"integer","exclusiveMaximum":10,"minimum":-2147483648},
	"ip":{"type":"array","nullable":true,"items":{"type":"string","format":"ipv4"}}}}`

// fuzzBags has equal items of every kind, and names that are anything.
type fuzzBags map[string]struct {
	Items []any `json:"items" uniqueItems:"true"`
}

const fuzzBagsDocument = `{"type":"object","nullable":true,"additionalProperties":{"type":"object","properties":{
	"items":{"type":"array","nullable":true,"uniqueItems":true,"items":{}}}}}`

// FuzzCheckJSON holds the walk against encoding/json and a slow checker that is written from JSON Schema alone: whatever the JSON,
// there is a fault exactly if encoding/json fails or the slow checker has one, and it is at the same places.
func FuzzCheckJSON(f *testing.F) {
	for _, seed := range []string{
		`{"id":"abc","items":[{"count":1,"price":0.5,"whole":3,"small":7,"gift":true}],"tags":["a","b"],"created":"2024-02-29T12:00:00Z"}`,
		`{"id":"a","ID":"abc","kind":"x","code":null,"items":[],"numbers":[0.1,0.10,1e-1,0.15],"labels":{"a":"abcd","a":"b"}}`,
		`{"id":"a\u00fcc","items":[{"count":1.0},{"count":128},null,{"price":0}],"ip":["127.0.0.1","01.2.3.4"],"page":10}`,
		`{"parent":{"parent":{"id":"abc","parent":null}},"anything":{"x":[1e400]},"x":[[[[[[[[[[]]]]]]]]]]}`,
		`{"tags":["a","\u0061","\ud800"],"created":"2024-02-30T12:00:00Z","kind":"\u00fc"}`,
		`{"a":{"items":[1,1.0]},"b":{"items":["1",1]},"c":{"items":[{"a":1,"b":2},{"b":2,"a":1}]},"a":{},"d":null}`,
		`{"a":{"items":[[],[]]},"b":{"items":[true,false,null,null]},"c":{"items":["\"","\\\"",{"\u0061":1},{"a":1}]},"~/":1}`,
		`null`, `1`, `"x"`, `[]`, ` { } `, `{"items":[[]]}`, `{"count":-0,"small":-0,"page":99999999999999999999}`,
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	order, bags := ofJSON(f, reflect.TypeFor[fuzzOrder](), ""), ofJSON(f, reflect.TypeFor[fuzzBags](), "")
	orderDocument, bagsDocument := read(f, fuzzOrderDocument), read(f, fuzzBagsDocument)
	f.Fuzz(func(t *testing.T, data []byte, strict bool) {
		if !json.Valid(data) {
			var faults schema.Faults
			order.CheckJSON(data, schema.Options{Strict: strict, MaxDepth: 8}, &faults) // must not panic, and come to an end
			bags.CheckJSON(data, schema.Options{Strict: strict}, &faults)
			return
		}
		if hugeExponent.Match(data) {
			return // math/big in the slow checker would be busy with it for hours
		}
		compare(t, order, orderDocument, data, strict)
		compare(t, bags, bagsDocument, data, strict)
	})
}

var hugeExponent = regexp.MustCompile(`[eE][+-]?[0-9]{4}`)

// sameNumber takes 1e3 and 1000 for equal.
var sameNumber = cmp.Comparer(func(a, b json.Number) bool { return rational(a).Cmp(rational(b)) == 0 })

func read(tb testing.TB, text string) *document {
	tb.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	d := new(document)
	if err := dec.Decode(d); err != nil {
		tb.Fatal(err)
	}
	return d
}

func compare(t *testing.T, s *schema.Schema, d *document, data []byte, strict bool) {
	t.Helper()
	const maxDepth = 8
	var faults schema.Faults
	s.CheckJSON(data, schema.Options{Strict: strict, MaxDepth: maxDepth}, &faults)
	v := tree(data)
	if tooDeep := depth(v) > maxDepth; tooDeep || faults.TooDeep {
		if tooDeep != faults.TooDeep || faults.Len() > 0 {
			t.Fatalf("depth %d: TooDeep is %t, with %v", depth(v), faults.TooDeep, faults.List)
		}
		return
	}
	var want []string
	for _, fault := range d.check(v, d, strict, "") {
		want = append(want, fault[:strings.LastIndexByte(fault, ' ')]) // where, without the word for what
	}
	slices.Sort(want)
	want = slices.Compact(want)
	plain, ok := s.PlainIntegers(data)
	if rewritten := tree(plain); ok != (string(plain) != string(data)) || len(plain) > len(data)+20*bytes.Count(data, []byte{'e'})+20*bytes.Count(data, []byte{'E'}) || !cmp.Equal(v, rewritten, sameNumber, cmp.AllowUnexported(property{})) {
		t.Fatalf("%s became %s", data, plain)
	}
	err := json.Unmarshal(plain, reflect.New(s.Type).Interface())
	if err != nil && faults.Len() == 0 {
		s.CheckJSON(data, schema.Options{Strict: strict, MaxDepth: maxDepth, Decode: true}, &faults)
		if faults.Len() == 0 {
			t.Fatalf("encoding/json: %v, but there is no fault", err)
		}
		if len(want) == 0 {
			return // a type that decodes itself is stricter than its schema
		}
	}
	if len(faults.List) == 100 {
		return
	}
	if diff := cmp.Diff(want, pointers(faults.List)); diff != "" {
		t.Fatalf("slow checker (-), CheckJSON (+) %s\nencoding/json: %v\n%s", data, err, diff)
	}
}

func ofJSON(tb testing.TB, typ reflect.Type, tag reflect.StructTag) *schema.Schema {
	tb.Helper()
	s, err := schema.OfJSON(typ, tag)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}
