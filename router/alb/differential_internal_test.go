package alb

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// seedEvents are events of many shapes, right and wrong.
func seedEvents() []string {
	const elb = `"requestContext":{"elb":{"targetGroupArn":"arn"}}`
	long := strings.Repeat("QUJD", 600)
	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, `,"k%d":["v%d"]`, i, i)
	}
	return []string{
		`{` + elb + `,"httpMethod":"GET","path":"/a%20b/%2F/c!","queryStringParameters":{"a":"1","b%20":"x+y","c":"100%"},"headers":{"host":"h","accept":"*/*","sec-ch-ua":"\"Chromium\";v=\"1\"","x-forwarded-for":"203.0.113.9"},"body":"","isBase64Encoded":false}`,
		`{` + elb + `,"httpMethod":"POST","path":"//x","multiValueQueryStringParameters":{"a":["1","2;3"]},"multiValueHeaders":{"cookie":["a=1","b=2"],"x-forwarded-for":["8.8.8.8","8.8.8.8, [2001:db8::1]:5"],"x-forwarded-proto":["https","http"]},"body":"{\"a\":\"\u00e9\\n\"}","isBase64Encoded":false}`,
		`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"` + long + `","isBase64Encoded":true}`,
		`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"` + long + `","isBase64Encoded":true,"isBase64Encoded":false}`,
		`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"` + long + "\n" + `QUJD","isBase64Encoded":true}`,
		`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"` + long + `\n\/\u0041","isBase64Encoded":true}`,
		`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"` + long + `\u0000","isBase64Encoded":true}`,
		`{` + elb + `,"httpMethod":"GET","path":"/a?b=c#d\u0000","multiValueHeaders":{"Host":["b"],"host":["a"],"a b":["x"],"X-A":["1"],"x-a":["2"],"x-a":["3"]},"multiValueQueryStringParameters":{"":[""],"a&=":["&="],"é":["\ud800","\udc00\ud83d\ude00"]` + many.String() + `}}`,
		`{` + elb + `,"httpMethod":"OPTIONS","path":"*","headers":null,"body":null}`,
		`{` + elb + `,"httpMethod":"GET","path":"/","headers":{"host":"h","x-a":"1","x-a":"2","accept":"evil"}}`,
		`{` + elb + `,"path":7,"path":"/","httpMethod":"GET","headers":{"a":1}}`,
		`{` + elb + `,"path":"/","httpMethod":"GET","headers":7,"headers":{"a":"1"},"requestContext":{"elb":{"targetGroupArn":"b"},"x":[{}]}}`,
		"{" + elb + ",\"path\":\"/\xff\xc3\",\"httpMethod\":\"GET\",\"headers\":{\"x\":\"\xe9\"}} \t\r\n",
		`{` + elb + `,"path":"/","httpMethod":"GET","x":[1,-0.5e+10,true,false,null,{"a":[]},"\ud83d"],"headers":{}}`,
		`{` + elb + `,"path":"/","httpMethod":"GET","x":01}`, `{` + elb + `,"x":1.}`, `{` + elb + `,}`, `{` + elb + `,"x":[1,]}`, `{` + elb + `,"x":"\x"}`, `{` + elb + `,"x":tru}`,
		`{` + elb + `,"x":"\u12g4"}`, "{" + elb + ",\"x\":\"\x1f\"}", `{` + elb + `,"x":-}`, `{` + elb + `,"x":1e}`, `{` + elb + `} x`, `{"requestContext":{"elb":null}}`, `[]`, ``, `{`,
		`{` + elb + `,"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999) + `}`,
		`{` + elb + `,"x":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}`,
	}
}

// compareDecoding holds a payload against the oracle: taken or refused, and what the handler sees.
func compareDecoding(t *testing.T, payload []byte) {
	t.Helper()
	want, wantErr := oracleDecode(payload)
	var have oracleRequest
	ran := false
	h := NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ran = true
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		ev, _ := FromContext(r.Context())
		ev.invocation = nil
		have = oracleRequest{
			Method: r.Method, RequestURI: r.RequestURI, Host: r.Host, RemoteAddr: r.RemoteAddr, URL: *r.URL, Header: r.Header.Clone(),
			Body: string(body), ContentLength: r.ContentLength, Event: ev,
		}
	}), WithErrorLog(func(context.Context, error) {}))
	mine := slices.Clone(payload)
	_, err := h.Invoke(t.Context(), mine)
	for i := range mine {
		mine[i] = 'x' // the runtime reuses it: nothing of the request may be in it
	}
	if (err != nil) != (wantErr != nil) {
		t.Fatalf("error %v, want %v, for %q", err, wantErr, payload)
	}
	if err != nil {
		return
	}
	r, status := want.request()
	if ran != (status == 0) {
		t.Fatalf("the handler ran: %v, want status %d, for %q", ran, status, payload)
	}
	if !ran {
		return
	}
	if diff := cmp.Diff(r, have, cmpopts.EquateEmpty(), cmp.AllowUnexported(Event{})); diff != "" {
		t.Errorf("the handler sees (-want +have), for %q:\n%s", payload, diff)
	}
}

func TestDecodeAsEncodingJSON(t *testing.T) {
	for i, payload := range seedEvents() {
		t.Run(fmt.Sprint(i), func(t *testing.T) { compareDecoding(t, []byte(payload)) })
	}
}

// FuzzDecode holds the decoder against encoding/json.
func FuzzDecode(f *testing.F) {
	for _, payload := range seedEvents() {
		if len(payload) < 5000 {
			f.Add([]byte(payload))
		}
	}
	f.Fuzz(compareDecoding)
}

// FuzzScan holds the scanner against encoding/json on JSON of any kind.
func FuzzScan(f *testing.F) {
	for _, text := range []string{`{"a":[1,2.5e-3,"x\u00e9\n",true,false,null]}`, `[[],{}]`, ` "\ud83d\ude00" `, `-0`, `1e5 `, `"` + "\xff" + `"`, `{"a":1,}`, `[1 2]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s := scanner{data: text}
		s.skip()
		s.next()
		if ok := !s.failed && s.pos == len(text); ok != json.Valid(text) {
			t.Fatalf("scanner: %v, encoding/json: %v, for %q", ok, !ok, text)
		}
	})
}

// FuzzUnescape holds the value of a string against encoding/json.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{`plain`, `\u00e9\\\/\b\f\n\r\t\"`, `\ud83d\ude00\ud83d\ud83d\udc00x`, "\xff\xc3é", "ab\xffc", `0123456\n89abcdef\u0041`, `\ud800\n`, "\xe2\x80\\u00a8"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, inside []byte) {
		text := []byte(`"` + string(inside) + `"`)
		var want string
		if json.Unmarshal(text, &want) != nil {
			return
		}
		s := scanner{data: text, text: []byte("before")}
		value := s.string()
		if s.failed || s.pos != len(text) {
			t.Fatalf("the scanner refuses %q", text)
		}
		if string(s.text) != "before"+want || value != (stretch{len("before"), len(s.text)}) {
			t.Fatalf("%q is %q at %v, want %q", text, s.text, value, "before"+want)
		}
	})
}

// FuzzAppendText holds the escaping of bodies against encoding/json.
func FuzzAppendText(f *testing.F) {
	for _, s := range []string{"plain text that is longer than a word", "\"\\\x00\x1f\x7f", "é日😀\u2028", "a\xffb", "1234567\xc3", strings.Repeat("\"", 40), strings.Repeat("\x01", 40), "12345678\xe2\x80"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, s []byte) {
		if !utf8.Valid(s) {
			return
		}
		text := appendText([]byte("before"), s)
		rest, found := strings.CutPrefix(string(text), "before")
		var have string
		if err := json.Unmarshal([]byte(`"`+rest+`"`), &have); !found || err != nil || have != string(s) {
			t.Fatalf("%q became %q: %v", s, text, err)
		}
	})
}

// FuzzEncode holds a response against encoding/json, byte for byte.
func FuzzEncode(f *testing.F) {
	f.Add(200, "X-A", "1", "2", []byte("<p>é\u2028</p>"), true)
	f.Add(404, "vary", "a", "b\\\"", []byte("\xff\x00"), false)
	f.Add(599, "Content-Encoding", "gzip", "", []byte("{}"), false)
	f.Fuzz(func(t *testing.T, status int, name, first, second string, body []byte, multi bool) {
		canonical := textproto.CanonicalMIMEHeaderKey(name)
		if status < 200 || status > 599 || status == 204 || status == 205 || status == 304 || len(name)+len(first)+len(second) > 10<<10 || len(body) > 100<<10 ||
			!isToken(name) || hopByHop(canonical) || !utf8.ValidString(first) || !utf8.ValidString(second) ||
			strings.ContainsFunc(first+second, func(r rune) bool { return r < ' ' || r == 0x7f }) ||
			slices.Contains([]string{"Set-Cookie", "Content-Length", "Server", "Location", "Content-Disposition", "Content-Type"}, canonical) {
			return
		}
		h := NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()[name] = []string{first, second}
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(status)
			w.Write(body)
		}))
		family := "headers"
		if multi {
			family = "multiValueHeaders"
		}
		have, err := h.Invoke(t.Context(), []byte(`{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/","`+family+`":{}}`))
		if err != nil {
			t.Fatal(err)
		}
		header := map[string][]string{"Content-Type": {"text/plain"}, canonical: {textproto.TrimString(first), textproto.TrimString(second)}}
		encoded := canonical == "Content-Encoding" && first+second != ""
		want := oracleEncode(status, header, body, encoded, multi)
		if string(have) != string(want) {
			t.Errorf("have %s\nwant %s", have, want)
		}
	})
}

// FuzzBase64 holds the codec against encoding/base64, on accept and refuse too.
func FuzzBase64(f *testing.F) {
	f.Add([]byte("a"), 5000, []byte("QUJD"), uint16(3))
	f.Add([]byte("\xff\x00"), 4097, []byte("="), uint16(4000))
	f.Add([]byte("abc"), 9000, []byte("\r\n"), uint16(5000))
	f.Add([]byte("x"), 0, []byte("_-"), uint16(0))
	f.Fuzz(func(t *testing.T, unit []byte, size int, insert []byte, at uint16) {
		if len(unit) == 0 || size < 0 || size > 20000 {
			return
		}
		body := bytes.Repeat(unit, size/len(unit)+1)[:size]
		want := base64.StdEncoding.AppendEncode(nil, body)
		have := make([]byte, len(want))
		encodeBase64(have, body)
		if string(have) != string(want) {
			t.Fatalf("%d bytes: %.80q, want %.80q", size, have, want)
		}
		text := slices.Insert(want, min(int(at), len(want)), insert...)
		value, err := base64.StdEncoding.AppendDecode(nil, text)
		if err != nil {
			value = nil
		}
		for name, dst := range map[string][]byte{"apart": make([]byte, base64.StdEncoding.DecodedLen(len(text))), "in place": slices.Clone(text)} {
			src := text
			if name == "in place" {
				src = dst
			}
			n, haveErr := decodeBase64(dst, src)
			if (haveErr != nil) != (err != nil) || err == nil && string(dst[:n]) != string(value) {
				t.Fatalf("%s: %v %.80q, want %v %.80q", name, haveErr, dst[:n], err, value)
			}
		}
	})
}

// A body in base64 is what encoding/base64 makes of it, wherever it stands and however long it is.
func TestBase64Body(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 1000, 1023, 1024, 1025, 5000} {
		body := make([]byte, n)
		for i := range body {
			body[i] = byte(i * 7)
		}
		text := base64.StdEncoding.EncodeToString(body)
		for _, form := range []string{
			`{"requestContext":{"elb":{}},"httpMethod":"POST","path":"/","headers":{},"body":"%s","isBase64Encoded":true}`,
			`{"requestContext":{"elb":{}},"isBase64Encoded":true,"httpMethod":"POST","body":"%s","path":"/","headers":{}}`,
			`{"requestContext":{"elb":{}},"httpMethod":"POST","path":"/","headers":{},"body": "%s" , "isBase64Encoded" : true }`,
			`{"requestContext":{"elb":{}},"httpMethod":"POST","path":"/","headers":{},"body":"%s","isBase64Encoded":truex}`,
			`{"requestContext":{"elb":{}},"httpMethod":"POST","path":"/","headers":{},"body":"%s!","isBase64Encoded":true}`,
		} {
			compareDecoding(t, fmt.Appendf(nil, form, text))
		}
	}
}

// Behind every string there is room for a word, which capitalise reads and writes, also where replacements have made it longer.
func TestRoomBehindStrings(t *testing.T) {
	for n := range 2000 {
		for _, inside := range []string{"a", "\xff", `\n`} {
			s := scanner{data: []byte(`"` + strings.Repeat(inside, n) + `",`)}
			if s.string(); s.failed || cap(s.text)-len(s.text) < 8 {
				t.Fatalf("%d times %q: %d bytes of room", n, inside, cap(s.text)-len(s.text))
			}
		}
	}
}
