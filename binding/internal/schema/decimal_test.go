package schema_test

import (
	"fmt"
	"math/big"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/albatross-go/albatross/binding/internal/schema"
)

func TestParseDecimal(t *testing.T) {
	for text, want := range map[string]bool{
		"0": true, "-0": true, "10": true, "0.5": true, "-1.5e-3": true, "1E+2": true, "123456789012345678901234567890": true,
		"": false, "-": false, "+1": false, ".5": false, "5.": false, "01": false, "1e": false, "1e+": false, "0x1": false, "1_0": false,
		"NaN": false, "Inf": false, " 1": false, "1 ": false, "1.2.3": false,
	} {
		d, err := schema.ParseDecimal(text)
		if (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
		if err == nil && d.String() != text {
			t.Errorf("%q became %q", text, d)
		}
	}
}

// decimals are JSON numbers of all sizes, with zeros at their edges.
func decimals(t *rapid.T, name string) string {
	return rapid.StringMatching(`-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,2})?`).Draw(t, name)
}

func TestDecimalCompare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := decimals(t, "a"), decimals(t, "b")
		if rapid.Bool().Draw(t, "equal") { // another way to write a
			x, _ := new(big.Rat).SetString(a)
			b = x.FloatString(130) // exact: there are at most 25 + 99 places
		}
		d, err := schema.ParseDecimal(a)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		if got, want := d.Compare(b), x.Cmp(y); got != want {
			t.Fatalf("%s to %s: %d, want %d", a, b, got, want)
		}
	})
}

func TestDecimalsBeyondAnyFloat(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"1e999999999999", "1e5", 1},
		{"-1e999999999999", "1e5", -1},
		{"1e-999999999999", "0", 1},
		{"0e999999999999", "0", 0},
		{"-0", "0", 0},
		{"9007199254740993", "9007199254740992", 1},
		{"1", "no number", 1},
	}
	for _, tt := range tests {
		d, err := schema.ParseDecimal(tt.a)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Compare(tt.b); got != tt.want {
			t.Errorf("%s to %s: %d", tt.a, tt.b, got)
		}
	}
}

func TestMultipleOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		divisor := rapid.StringMatching(`[1-9][0-9]{0,8}(\.[0-9]{1,8})?(e-?[0-9])?`).Draw(t, "divisor")
		value := decimals(t, "value")
		m, _ := new(big.Rat).SetString(divisor)
		v, _ := new(big.Rat).SetString(value)
		if rapid.Bool().Draw(t, "multiple") {
			v.Mul(m, new(big.Rat).SetInt64(rapid.Int64().Draw(t, "factor")))
			value = v.FloatString(30) // exact: there are at most 17 places
		}
		s, err := schema.OfText(reflect.TypeFor[float64](), reflect.StructTag(fmt.Sprintf(`multipleOf:"%s"`, divisor)))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := s.CheckText(value) == "", new(big.Rat).Quo(v, m).IsInt(); got != want {
			t.Fatalf("%s is a multiple of %s: %t, want %t", value, divisor, got, want)
		}
	})
}
