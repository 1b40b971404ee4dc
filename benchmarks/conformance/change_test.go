package conformance_test

import (
	"encoding/json"
	"maps"
	"math/big"
	"slices"

	"pgregory.net/rapid"
)

// change draws a JSON value that differs from v in one place or a few. Most are near what is allowed, on either side.
func change(t *rapid.T, v any, numbers, strings []string) any {
	for range rapid.IntRange(0, 2).Draw(t, "changes") {
		v = changer{t, numbers, strings}.somewhere(v)
	}
	return v
}

// A changer changes JSON values as encoding/json decodes them, with a json.Number for each number.
type changer struct {
	*rapid.T
	numbers, strings []string
}

func (c changer) choose(n int) int { return rapid.IntRange(0, n-1).Draw(c.T, "choice") }

// somewhere changes v or something inside it.
func (c changer) somewhere(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || c.choose(6) == 0 {
			return c.object(v)
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(c.T, "name")
		v = maps.Clone(v)
		v[name] = c.somewhere(v[name])
		return v
	case []any:
		if len(v) == 0 || c.choose(3) == 0 {
			return c.array(v)
		}
		v = slices.Clone(v)
		i := c.choose(len(v))
		v[i] = c.somewhere(v[i])
		return v
	case json.Number:
		return c.number(v)
	case string:
		return c.text(v)
	default:
		return c.other()
	}
}

func (c changer) object(v map[string]any) any {
	v = maps.Clone(v)
	var name string
	if len(v) > 0 {
		name = rapid.SampledFrom(slices.Sorted(maps.Keys(v))).Draw(c.T, "name")
	}
	switch c.choose(5) {
	case 0, 1:
		delete(v, name)
	case 2:
		v["more"] = c.other()
	case 3:
		v[name+"0"] = v[name]
	default:
		return c.other()
	}
	return v
}

func (c changer) array(v []any) any {
	switch {
	case c.choose(4) == 0 || len(v) == 0:
		return c.other()
	case c.choose(2) == 0:
		i := c.choose(len(v))
		return slices.Delete(slices.Clone(v), i, i+1)
	default:
		return append(slices.Clone(v), v[c.choose(len(v))])
	}
}

func (c changer) number(v json.Number) any {
	switch c.choose(5) {
	case 0:
		return c.other()
	case 1:
		return json.Number(rapid.SampledFrom(c.numbers).Draw(c.T, "number"))
	case 2: // one more or less, exactly
		r, _ := new(big.Rat).SetString(v.String())
		r.Add(r, big.NewRat(int64(2*c.choose(2)-1), 1))
		n, exact := r.FloatPrec()
		if !exact {
			return v
		}
		return json.Number(r.FloatString(n))
	case 3:
		n, digit := v.String(), rapid.SampledFrom([]string{"0", "1"}).Draw(c.T, "digit")
		if n == "0" || n == "-0" {
			return json.Number(n + "." + digit)
		}
		return json.Number(n + digit)
	default: // the same number in other digits
		if _, ok := new(big.Int).SetString(v.String(), 10); ok {
			return json.Number(v.String() + rapid.SampledFrom([]string{".0", "e0", ".00E+0", ".0e-0"}).Draw(c.T, "zeros"))
		}
		return v
	}
}

func (c changer) text(v string) any {
	runes := []rune(v)
	switch n := c.choose(6); {
	case n == 0:
		return c.other()
	case n == 1:
		return rapid.SampledFrom(c.strings).Draw(c.T, "string")
	case n == 2 && len(runes) > 0:
		i := c.choose(len(runes))
		return string(slices.Delete(runes, i, i+1))
	case n == 3 && len(runes) > 0:
		runes[c.choose(len(runes))] = c.rune()
		return string(runes)
	default:
		return string(slices.Insert(runes, c.choose(len(runes)+1), c.rune()))
	}
}

func (c changer) rune() rune {
	return rapid.SampledFrom([]rune("09aZ-+.:/@%~ T[]é€𝄞\x00")).Draw(c.T, "rune")
}

// other is a value of any type.
func (c changer) other() any {
	switch c.choose(7) {
	case 0:
		return nil
	case 1:
		return c.choose(2) == 0
	case 2:
		return []any{}
	case 3:
		return map[string]any{}
	case 4:
		return json.Number(rapid.SampledFrom(c.numbers).Draw(c.T, "number"))
	default:
		return rapid.SampledFrom(c.strings).Draw(c.T, "string")
	}
}
