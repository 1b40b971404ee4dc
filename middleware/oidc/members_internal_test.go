package oidc

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The names are those that encoding/json finds, whatever the values look like.
func TestMemberNames(t *testing.T) {
	tests := []struct {
		object string
		want   string // "" if refused
	}{
		{`{"sub":"a","b":{"sub":1,"c":[{"sub":2}]},"d":"{\"sub\":\"x\",","e":["sub","f"],"g":null}`, "sub b d e g"},
		{" {\n\"a\" : \"b\" , \"c\" :1}\n", "a c"},
		{`{"\u0061":1,"b\"c":"\\"}`, `a b"c`},
		{`{"sub":"a","SUB":"b"}`, ""},
		{`{"sub":"a","sub":"b"}`, ""},
		{`{"sub":"a","s\u0075b":"b"}`, ""},
		{`{"sub":"a","ſub":"b"}`, ""},
		{`{"` + strings.Repeat("x", 300) + `":1}`, strings.Repeat("x", 300)},
	}
	for _, tt := range tests {
		names, err := memberNames([]byte(tt.object))
		var got []string
		for _, name := range names {
			got = append(got, string(name))
		}
		if (err != nil) != (tt.want == "") || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, %v, want %q", tt.object, got, err, tt.want)
		}
	}
}

func FuzzMemberNames(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,"c,\"d"]},"e":"}","f":{}}`))
	f.Fuzz(func(t *testing.T, object []byte) {
		var want map[string]json.RawMessage
		if json.Unmarshal(object, &want) != nil || want == nil {
			return
		}
		names, err := memberNames(object)
		if err != nil {
			return
		}
		got := map[string]bool{}
		for _, name := range names {
			var s string // invalid UTF-8 becomes U+FFFD there
			quoted, _ := json.Marshal(string(name))
			_ = json.Unmarshal(quoted, &s)
			got[s] = true
		}
		all := map[string]bool{}
		for name := range want {
			all[name] = true
		}
		if diff := cmp.Diff(all, got); diff != "" {
			t.Errorf("%s: %s", object, diff)
		}
	})
}
