package schema_test

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestFormat has what the RFCs behind JSON Schema 2020-12, section 7.3 of the validation part, say about edges.
func TestFormat(t *testing.T) {
	label := strings.Repeat("a", 63)
	tests := []struct {
		name    string // of the format
		fault   string
		taken   []string
		refused []string
	}{
		{"date-time", "must be a date-time as in RFC 3339", // RFC 3339 sections 5.6 and 5.7
			[]string{"1985-04-12T23:20:50.52Z", "1996-12-19T16:39:57-08:00", "1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00", "1937-01-01t12:00:27.87+00:20", "0000-01-01T00:00:00z", "2000-02-29T00:00:00Z"},
			[]string{"", "1985-04-12", "1985-04-12 23:20:50Z", "1985-04-12T23:20:50", "1985-04-12T24:00:00Z", "1985-04-12T23:60:00Z", "1985-04-12T23:20:61Z", "1990-12-31T22:59:60Z", "1900-02-29T00:00:00Z", "1985-13-01T00:00:00Z", "1985-00-01T00:00:00Z", "1985-04-00T00:00:00Z", "1985-04-31T00:00:00Z", "1985-04-12T23:20:50.Z", "1985-04-12T23:20:50,5Z", "1985-04-12T23:20:50+24:00", "1985-04-12T23:20:50+00:60", "1985-04-12T23:20:50+0000", "1985-04-12T2:20:50Z", "1985-04-12T23:20:50Z "}},
		{"date", "must be a date as in RFC 3339", []string{"2024-02-29", "2023-12-31"}, []string{"", "2023-02-29", "2023-2-1", "20230201", "2023-02-01Z", "2023/02/01", "+023-02-01"}},
		{"time", "must be a time as in RFC 3339", []string{"00:00:00Z", "23:59:59.999999999999+23:59"}, []string{"", "00:00:00", "00:00Z", "24:00:00Z", "12:00:60Z", "1:00:00Z", "00:00:00.", "00:00:00.5"}},
		{"duration", "must be a duration as in ISO 8601", // the grammar in RFC 3339 appendix A
			[]string{"P1Y2M3DT4H5M6S", "P1D", "PT1H", "PT36H", "P4W", "P1Y2M", "P0D", "P1DT1H"},
			[]string{"", "P", "PT", "P1", "1D", "P1DT", "P1S", "PT1D", "P1D1Y", "P1Y1D", "P1W1D", "P1.5D", "P-1D", "p1d", "P1D2D", "PD"}},
		{"email", "must be an email address", // RFC 5321 section 4.1.2
			[]string{"a@b", "jane.public+tag@example.com", `"a b\"@"@example.com`, "a@[127.0.0.1]", "a@[IPv6:::1]", "!#$%&'*+-/=?^_`{|}~@example.com"},
			[]string{"", "a", "@b", "a@", ".a@b", "a.@b", "a..b@c", "a b@c", "a@b_c", "a@-b", "a@b-", "a@b@c", "a@[256.0.0.1]", "a@[IPv6:x]", "ü@example.com", `"a@b`, `"a"b"@c`, "\"a\x01\"@c", `"a\"@b`, "Jane <a@b>", strings.Repeat("a", 65) + "@b"}},
		{"hostname", "must be a host name", // RFC 1123 section 2.1
			[]string{"a", "3com.com", "xn--bcher-kva.example", label + "." + label + "." + label + "." + label[:61]},
			[]string{"", ".", "a.", ".a", "a..b", "-a", "a-", "a-.b", "a_b", "a b", "bücher.example", label + "a", label + "." + label + "." + label + "." + label[:62]}},
		{"ipv4", "must be an IPv4 address", []string{"0.0.0.0", "255.255.255.255"}, []string{"", "1.2.3", "256.0.0.1", "01.2.3.4", "1.2.3.4/8", "::1", "1.2.3.4 "}},
		{"ipv6", "must be an IPv6 address", []string{"::", "::1", "2001:db8::1", "::ffff:1.2.3.4"}, []string{"", "1.2.3.4", "fe80::1%eth0", ":::", "1:2:3:4:5:6:7:8:9", "[::1]"}},
		{"uri", "must be a URI", // RFC 3986
			[]string{"https://example.com/a?b=c#d", "mailto:a@b", "urn:isbn:1", "a:", "http://[::1]:8080/%20"},
			[]string{"", "/a", "//example.com/a", "a b:c", "http://a/ü", "http://a/%zz", "http://a/%2", "http://a/<b>", "http://a/[b]", "http://a/?[", "http://a/#b#c", `http://a/\`, ":a", "1a:b", "http://[::1", "http://].example/", "http://a].example/[", "http://::1]/"}},
		{"uri-reference", "must be a URI reference", []string{"", "/a", "//example.com", "?a", "#b", "../a", "https://example.com"}, []string{"a b", "/%", "\\a", "/ü", "a\x00", "a\n", "/[", "#a#b"}},
		{"uuid", "must be a UUID", []string{"00000000-0000-0000-0000-000000000000", "0B0E4A5C-3b57-4c58-8f6b-1c6d2a9f0e11"}, []string{"", "0b0e4a5c3b574c588f6b1c6d2a9f0e11", "0b0e4a5c-3b57-4c58-8f6b-1c6d2a9f0e1g", "{0b0e4a5c-3b57-4c58-8f6b-1c6d2a9f0e11}", "0b0e4a5-c3b57-4c58-8f6b-1c6d2a9f0e11"}},
		{"json-pointer", "must be a JSON Pointer", []string{"", "/", "/a/0/~0~1", "//"}, []string{"a", "#/a", "/~", "/~2", "/a~"}}, // RFC 6901 section 3
		{"regex", "must be a regular expression", []string{"", "^a+$", `\d{3}`}, []string{"(", "[a", "a**", `\`}},
		{"byte", "", []string{"", "x y"}, nil},
		{"binary", "", []string{"", "x y"}, nil},
		{"password", "", []string{"", "x y"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tag := reflect.StructTag(fmt.Sprintf(`format:"%s"`, tt.name))
			s := ofJSON(t, reflect.TypeFor[string](), tag)
			if s.Format != tt.name {
				t.Errorf("documented as %q", s.Format)
			}
			for _, text := range tt.taken {
				if fault := s.CheckText(text); fault != "" {
					t.Errorf("%q: %s", text, fault)
				}
			}
			for _, text := range tt.refused {
				if fault := s.CheckText(text); fault != tt.fault {
					t.Errorf("%q: %q, want %q", text, fault, tt.fault)
				}
			}
		})
	}
}

func TestFormatsOfNumbers(t *testing.T) {
	for name, typ := range map[string]reflect.Type{
		"int32": reflect.TypeFor[int64](), "int64": reflect.TypeFor[uint32](), "float": reflect.TypeFor[float64](), "double": reflect.TypeFor[float32](),
	} {
		if s := ofJSON(t, typ, reflect.StructTag(fmt.Sprintf(`format:"%s"`, name))); s.Format != name {
			t.Errorf("%s of %s is documented as %q", name, typ, s.Format)
		}
	}
}

// FuzzGoTypes holds the syntax of time.Time and []byte against the packages that decode them: what is taken decodes, and what
// encodes is taken.
func FuzzGoTypes(f *testing.F) {
	for _, seed := range []string{"2024-02-29T12:00:00Z", "2024-02-29T12:00:60Z", "2024-02-29T2:00:00,5+24:00", "0000-01-01t00:00:00.1-23:59", "AA==", "AAA\n=", "A===", "AAAA====", "-_=="} {
		f.Add(seed)
	}
	clock, bytes := ofJSON(f, reflect.TypeFor[time.Time](), ""), ofJSON(f, reflect.TypeFor[[]byte](), "")
	f.Fuzz(func(t *testing.T, text string) {
		var decoded time.Time
		if fault := clock.CheckText(text); fault == "" {
			if err := decoded.UnmarshalText([]byte(text)); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		} else if decoded.UnmarshalText([]byte(text)) == nil {
			again, err := decoded.MarshalText()
			if err == nil && string(again) == text {
				t.Errorf("%q is what time.Time writes", text)
			}
		}
		_, err := base64.StdEncoding.DecodeString(text)
		if fault := bytes.CheckText(text); (fault == "") != (err == nil) {
			t.Errorf("%q: %q, but base64 says %v", text, fault, err)
		}
	})
}
