package conformance_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2"
	"github.com/go-chi/chi/v5"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/binding"
	"github.com/albatross-go/albatross/binding/openapi"
)

// The types whose schemas are proved. Between them they have every constraint, every format and every kind.
type (
	provedOrder struct {
		SKU      string            `json:"sku" required:"true" pattern:"^[A-Z]{2}-[0-9]{1,4}$"`
		Name     string            `json:"name" required:"true" minLength:"2" maxLength:"5"`
		State    string            `json:"state" enum:"open,paid,état"`
		Price    float64           `json:"price" minimum:"0" multipleOf:"0.1"`
		Discount float32           `json:"discount" exclusiveMinimum:"0" exclusiveMaximum:"1"`
		Rating   int               `json:"rating" enum:"1,2,3"`
		Express  bool              `json:"express"`
		Tags     []string          `json:"tags" minItems:"1" maxItems:"3" uniqueItems:"true" maxLength:"4"`
		Scores   []float64         `json:"scores" uniqueItems:"true" minimum:"-1"`
		Lines    []provedLine      `json:"lines" required:"true" maxItems:"2" uniqueItems:"true"`
		Address  provedAddress     `json:"address"`
		Labels   map[string]string `json:"labels" minLength:"1"`
	}
	provedLine struct {
		Quantity uint8  `json:"quantity" required:"true" minimum:"1"`
		Step     int    `json:"step" multipleOf:"3" maximum:"30"`
		Note     string `json:"note,omitempty"`
	}
	provedAddress struct {
		City string  `json:"city" required:"true"`
		Zip  *string `json:"zip" pattern:"^[0-9]+$"`
	}

	provedIntegers struct {
		I8  int8   `json:"i8"`
		I16 int16  `json:"i16"`
		I32 int32  `json:"i32"`
		I64 int64  `json:"i64"`
		U8  uint8  `json:"u8"`
		U16 uint16 `json:"u16"`
		U32 uint32 `json:"u32"`
		U64 uint64 `json:"u64"`
		Big int64  `json:"big" minimum:"9007199254740993" exclusiveMaximum:"9007199254741000"`
		Odd int    `json:"odd" multipleOf:"7"`
	}

	provedFormats struct {
		DateTime     string `json:"dateTime" format:"date-time"`
		Date         string `json:"date" format:"date"`
		Time         string `json:"time" format:"time"`
		Duration     string `json:"duration" format:"duration"`
		Email        string `json:"email" format:"email"`
		Hostname     string `json:"hostname" format:"hostname"`
		IPv4         string `json:"ipv4" format:"ipv4"`
		IPv6         string `json:"ipv6" format:"ipv6"`
		URI          string `json:"uri" format:"uri"`
		URIReference string `json:"uriReference" format:"uri-reference"`
		UUID         string `json:"uuid" format:"uuid"`
		JSONPointer  string `json:"jsonPointer" format:"json-pointer"`
		Regex        string `json:"regex" format:"regex"`
	}

	provedTree struct {
		Value    *int                        `json:"value" minimum:"0"`
		Left     *provedTree                 `json:"left"`
		Children []provedTree                `json:"children" maxItems:"2"`
		ByName   map[string]*provedTree      `json:"byName"`
		Matrix   [2][2]int                   `json:"matrix"`
		Deep     map[string][]*provedAddress `json:"deep" minItems:"1"`
		Required *int                        `json:"required" required:"true"`
	}

	provedTexts struct {
		Scan    []byte          `json:"scan"`
		Created time.Time       `json:"created"`
		Until   *time.Time      `json:"until"`
		Wait    time.Duration   `json:"wait" minimum:"0"`
		Addr    netip.Addr      `json:"addr"`
		Count   int             `json:"count,string"`
		Ratio   float64         `json:"ratio,string"`
		Flag    bool            `json:"flag,string"`
		Numbers map[int]string  `json:"numbers"`
		Number  json.Number     `json:"number"`
		Any     any             `json:"any"`
		Raw     json.RawMessage `json:"raw"`
	}

	provedDefaults struct {
		Size  int      `json:"size" minimum:"1" maximum:"100" default:"20"`
		Sort  string   `json:"sort" enum:"name,age" default:"name"`
		Kinds []string `json:"kinds" enum:"a,b" minItems:"1" default:"a,b"`
		Inner struct {
			On bool `json:"on" default:"true"`
		} `json:"inner"`
		provedAddress
	}
)

// A provedBody is a type and a body that it takes, from which others are made by change.
type provedBody struct {
	name     string
	register func(r chi.Router, pattern string)
	valid    string
}

func proved[T any](name, valid string) provedBody {
	return provedBody{name, func(r chi.Router, pattern string) {
		binding.Handle(r, pattern, func(context.Context, struct{ Body T }) (struct{}, error) { return struct{}{}, nil })
	}, valid}
}

func provedBodies() []provedBody {
	return []provedBody{
		proved[provedOrder]("order", `{"sku":"AB-12","name":"tea","state":"paid","price":12.3,"discount":0.5,"rating":2,"express":true,"tags":["a","b"],`+
			`"scores":[1,2.5],"lines":[{"quantity":3,"step":9},{"quantity":255,"step":-3,"note":"x"}],"address":{"city":"Bern","zip":"3011"},"labels":{"k":"v"}}`),
		proved[provedIntegers]("integers", `{"i8":-128,"i16":32767,"i32":-2147483648,"i64":9223372036854775807,"u8":255,"u16":65535,"u32":4294967295,"u64":18446744073709551615,`+
			`"big":9007199254740993,"odd":14}`),
		proved[provedFormats]("formats", `{"dateTime":"2026-02-28T23:59:60Z","date":"2024-02-29","time":"08:30:06.283185Z","duration":"P1Y2M3DT4H5M6S",`+
			`"email":"ann.o-neil@example.com","hostname":"a-1.example.com","ipv4":"192.0.2.255","ipv6":"2001:db8::1","uri":"https://a.example:80/b%20c?d=e#f",`+
			`"uriReference":"../a?b#c","uuid":"f81d4fae-7dec-11d0-a765-00a0c91e6bf6","jsonPointer":"/a~1b/0","regex":"^[a-z]+(b|c)$"}`),
		proved[provedTree]("tree", `{"value":1,"left":{"value":null,"required":1},"children":[{"required":2}],"byName":{"x":{"required":3},"y":null},`+
			`"matrix":[[1,2],[3,4]],"deep":{"a":[{"city":"Bern"},null]},"required":0}`),
		proved[provedTexts]("texts", `{"scan":"AAEC","created":"2026-01-02T03:04:05.678+01:00","until":null,"wait":60,"addr":"192.0.2.1","count":"12","ratio":"-1.5e3",`+
			`"flag":"true","numbers":{"1":"a","-2":"b"},"number":1.5,"any":{"a":[1]},"raw":[null]}`),
		proved[provedDefaults]("defaults", `{"size":7,"sort":"age","kinds":["b"],"inner":{"on":false},"city":"Bern","zip":null}`),
		proved[[]provedLine]("slice", `[{"quantity":1,"step":3},{"quantity":2}]`),
		proved[map[string]int16]("map", `{"a":1,"b":-2}`),
		proved[string]("string", `"text"`),
		proved[*float64]("pointer", `1.5`),
	}
}

// A proof holds a handler's answers against the schema that the document has for its body.
type proof struct {
	handler http.Handler
	path    string
	schema  *jsonschema.Schema
}

func newProof(tb testing.TB, b provedBody) proof {
	tb.Helper()
	r := chi.NewMux()
	path := "/" + b.name
	b.register(r, "POST "+path)
	text, err := openapi.New(r, openapi.Info{Title: "Proof", Version: "1"}).MarshalJSON()
	if err != nil {
		tb.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	c := newSchemaCompiler(tb)
	if err := c.AddResource("openapi.json", document); err != nil {
		tb.Fatal(err)
	}
	s, err := c.Compile("openapi.json#/paths/~1" + b.name + "/post/requestBody/content/application~1json/schema")
	if err != nil {
		tb.Fatal(err)
	}
	return proof{r, path, s}
}

// newSchemaCompiler is that of JSON Schema 2020-12 with the expressions of ECMAScript, and with formats and content asserted. The
// formats of numbers are those of OpenAPI's format registry. Where the library takes more than an RFC, its grammar is asked too.
func newSchemaCompiler(tb testing.TB) *jsonschema.Compiler {
	tb.Helper()
	plain := func() *jsonschema.Compiler {
		c := jsonschema.NewCompiler()
		c.DefaultDraft(jsonschema.Draft2020)
		c.AssertFormat()
		c.AssertContent()
		c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
			re, err := regexp2.Compile(s, regexp2.ECMAScript|regexp2.Unicode)
			return expression{re}, err
		})
		return c
	}
	c := plain()
	for name, grammar := range grammars {
		library, re := plain(), regexp.MustCompile("^(?:"+grammar+")$")
		if err := library.AddResource(name+".json", map[string]any{"format": name}); err != nil {
			tb.Fatal(err)
		}
		s, err := library.Compile(name + ".json")
		if err != nil {
			tb.Fatal(err)
		}
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if text, ok := v.(string); ok && !re.MatchString(text) {
				return jsonschema.LocalizableError("not in the grammar")
			}
			return s.Validate(v)
		}})
	}
	for name, ok := range map[string]func(json.Number) bool{
		"int32": func(n json.Number) bool {
			f, err := n.Float64()
			return err == nil && math.MinInt32 <= f && f <= math.MaxInt32
		},
		"int64": func(n json.Number) bool {
			i, ok := new(big.Rat).SetString(n.String())
			return ok && (!i.IsInt() || i.Num().IsInt64())
		},
		"float":  func(n json.Number) bool { _, err := strconv.ParseFloat(n.String(), 32); return err == nil },
		"double": func(n json.Number) bool { _, err := n.Float64(); return err == nil },
	} {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(v any) error {
			if n, isNumber := v.(json.Number); isNumber && !ok(n) {
				return jsonschema.LocalizableError("out of the range of %s", name)
			}
			return nil
		}})
	}
	return c
}

const (
	timeGrammar  = `\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[-+]\d{2}:\d{2})` // RFC 3339, section 5.6
	pcharGrammar = `[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}`    // RFC 3986, appendix A
	partGrammar  = `(//(([A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@)?(\[[0-9A-Fa-fvV:.]+\]|([A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)(:\d*)?` +
		`(/(` + pcharGrammar + `)*)*|/((` + pcharGrammar + `)+(/(` + pcharGrammar + `)*)*)?|ROOTLESS)` + // with an authority, without, relative
		`(\?(` + pcharGrammar + `|[/?])*)?(#(` + pcharGrammar + `|[/?])*)?`
)

// grammars are of those formats of which the library takes more than the RFC.
var grammars = map[string]string{
	"date-time": `\d{4}-\d{2}-\d{2}[Tt]` + timeGrammar,
	"time":      timeGrammar,
	"duration": `P(\d+W|(\d+Y(\d+M(\d+D)?)?|\d+M(\d+D)?|\d+D)(T(\d+H(\d+M(\d+S)?)?|\d+M(\d+S)?|\d+S))?` +
		`|T(\d+H(\d+M(\d+S)?)?|\d+M(\d+S)?|\d+S))`, // RFC 3339, appendix A: no unit is left out in between
	"email":    `[ -~]+@[ -~]*[^.]`,         // RFC 5321, section 4.1.2: no empty local part, no dot at the end
	"hostname": `[A-Za-z0-9.-]*[A-Za-z0-9]`, // RFC 1123, section 2.1: no dot at the end
	"ipv4":     `\d{1,3}(\.\d{1,3}){3}`,     // RFC 2673, section 3.2: no sign
	"uri":      `[A-Za-z][A-Za-z0-9+.-]*:` + strings.Replace(partGrammar, "ROOTLESS", `((`+pcharGrammar+`)+(/(`+pcharGrammar+`)*)*)?`, 1),
	"uri-reference": `([A-Za-z][A-Za-z0-9+.-]*:` + strings.Replace(partGrammar, "ROOTLESS", `((`+pcharGrammar+`)+(/(`+pcharGrammar+`)*)*)?`, 1) + `|` +
		strings.Replace(partGrammar, "ROOTLESS", `(([A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})+(/(`+pcharGrammar+`)*)*)?`, 1) + `)`,
}

type expression struct{ *regexp2.Regexp }

func (e expression) MatchString(s string) bool {
	ok, err := e.Regexp.MatchString(s)
	return err == nil && ok
}

// ask returns whether the handler takes a body and whether the schema does.
func (p proof) ask(tb interface {
	Helper()
	Fatalf(string, ...any)
}, body string) (handler, schema bool, why any) {
	tb.Helper()
	r := httptest.NewRequest(http.MethodPost, p.path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	if w.Code != http.StatusNoContent && w.Code != http.StatusUnprocessableEntity {
		tb.Fatalf("%s: %d %s", body, w.Code, w.Body)
	}
	instance, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		tb.Fatalf("%s: %v", body, err)
	}
	err = p.schema.Validate(instance)
	if err != nil {
		return w.Code == http.StatusNoContent, false, err
	}
	return w.Code == http.StatusNoContent, true, w.Body
}

// differences are all those between the handlers and their schemas. A body of the type is taken by one of them only.
var differences = []struct {
	name, body string
	handler    bool // takes it; else the schema does
	text       string
	at         func(member string, v any) bool // reports whether it is in a value, nil: such bodies are not drawn
}{
	{
		// encoding/json would fill the field with an unchecked value.
		"a name in other letters", "defaults", false, `{"city":"","Sort":"size"}`, nil,
	},
	{"a member twice", "defaults", false, `{"city":"","city":""}`, nil},
	{
		// There is no format for it that tools know, and JSON's numbers are not exact there (RFC 8259, section 6).
		"more than 64 bits without sign", "integers", false, `{"u64":18446744073709551616}`,
		func(member string, v any) bool {
			n, _ := v.(json.Number)
			f, _ := n.Float64()
			return member == "u64" && f >= math.MaxUint64
		},
	},
	{
		// In a quoted number a pattern can say the syntax, not the range.
		"a quoted number of more than 64 bits", "texts", false, `{"count":"9223372036854775808"}`,
		func(member string, v any) bool {
			s, _ := v.(string)
			return member == "count" && len(s) >= len("9223372036854775808")
		},
	},
	{
		"a number that float64 cannot hold", "texts", false, `{"any":1e309}`,
		func(_ string, v any) bool {
			n, ok := v.(json.Number)
			_, err := n.Float64()
			return ok && err != nil
		},
	},
	{
		// time.Time holds no leap second and refuses small letters.
		"a time that Go does not take", "texts", false, `{"created":"2016-12-31T23:59:60Z"}`,
		func(member string, v any) bool {
			s, _ := v.(string)
			return (member == "created" || member == "until") && (strings.Contains(s, ":60") || strings.ContainsAny(s, "tz"))
		},
	},
	{
		// netip.Addr has a text for no address, and IPv6 addresses with zones.
		"an address", "texts", true, `{"addr":"fe80::1%eth0"}`,
		func(member string, v any) bool {
			s, ok := v.(string)
			return ok && member == "addr" && (s == "" || strings.Contains(s, "%"))
		},
	},
	{
		// The format regex means Go's syntax, as the patterns of tags do.
		"an expression of ECMAScript alone", "formats", false, `{"regex":"(?<=a)b"}`,
		func(member string, v any) bool {
			s, _ := v.(string)
			return member == "regex" && strings.Contains(s, "(?<=")
		},
	},
}

// differs reports whether a difference that is known is in v.
func differs(member string, v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for member, inner := range v {
			if differs(member, inner) {
				return true
			}
		}
	case []any:
		for _, inner := range v {
			if differs(member, inner) {
				return true
			}
		}
	}
	for _, d := range differences {
		if d.at != nil && d.at(member, v) {
			return true
		}
	}
	return false
}

// checkBody draws a body and compares.
func (p proof) checkBody(t *rapid.T, valid string) bool {
	var v any
	d := json.NewDecoder(strings.NewReader(valid))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	v = change(t, v, provedNumbers, provedStrings)
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	handler, schema, why := p.ask(t, string(body))
	if handler != schema && !differs("", v) {
		t.Fatalf("the handler takes it: %t, the schema: %t\n%s\n%v", handler, schema, body, why)
	}
	return handler
}

// Values at the edges of what the types take, or just beyond.
var (
	provedNumbers = []string{
		"0", "-1", "1", "0.1", "0.3", "0.30000000000000004", "1e2", "1E-1", "-0", "127", "128", "-129", "255", "256", "32768", "65536",
		"2147483647", "2147483648", "4294967296", "9007199254740992", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
		"1e38", "1e39", "1e308", "1e309",
	}
	provedStrings = []string{
		"", "a", "b", "tea", "état", "paid", "name", "𝄞𝄞", "AB-1", "ab-1", "0", "-7", "1.5", "true", "null", "AAE=", "AA", "2026-02-29",
		"2026-02-30T00:00:00Z", "2026-12-31T23:59:59.999+23:59", "2016-12-31T23:59:60Z", "2026-01-02t03:04:05z", "AA\nEC", "23:59:60Z", "24:00:00Z", "P1W", "P1", "PT", "ann@", "@example.com",
		"-a.example", "256.0.0.1", "::", "::ffff:1.2.3.4", "fe80::1%eth0", "1.2.3.4", "urn:a:b", "http://[::1]/", "http://a b/", "http://a/[b]", "//[1]x", "%", "/a", "/~2", "[", "(?<a>.)", "(?<=a)b", `\pL`,
	}
)

// TestBindingSchema: a handler takes a body if and only if the schema in its document does, as an independent validator reads it.
func TestBindingSchema(t *testing.T) {
	// The same bodies each time. To look for new differences, raise the number and change the seed.
	for name, value := range map[string]string{"rapid.checks": "1000", "rapid.nofailfile": "true", "rapid.seed": "1"} {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range provedBodies() {
		t.Run(b.name, func(t *testing.T) {
			p := newProof(t, b)
			if handler, schema, why := p.ask(t, b.valid); !handler || !schema {
				t.Fatalf("the handler takes it: %t, the schema: %t\n%s\n%v", handler, schema, b.valid, why)
			}
			var taken, all int
			rapid.Check(t, func(t *rapid.T) {
				all++
				if p.checkBody(t, b.valid) {
					taken++
				}
			})
			t.Logf("%d of %d bodies were taken", taken, all)
			if share := float64(taken) / float64(all); share < 0.1 || share > 0.9 {
				t.Errorf("%d of %d bodies were taken; the others prove too little", taken, all)
			}
		})
	}
}

// TestDifferences holds the list above to what is so.
func TestDifferences(t *testing.T) {
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			for _, b := range provedBodies() {
				if b.name != d.body {
					continue
				}
				handler, schema, why := newProof(t, b).ask(t, d.text)
				if handler != d.handler || schema == d.handler {
					t.Errorf("the handler takes it: %t, the schema: %t\n%s\n%v", handler, schema, d.text, why)
				}
				return
			}
			t.Errorf("no body %q", d.body)
		})
	}
}
