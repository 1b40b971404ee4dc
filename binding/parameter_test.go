package binding_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/router/problem"
)

// code is a text type that knows lower-case letters only.
type code struct{ letters string }

func (c *code) UnmarshalText(text []byte) error {
	if strings.Trim(string(text), "abcdefghijklmnopqrstuvwxyz") != "" {
		return errors.New("secret words of the decoder")
	}
	c.letters = string(text)
	return nil
}

type (
	named  string
	secret []byte
)

// of is one parameter of each source, all of the same type.
type of[T any] struct {
	Query  T `query:"v"`
	Header T `header:"X-Value"`
	Cookie T `cookie:"v"`
	Form   T `form:"v"`
}

// TestKinds reads one text from every source into every kind of field.
func TestKinds(t *testing.T) {
	mustURL := func(s string) url.URL {
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return *u
	}
	tests := []struct {
		name string
		read func(t *testing.T, text string, want any)
		text string
		want any // nil: a fault
	}{
		{"string", each[string], "a b+c/%", "a b+c/%"},
		{"named string", each[named], "x", named("x")},
		{"named bytes", each[secret], "00:1a", secret("00:1a")},
		{"bytes of a library's", each[json.RawMessage], "7", json.RawMessage("7")},
		{"bool true", each[bool], "true", true},
		{"bool false", each[bool], "false", false},
		{"bool 1", each[bool], "1", nil},
		{"bool True", each[bool], "True", nil},
		{"int", each[int], "-7", -7},
		{"int empty", each[int], "", nil},
		{"int with plus", each[int], "+7", nil},
		{"int with underscore", each[int], "1_0", nil},
		{"int hexadecimal", each[int], "0x10", nil},
		{"int with blank", each[int], "1 0", nil},
		{"int8", each[int8], "-128", int8(-128)},
		{"int8 out of range", each[int8], "128", nil},
		{"int16", each[int16], "32767", int16(32767)},
		{"int32", each[int32], "2147483647", int32(2147483647)},
		{"int64", each[int64], "-9223372036854775808", int64(-9223372036854775808)},
		{"int64 out of range", each[int64], "9223372036854775808", nil},
		{"uint", each[uint], "7", uint(7)},
		{"uint negative", each[uint], "-1", nil},
		{"uint8 out of range", each[uint8], "256", nil},
		{"uint16", each[uint16], "65535", uint16(65535)},
		{"uint32", each[uint32], "4294967295", uint32(4294967295)},
		{"uint64", each[uint64], "18446744073709551615", uint64(18446744073709551615)},
		{"float32", each[float32], "1.5", float32(1.5)},
		{"float32 out of range", each[float32], "1e39", nil},
		{"float64", each[float64], "-1.25e2", -125.0},
		{"float64 NaN", each[float64], "NaN", nil},
		{"float64 infinite", each[float64], "Inf", nil},
		{"float64 hexadecimal", each[float64], "0x1p4", nil},
		{"time", each[time.Time], "2026-01-02T03:04:05Z", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
		{"time without zone", each[time.Time], "2026-01-02T03:04:05", nil},
		{"duration", each[time.Duration], "1m30s", 90 * time.Second},
		{"duration without unit", each[time.Duration], "90", nil},
		{"address", each[netip.Addr], "2001:db8::1", netip.MustParseAddr("2001:db8::1")},
		{"address bad", each[netip.Addr], "300.1.1.1", nil},
		{"address and port", each[netip.AddrPort], "192.0.2.1:80", netip.MustParseAddrPort("192.0.2.1:80")},
		{"prefix", each[netip.Prefix], "10.0.0.0/8", netip.MustParsePrefix("10.0.0.0/8")},
		{"prefix bad", each[netip.Prefix], "10.0.0.0", nil},
		{"url", each[url.URL], "https://example.com/a?b=c", mustURL("https://example.com/a?b=c")},
		{"url reference", each[url.URL], "/a", mustURL("/a")},
		{"url bad", each[url.URL], "http://[", nil},
		{"url with a bracket", each[url.URL], "/a[b]", nil},
		{"url with what no URL has", each[url.URL], "/a|b", nil},
		{"url pointer bad", each[*url.URL], "/a b", nil},
		{"url pointer", each[*url.URL], "/a", new(mustURL("/a"))},
		{"text", each[code], "abc", code{"abc"}},
		{"text bad", each[code], "ABC", nil},
		{"text pointer", each[*code], "abc", &code{"abc"}},
		{"text pointer bad", each[*code], "ABC", nil},
		{"bytes", each[[]byte], "raw", []byte("raw")},
		{"pointer", each[*int], "7", new(7)},
		{"pointer bad", each[*int], "x", nil},
		{"slice of one", each[[]int], "7", []int{7}},
		{"slice bad", each[[]int], "x", nil},
		{"slice of pointers", each[[]*int], "7", []*int{new(7)}},
		{"slice of texts", each[[]code], "ab", []code{{"ab"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { tt.read(t, tt.text, tt.want) })
	}
}

func each[T any](t *testing.T, text string, want any) {
	r := httptest.NewRequest(http.MethodPost, "/?v="+url.QueryEscape(text), strings.NewReader("v="+url.QueryEscape(text)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Value", text)
	isCookie := !strings.ContainsAny(text, " \",;\\") && text != "" // RFC 6265, section 4.1.1
	if isCookie {
		r.AddCookie(&http.Cookie{Name: "v", Value: text})
	}
	got, err := binding.Decode[of[T]](r)
	exact := cmp.Options{
		cmp.AllowUnexported(code{}), cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
		cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b }), cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
	}
	if want == nil {
		d := problem.From(err)
		if d == nil || d.Status != 422 {
			t.Fatalf("got %+v and the error %v, want a 422", got, err)
		}
		var names []string
		for _, e := range d.Errors {
			names = append(names, e.Parameter)
			if e.Detail == "" || strings.Contains(e.Detail, "secret") {
				t.Errorf("detail %q", e.Detail)
			}
		}
		wantNames := []string{"v", "X-Value", "v"}
		if isCookie {
			wantNames = append(wantNames, "v")
		}
		if diff := cmp.Diff(wantNames, names); diff != "" {
			t.Errorf("faulty parameters: %s", diff)
		}
		var zero of[T]
		if diff := cmp.Diff(zero, got, exact); diff != "" {
			t.Errorf("a value beside the error: %s", diff)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	wantAll := of[T]{Query: want.(T), Header: want.(T), Form: want.(T)}
	if isCookie {
		wantAll.Cookie = want.(T)
	}
	if diff := cmp.Diff(wantAll, got, exact); diff != "" {
		t.Error(diff)
	}
}

// occurrences are the ways in which a parameter occurs.
type occurrences struct {
	Plain    string   `query:"plain"`
	Number   int      `query:"number"`
	Pointer  *string  `query:"pointer"`
	List     []string `query:"list"`
	Default  int      `query:"default" default:"20"`
	Defaults []int    `query:"defaults" default:"1,2"`
	Cookies  []string `cookie:"c"`
	Header   string   `header:"x-lower"`
	Lines    []string `header:"X-Lines"`
	Host     string   `header:"Host"`
}

func TestOccurrence(t *testing.T) {
	base := func(change func(o *occurrences)) *occurrences {
		o := &occurrences{Default: 20, Defaults: []int{1, 2}, Host: "example.com"}
		if change != nil {
			change(o)
		}
		return o
	}
	tests := []struct {
		name   string
		query  string
		header http.Header
		want   *occurrences // nil: the faults
		faults []problem.FieldError
	}{
		{"absent", "", nil, base(nil), nil},
		{"present", "plain=a&number=1&default=3&defaults=4", nil, base(func(o *occurrences) {
			o.Plain, o.Number, o.Default, o.Defaults = "a", 1, 3, []int{4}
		}), nil},
		{"empty is present", "plain=&pointer=&list=", nil, base(func(o *occurrences) { o.Pointer, o.List = new(""), []string{""} }), nil},
		{"key alone", "pointer", nil, base(func(o *occurrences) { o.Pointer = new("") }), nil},
		{"empty number", "number=", nil, nil, []problem.FieldError{{Detail: "must be an integer", Parameter: "number"}}},
		{"empty with a default", "default=", nil, nil, []problem.FieldError{{Detail: "must be an integer", Parameter: "default"}}},
		{"slice of several", "list=a&x=y&list=b&list=a,b", nil, base(func(o *occurrences) { o.List = []string{"a", "b", "a,b"} }), nil},
		{"repeated", "plain=a&plain=b&pointer=1&pointer=1", nil, nil, []problem.FieldError{
			{Detail: "must be given once", Parameter: "plain"}, {Detail: "must be given once", Parameter: "pointer"},
		}},
		{"escaped key", "pl%61in=a+b%2Bc", nil, base(func(o *occurrences) { o.Plain = "a b+c" }), nil},
		{"names are exact", "Plain=a&PLAIN=b", nil, base(nil), nil},
		{"bad escape", "plain=%zz&number=1", nil, nil, []problem.FieldError{{Detail: "is not percent-encoded as it must be", Parameter: "plain"}}},
		{"bad escape elsewhere", "other=%zz&%zz=1&plain=a", nil, base(func(o *occurrences) { o.Plain = "a" }), nil},
		{"semicolon", "plain=a;number=1", nil, nil, []problem.FieldError{{Detail: "is not percent-encoded as it must be", Parameter: "plain"}}},
		{"header in any case", "", http.Header{"X-Lower": {"v"}}, base(func(o *occurrences) { o.Header = "v" }), nil},
		{"header on two lines", "", http.Header{"X-Lower": {"v", "w"}}, nil, []problem.FieldError{{Detail: "must be given once", Parameter: "X-Lower"}}},
		{"header with a comma", "", http.Header{"X-Lower": {"v, w"}}, base(func(o *occurrences) { o.Header = "v, w" }), nil},
		{
			"lists in lines", "", http.Header{"X-Lines": {"a, b ,,c", `"d,\"e", f`, ""}},
			base(func(o *occurrences) { o.Lines = []string{"a", "b", "c", `"d,\"e"`, "f"} }), nil,
		},
		{"cookies repeat", "", http.Header{"Cookie": {"c=1; d=2; c=3"}}, base(func(o *occurrences) { o.Cookies = []string{"1", "3"} }), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/?"+tt.query, nil)
			for name, lines := range tt.header {
				r.Header[name] = lines
			}
			got, err := binding.Decode[occurrences](r)
			if tt.want != nil {
				if diff := cmp.Diff(*tt.want, got); err != nil || diff != "" {
					t.Errorf("%v %s", err, diff)
				}
				return
			}
			d := problem.From(err)
			if d == nil || d.Status != 422 {
				t.Fatalf("error %v, want a 422", err)
			}
			if diff := cmp.Diff(tt.faults, d.Errors); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A default must not be shared: a handler may change what it was given.
func TestDefaultIsFresh(t *testing.T) {
	for range 2 {
		in, err := binding.Decode[occurrences](httptest.NewRequest(http.MethodGet, "/", nil))
		if err != nil || in.Defaults[0] != 1 {
			t.Fatalf("%v %v", in.Defaults, err)
		}
		in.Defaults[0] = 99
	}
}

func TestConstrainedParameters(t *testing.T) {
	type input struct {
		Page   int      `query:"page" minimum:"1" maximum:"100" default:"1"`
		Name   string   `query:"name" required:"true" minLength:"3" pattern:"^[a-z]+$"`
		Sort   []string `query:"sort" enum:"name,age" maxItems:"2" uniqueItems:"true"`
		Tenant string   `header:"X-Tenant" required:"true"`
		Mail   *string  `query:"mail" format:"email"`
	}
	tests := []struct {
		name, query string
		want        []problem.FieldError
	}{
		{"good", "name=abc&page=100&sort=name&sort=age&mail=a@example.com", nil},
		{"required", "", []problem.FieldError{{Detail: "is required", Parameter: "name"}}},
		{"empty", "name=", []problem.FieldError{{Detail: "must be at least 3 characters long", Parameter: "name"}}},
		{"in the order of the fields", "mail=x&name=ABC&page=0", []problem.FieldError{
			{Detail: "must be at least 1", Parameter: "page"},
			{Detail: "must match ^[a-z]+$", Parameter: "name"},
			{Detail: "must be an email address", Parameter: "mail"},
		}},
		{"items", "name=abc&sort=name&sort=size", []problem.FieldError{{Detail: `must be one of "name", "age"`, Parameter: "sort"}}},
		{"equal items", "name=abc&sort=name&sort=name", []problem.FieldError{{Detail: "must not have equal items", Parameter: "sort"}}},
		{"too many items", "name=abc&sort=name&sort=age&sort=name", []problem.FieldError{{Detail: "must have at most 2 items", Parameter: "sort"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/?"+tt.query, nil)
			r.Header.Set("X-Tenant", "t")
			_, err := binding.Decode[input](r)
			var got []problem.FieldError
			if d := problem.From(err); d != nil {
				got = d.Errors
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRestOfQuery(t *testing.T) {
	type input struct {
		Page    int                 `query:"page"`
		Filters map[string]string   `query:"*" maxLength:"3"`
		_       map[string][]string // ignored
	}
	type lists struct {
		Filters map[named][]named `query:"*"`
	}
	r := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, "/?"+query, nil) }

	got, err := binding.Decode[input](r("a=1&page=2&b=%20"))
	if diff := cmp.Diff(map[string]string{"a": "1", "b": " "}, got.Filters); err != nil || diff != "" || got.Page != 2 {
		t.Errorf("%v %s", err, diff)
	}
	if got, err = binding.Decode[input](r("page=2")); err != nil || got.Filters != nil {
		t.Errorf("without further keys: %v %v", got.Filters, err)
	}
	more, err := binding.Decode[lists](r("a=1&b=2&a=3"))
	if diff := cmp.Diff(map[named][]named{"a": {"1", "3"}, "b": {"2"}}, more.Filters); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	_, err = binding.Decode[input](r("z=1&long=1234&z=2&bad=%zz"))
	want := []problem.FieldError{
		{Detail: "is not percent-encoded as it must be", Parameter: "bad"},
		{Detail: "must be given once", Parameter: "z"},
		{Detail: "must be at most 3 characters long", Parameter: "long"},
	}
	if d := problem.From(err); d == nil {
		t.Error("no error")
	} else if diff := cmp.Diff(want, d.Errors); diff != "" {
		t.Error(diff)
	}
}

func TestEmbedded(t *testing.T) {
	type Paging struct {
		Page int `query:"page" default:"1"`
	}
	type tenancy struct {
		Paging
		Tenant string `header:"X-Tenant"`
	}
	type input struct {
		tenancy
		Skipped func() `binding:"-"`
		hidden  func()
		Name    string `query:"name"`
	}
	r := httptest.NewRequest(http.MethodGet, "/?page=4&name=n", nil)
	r.Header.Set("X-Tenant", "t")
	got, err := binding.Decode[input](r)
	if err != nil || got.Page != 4 || got.Tenant != "t" || got.Name != "n" || got.hidden != nil {
		t.Errorf("%+v %v", got.tenancy, err)
	}
}

// A query of more than 10,000 pairs is refused: one that repeats keys must not cost the square of its length, and what came after
// would be passed over.
func TestPairsAreLimited(t *testing.T) {
	type input struct {
		A []string `query:"a"`
	}
	got, err := binding.Decode[input](httptest.NewRequest(http.MethodGet, "/?"+strings.Repeat("a=1&", 10_000), nil))
	if err != nil || len(got.A) != 10_000 {
		t.Errorf("%d %v", len(got.A), err)
	}
	_, err = binding.Decode[input](httptest.NewRequest(http.MethodGet, "/?"+strings.Repeat("a=1&", 10_001), nil))
	if d := problem.From(err); d == nil || d.Status != http.StatusBadRequest || d.Detail != "The query has too many parameters." {
		t.Errorf("%v", err)
	}
}

func ExampleDecode() {
	type input struct {
		Page int    `query:"page" minimum:"1" default:"1"`
		Sort string `query:"sort" enum:"name,age" default:"name"`
	}
	h := func(w http.ResponseWriter, r *http.Request) {
		in, err := binding.Decode[input](r)
		if err != nil {
			problem.Write(w, r, err)
			return
		}
		fmt.Fprintf(w, "page %d by %s", in.Page, in.Sort)
	}
	for _, target := range []string{"/people?page=2", "/people?page=0&sort=size"} {
		rec := httptest.NewRecorder()
		h(rec, httptest.NewRequest(http.MethodGet, target, nil))
		fmt.Println(rec.Code, rec.Body)
	}
	// Output:
	// 200 page 2 by name
	// 422 {"title":"Unprocessable Entity","status":422,"detail":"The request has 2 faults.","errors":[{"detail":"must be at least 1","parameter":"page"},{"detail":"must be one of \"name\", \"age\"","parameter":"sort"}]}
}
