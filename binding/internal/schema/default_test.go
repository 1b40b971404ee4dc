package schema_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

type withDefaults struct {
	Bool    bool          `json:"bool" default:"true"`
	String  string        `json:"string" default:"a,b" maxLength:"3"`
	Empty   *string       `json:"empty"`
	Int     int8          `json:"int" default:"-7"`
	Uint    uint16        `json:"uint" default:"7"`
	Float   float64       `json:"float" default:"0.5"`
	Number  json.Number   `json:"number" default:"1e3"`
	Bytes   []byte        `json:"bytes" default:"AQI="`
	Time    time.Time     `json:"time" default:"2024-05-06T07:08:09Z"`
	Span    time.Duration `json:"span" default:"1000"`
	Color   color         `json:"color" default:"red"`
	Quoted  int64         `json:"quoted,string" default:"12"`
	List    []string      `json:"list" default:"x,y" minItems:"1"`
	NoItems []int         `json:"noItems" default:""`
	Array   [2]int        `json:"array" default:"1,2"`
}

var allDefaults = withDefaults{
	Bool: true, String: "a,b", Int: -7, Uint: 7, Float: 0.5, Number: "1e3", Bytes: []byte{1, 2},
	Time: time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC), Span: time.Microsecond, Color: "red", Quoted: 12,
	List: []string{"x", "y"}, NoItems: []int{}, Array: [2]int{1, 2},
}

// decode does what a handler does with a body.
func decode[T any](t *testing.T, data string) T {
	t.Helper()
	var v T
	s := ofJSON(t, reflect.TypeFor[T](), "")
	if data != "" {
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Fatal(err)
		}
		if faults := faultsOf(s, data, schema.Options{Strict: true}); faults != nil {
			t.Fatal(faults)
		}
	}
	s.ApplyDefaults([]byte(data), reflect.ValueOf(&v).Elem())
	return v
}

func TestDefaults(t *testing.T) {
	t.Run("all absent", func(t *testing.T) {
		if diff := cmp.Diff(allDefaults, decode[withDefaults](t, " { } ")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("no data", func(t *testing.T) {
		if diff := cmp.Diff(allDefaults, decode[withDefaults](t, "")); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("all present, with the zero value", func(t *testing.T) {
		const data = `{"bool":false,"string":"","int":0,"uint":0,"float":0,"number":0,"bytes":"","time":"0001-01-01T00:00:00Z","span":0,` +
			`"color":"blue","quoted":"0","list":["z"],"noItems":null,"array":[0,0]}`
		want := withDefaults{Number: "0", Bytes: []byte{}, Color: "blue", List: []string{"z"}}
		if diff := cmp.Diff(want, decode[withDefaults](t, data)); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("nothing is shared", func(t *testing.T) {
		first := decode[withDefaults](t, "{}")
		first.List[0], first.Bytes[0] = "changed", 9
		if diff := cmp.Diff(allDefaults, decode[withDefaults](t, "{}")); diff != "" {
			t.Error(diff)
		}
	})
}

type defaultPage struct {
	Size int `json:"size" default:"20"`
}

type DefaultBase struct {
	Version int `json:"version" default:"3"`
}

type defaultNode struct {
	Size     int           `json:"size" default:"5"`
	Next     *defaultNode  `json:"next"`
	Children []defaultNode `json:"children"`
}

func TestDefaultsFurtherIn(t *testing.T) {
	type body struct {
		*DefaultBase
		Page    defaultPage            `json:"page"`
		Pointer *defaultPage           `json:"pointer"`
		Pages   []*defaultPage         `json:"pages"`
		Grid    [2][]defaultPage       `json:"grid"`
		Node    defaultNode            `json:"node"`
		Ignored map[string]json.Number `json:"ignored"`
	}
	base := &DefaultBase{Version: 3}
	node := defaultNode{Size: 5}
	tests := []struct {
		name string
		data string
		want body
	}{
		{"absent", `{}`, body{DefaultBase: base, Page: defaultPage{20}, Node: node}},
		{"empty", `{"page":{},"pointer":{},"pages":[{},null,{"size":1}],"grid":[[{}],[]]}`, body{
			DefaultBase: base, Page: defaultPage{20}, Pointer: &defaultPage{20}, Pages: []*defaultPage{{20}, nil, {1}},
			Grid: [2][]defaultPage{{{20}}, {}}, Node: node,
		}},
		{"given", `{"version":0,"page":{"size":0},"pointer":null,"pages":null,"\u006eode":{"\u0073ize":0}}`, body{DefaultBase: &DefaultBase{}}},
		{"recursive", `{"node":{"next":{"next":{"size":1}},"children":[{},{"size":2,"children":[{}]}]}}`, body{
			DefaultBase: base, Page: defaultPage{20},
			Node: defaultNode{
				Size: 5, Next: &defaultNode{Size: 5, Next: &defaultNode{Size: 1}},
				Children: []defaultNode{{Size: 5}, {Size: 2, Children: []defaultNode{{Size: 5}}}},
			},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, decode[body](t, tt.data)); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("list at the root", func(t *testing.T) {
		if diff := cmp.Diff([]defaultPage{{20}, {1}}, decode[[]defaultPage](t, `[{},{"size":1}]`)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestHasDefaults(t *testing.T) {
	type plain struct{ A int }
	tests := []struct {
		name string
		typ  reflect.Type
		want bool
	}{
		{"none", reflect.TypeFor[plain](), false},
		{"no struct", reflect.TypeFor[int](), false},
		{"own", reflect.TypeFor[defaultPage](), true},
		{"in items", reflect.TypeFor[[]*defaultPage](), true},
		{"in fields", reflect.TypeFor[struct{ P []defaultPage }](), true},
		{"in a type that contains itself", reflect.TypeFor[defaultNode](), true},
		{"map without", reflect.TypeFor[map[string]plain](), false},
	}
	for _, tt := range tests {
		if got := ofJSON(t, tt.typ, "").HasDefaults(); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}
