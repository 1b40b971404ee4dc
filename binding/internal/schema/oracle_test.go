package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

// document is a JSON Schema as a person writes it down for a Go type. Only the words that the tests need are known.
type document struct {
	Type             string               `json:"type"` // "": anything
	Nullable         bool                 `json:"nullable"`
	Properties       map[string]*document `json:"properties"`
	Required         []string             `json:"required"`
	Additional       *document            `json:"additionalProperties"`
	Items            *document            `json:"items"`
	MinItems         int                  `json:"minItems"`
	MaxItems         *int                 `json:"maxItems"`
	UniqueItems      bool                 `json:"uniqueItems"`
	MinLength        int                  `json:"minLength"`
	MaxLength        *int                 `json:"maxLength"`
	Pattern          string               `json:"pattern"`
	Format           string               `json:"format"`
	Enum             []any                `json:"enum"`
	Minimum          json.Number          `json:"minimum"`
	Maximum          json.Number          `json:"maximum"`
	ExclusiveMinimum json.Number          `json:"exclusiveMinimum"`
	ExclusiveMaximum json.Number          `json:"exclusiveMaximum"`
	MultipleOf       json.Number          `json:"multipleOf"`
	Ref              string               `json:"$ref"` // "#": the root
}

// object keeps what map[string]any loses: the order of members, and those that occur twice.
type object []property

type property struct {
	name  string
	value any
}

// tree reads JSON into object, []any, string, json.Number, bool and nil.
func tree(data []byte) any {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var read func() any
	read = func() any {
		token, err := dec.Token()
		if err != nil {
			panic(err)
		}
		switch token {
		case json.Delim('{'):
			o := object{}
			for dec.More() {
				name, _ := dec.Token()
				o = append(o, property{name.(string), read()})
			}
			_, _ = dec.Token()
			return o
		case json.Delim('['):
			a := []any{}
			for dec.More() {
				a = append(a, read())
			}
			_, _ = dec.Token()
			return a
		default:
			return token
		}
	}
	return read()
}

// plain makes maps of the objects, so that reflect.DeepEqual compares them as JSON Schema does, and rationals of the numbers.
func plain(v any) any {
	switch v := v.(type) {
	case object:
		m := map[string]any{}
		for _, p := range v {
			m[p.name] = plain(p.value)
		}
		return m
	case []any:
		a := make([]any, len(v))
		for i := range v {
			a[i] = plain(v[i])
		}
		return a
	case json.Number:
		return rational(v).RatString()
	case string:
		return "string " + v
	default:
		return v
	}
}

func rational(n json.Number) *big.Rat {
	r, ok := new(big.Rat).SetString(n.String())
	if !ok {
		panic("no number: " + n)
	}
	return r
}

func depth(v any) int {
	deepest := 0
	switch v := v.(type) {
	case object:
		for _, p := range v {
			deepest = max(deepest, depth(p.value))
		}
	case []any:
		for _, item := range v {
			deepest = max(deepest, depth(item))
		}
	default:
		return 0
	}
	return deepest + 1
}

// check returns the pointers of all faults, each with a word for the constraint that is broken.
func (d *document) check(v any, root *document, strict bool, pointer string) (faults []string) {
	bad := func(word string) { faults = append(faults, pointer+" "+word) }
	if d.Ref == "#" && (v != nil || !d.Nullable) {
		return root.check(v, root, strict, pointer)
	}
	if v == nil {
		if !d.Nullable && d.Type != "" {
			bad("null")
		}
		return faults
	}
	switch d.Type {
	case "object":
		o, ok := v.(object)
		if !ok {
			bad("type")
			break
		}
		seen := map[string]bool{}
		for _, p := range o {
			at := pointer + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p.name)
			name := p.name
			member, known := d.Properties[name]
			if !known {
				for own := range d.Properties {
					if strings.EqualFold(own, name) {
						faults = append(faults, at+" spelling")
						name, member = own, d.Properties[own]
					}
				}
			}
			if member == nil {
				member = d.Additional
			}
			if member == nil {
				if strict {
					faults = append(faults, at+" unknown")
				}
				continue
			}
			if seen[name] {
				faults = append(faults, at+" twice")
			}
			seen[name] = true
			faults = append(faults, member.check(p.value, root, strict, at)...)
		}
		for _, name := range d.Required {
			if !seen[name] {
				faults = append(faults, pointer+"/"+name+" required")
			}
		}
	case "array":
		a, ok := v.([]any)
		if !ok {
			bad("type")
			break
		}
		if len(a) < d.MinItems || d.MaxItems != nil && len(a) > *d.MaxItems {
			bad("items")
		}
		for i := range a {
			faults = append(faults, d.Items.check(a[i], root, strict, fmt.Sprintf("%s/%d", pointer, i))...)
		}
		if d.UniqueItems && hasEqual(a) {
			bad("uniqueItems")
		}
	case "string":
		s, ok := v.(string)
		if !ok {
			bad("type")
			break
		}
		if !d.keepsString(s) {
			bad("string")
		}
	case "integer", "number":
		n, ok := v.(json.Number)
		if !ok || d.Type == "integer" && !rational(n).IsInt() {
			bad("type")
			break
		}
		if !d.keepsNumber(n) {
			bad("number")
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			bad("type")
		}
	}
	return faults
}

func hasEqual(items []any) bool {
	for i := range items {
		for j := range i {
			if reflect.DeepEqual(plain(items[i]), plain(items[j])) {
				return true
			}
		}
	}
	return false
}

func (d *document) keepsString(s string) bool {
	length := utf8.RuneCountInString(s)
	switch d.Format {
	case "date-time":
		if _, err := time.Parse(time.RFC3339, s); err != nil || len(s) < 20 || s[11:13] < "00" || strings.Contains(s, ",") {
			return false
		}
		if at := strings.LastIndexAny(s, "+-"); at > 10 && (s[at+1:at+3] > "23" || s[at+4:] > "59") {
			return false
		}
		if s[13] != ':' {
			return false
		}
	case "ipv4":
		if a, err := netip.ParseAddr(s); err != nil || !a.Is4() {
			return false
		}
	}
	return length >= d.MinLength && (d.MaxLength == nil || length <= *d.MaxLength) &&
		(d.Pattern == "" || regexp.MustCompile(d.Pattern).MatchString(s)) && (d.Enum == nil || slices.Contains(d.Enum, any(s)))
}

func (d *document) keepsNumber(n json.Number) bool {
	r := rational(n)
	for _, limit := range []struct {
		text json.Number
		keep func(c int) bool
	}{
		{d.Minimum, func(c int) bool { return c >= 0 }},
		{d.Maximum, func(c int) bool { return c <= 0 }},
		{d.ExclusiveMinimum, func(c int) bool { return c > 0 }},
		{d.ExclusiveMaximum, func(c int) bool { return c < 0 }},
	} {
		if limit.text != "" && !limit.keep(r.Cmp(rational(limit.text))) {
			return false
		}
	}
	return d.MultipleOf == "" || new(big.Rat).Quo(r, rational(d.MultipleOf)).IsInt()
}

// pointers are the places that have faults, sorted.
func pointers(list []schema.Fault) []string {
	var out []string
	for _, f := range list {
		out = append(out, f.Pointer)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
