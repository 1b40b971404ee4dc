package balancer_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

const (
	typed   = `"headers":{"Content-Type":"text/plain"}`
	typedM  = `"multiValueHeaders":{"Content-Type":["text/plain"]}`
	octet   = "application/octet-stream"
	invalid = balancer.LambdaInvalidResponse
)

// bigHeaders are 33 header lines of 1 K.
func bigHeaders() string {
	var h []string
	for i := range 33 {
		h = append(h, `"X-`+itoa(i)+`":"`+strings.Repeat("x", 1024)+`"`)
	}
	return `{"statusCode":200,"headers":{` + strings.Join(h, ",") + `}}`
}

// sized is a response of n bytes of JSON.
func sized(n int) string {
	const head, tail = `{"statusCode":200,` + typed + `,"body":"`, `"}`
	return head + strings.Repeat("x", n-len(head)-len(tail)) + tail
}

// TestRejected has the responses for which the client gets a 502.
func TestRejected(t *testing.T) {
	tests := []struct {
		name     string
		multi    bool
		response string
		reason   string // "" is LambdaInvalidResponse
		field    string
		says     string // part of the first finding
	}{
		{name: "B1", response: `null`, says: "null"},
		{name: "B2", response: `"hello"`, says: "function URL"},
		{name: "B3", response: `[]`, says: "an array"},
		{name: "B4", response: `{}`, field: "statusCode", says: "missing"},
		{name: "B4 API Gateway style", response: `{"message":"hi"}`, field: "statusCode", says: "API Gateway"},
		{name: "B4 error object", response: `{"errorMessage":"boom","errorType":"Error"}`, field: "statusCode", says: "errorMessage"},
		{name: "B4 wrong case", response: `{"statuscode":200}`, field: "statusCode", says: "missing"},
		{name: "B5", response: `{"statusCode":"200"}`, field: "statusCode", says: `"statusCode": 200`},
		{name: "status null", response: `{"statusCode":null}`, field: "statusCode", says: "null"},
		{name: "B7", response: `{"statusCode":200,"body":null}`, field: "body", says: "null"},
		{name: "B8", response: `{"statusCode":200,"headers":null,"body":"x"}`, field: "headers", says: "events.ALBTargetGroupResponse"},
		{name: "B10", multi: true, response: `{"statusCode":200,"headers":{},"multiValueHeaders":null}`, field: "multiValueHeaders", says: "null"},
		{name: "B14", response: `{"statusCode":200,"headers":{"A":1}}`, field: "headers.A", says: `"1"`},
		{name: "B14 multi", multi: true, response: `{"statusCode":200,"multiValueHeaders":{"A":[1]}}`, field: "multiValueHeaders.A", says: "a number"},
		{name: "B15", response: `{"statusCode":200,"headers":{"A":true}}`, field: "headers.A", says: `"true"`},
		{name: "header null", response: `{"statusCode":200,"headers":{"A":null}}`, field: "headers.A", says: "leave the header out"},
		{name: "B16", response: `{"statusCode":200,"headers":{"A":["1"]}}`, field: "headers.A", says: "join"},
		{name: "B16 cookies", response: `{"statusCode":200,"headers":{"Set-Cookie":["a=1","b=2"]}}`, field: "headers.Set-Cookie",
			says: "lambda.multi_value_headers.enabled"},
		{name: "B17", multi: true, response: `{"statusCode":200,"multiValueHeaders":{"A":"1"}}`, field: "multiValueHeaders.A", says: "array"},
		{name: "headers are an array", response: `{"statusCode":200,"headers":[]}`, field: "headers", says: "an array"},
		{name: "B18", response: `{"statusCode":200,"statusDescription":null}`, field: "statusDescription", says: "null"},
		{name: "description number", response: `{"statusCode":200,"statusDescription":200}`, field: "statusDescription", says: "a number"},
		{name: "B20 fraction", response: `{"statusCode":200.5}`, field: "statusCode", says: "integer"},
		{name: "B20 99", response: `{"statusCode":99}`, field: "statusCode", says: "range"},
		{name: "B20 1000", response: `{"statusCode":1000}`, field: "statusCode", says: "range"},
		{name: "B20 negative", response: `{"statusCode":-1}`, field: "statusCode", says: "range"},
		{name: "600", response: `{"statusCode":600}`, field: "statusCode", says: "range"},
		{name: "199", response: `{"statusCode":199}`, field: "statusCode", says: "informational"},
		{name: "101", response: `{"statusCode":101}`, field: "statusCode", says: "informational"},
		{name: "B21", response: `{"statusCode":200,"isBase64Encoded":true,"body":"!!!"}`, field: "body", says: "not base64"},
		{name: "B22", response: `{"statusCode":200,"isBase64Encoded":true,"body":"aGVs\r\nbG8="}`, field: "body", says: "line breaks"},
		{name: "base64 URL-safe", response: `{"statusCode":200,"isBase64Encoded":true,"body":"_-8="}`, field: "body", says: "URL-safe"},
		{name: "base64 unpadded", response: `{"statusCode":200,"isBase64Encoded":true,"body":"aGk"}`, field: "body", says: "padding"},
		{name: "B24", response: `{"statusCode":200,"body":{"a":1}}`, field: "body", says: "an object"},
		{name: "B25", response: sized(1<<20 + 1), reason: balancer.LambdaResponseTooLarge, says: "1048577 bytes"},
		{name: "B31", response: bigHeaders(), field: "headers", says: "32 K"},
		{name: "B32", response: `{"statusCode":200,"isBase64Encoded":"true"}`, field: "isBase64Encoded", says: "without quotes"},
		{name: "flag null", response: `{"statusCode":200,"isBase64Encoded":null}`, field: "isBase64Encoded", says: "null"},
		{name: "B33 not UTF-8", response: "{\"statusCode\":200,\"body\":\"\xff\"}", says: "UTF-8"},
		{name: "B33 not JSON", response: `{statusCode:200}`, says: "not JSON"},
		{name: "B33 more than JSON", response: hello + "x", says: "not JSON"},
		{name: "B33 empty", response: ``, says: "empty"},
		{name: "header name", response: `{"statusCode":200,"headers":{"a b":"c"}}`, field: `headers."a b"`, says: "name"},
		{name: "header injection", response: `{"statusCode":200,"headers":{"A":"b\r\nC: d"}}`, field: "headers.A", says: "control character"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reason := tt.reason
			if reason == "" {
				reason = invalid
			}
			findings := balancer.Explain([]byte(tt.response), tt.multi)
			if len(findings) == 0 {
				t.Fatal("no findings")
			}
			f := findings[0]
			if f.Reason != reason || f.Field != tt.field || !strings.Contains(f.String(), tt.says) || f.Remedy == "" {
				t.Errorf("first finding %+v", f)
			}

			w, l := serve(says(tt.response), get(t, "/"), multi(tt.multi))
			const page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
			if w.status != 502 || w.body.String() != page || w.header.Get("Server") != "awselb/2.0" || w.header.Get("Content-Type") != "text/html" {
				t.Errorf("answer %d %v %q", w.status, w.header, w.body.String())
			}
			if got := accessField(t, l.access.String(), errorReason); got != `"`+reason+`"` {
				t.Errorf("error_reason %s", got)
			}
			if got := accessField(t, l.access.String(), targetStatus); got != "-" {
				t.Errorf("target_status_code %s", got)
			}
			if l.exchange.Reason != reason || l.exchange.TargetStatus != 0 || string(l.exchange.Response) != tt.response {
				t.Errorf("exchange %+v", l.exchange)
			}
			if diff := cmp.Diff(findings, l.exchange.Findings); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(l.errors.String(), f.String()) {
				t.Errorf("error log %q", l.errors.String())
			}
		})
	}
}

// TestDelivered has the responses that the client gets, in whole or in part.
func TestDelivered(t *testing.T) {
	tests := []struct {
		name     string
		multi    bool
		response string
		status   int // 0 is 200
		header   http.Header
		body     string
		says     []string // parts of the findings, one each; nil is none
	}{
		{name: "plain", response: hello, header: http.Header{"Content-Type": {"text/plain"}, "Content-Length": {"5"}}, body: "hello"},
		{name: "plain multi", multi: true, response: helloMulti, header: http.Header{"Content-Type": {"text/plain"}}, body: "hello"},
		{name: "W3", response: `{"statusCode":200,"headers":{},"body":"x"}`, header: http.Header{"Content-Type": {octet}}, body: "x",
			says: []string{"octet-stream"}},
		{name: "W4", response: `{"statusCode":204}`, status: 204, header: http.Header{"Content-Type": nil, "Content-Length": nil}},
		{name: "W4 with a body", response: `{"statusCode":204,"body":"x"}`, status: 204, says: []string{"a 204 has none"}},
		{name: "W5", response: `{"statusCode":304,"headers":{"ETag":"\"1\""}}`, status: 304, header: http.Header{"Etag": {`"1"`}}},
		{name: "W5 with a body", response: `{"statusCode":304,` + typed + `,"body":"x"}`, status: 304, says: []string{"a 304 has none"}},
		{name: "205 with a body", response: `{"statusCode":205,"body":"x"}`, status: 205, says: []string{"a 205 has none"}},
		{name: "W6", response: `{"statusCode":302,"headers":{"location":"/x"}}`, status: 302, header: http.Header{"Location": {"/x"}}},
		{name: "W7", multi: true, response: `{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]}}`,
			header: http.Header{"Set-Cookie": {"a=1", "b=2"}}},
		{name: "W7 case variants", response: `{"statusCode":200,"headers":{"Set-Cookie":"a=1","sEt-cookie":"b=2"}}`,
			header: http.Header{"Set-Cookie": {"a=1", "b=2"}}, says: []string{"lambda.multi_value_headers.enabled"}},
		{name: "W9 single", response: `{"statusCode":200,"headers":{"Vary":"A, B"}}`, header: http.Header{"Vary": {"A, B"}}},
		{name: "W9 multi", multi: true, response: `{"statusCode":200,"multiValueHeaders":{"Vary":["A","B"]}}`, header: http.Header{"Vary": {"A", "B"}}},
		{name: "W10", response: `{"statusCode":200,"headers":{"Content-Type":"image/png"},"isBase64Encoded":true,"body":"/wA="}`,
			header: http.Header{"Content-Type": {"image/png"}, "Content-Length": {"2"}}, body: "\xff\x00"},
		{name: "W12", response: `{"statusCode":200,` + typed + `,"body":"{\"a\":\"<é>\"}"}`, body: `{"a":"<é>"}`},
		{name: "W15", response: `{"statusCode":200,"headers":{"Content-Type":"text/plain","Content-Length":"999"},"body":"x"}`,
			header: http.Header{"Content-Length": {"1"}}, body: "x"},
		{name: "W16", response: `{"statusCode":200,"headers":{"Connection":"close","transfer-encoding":"chunked","Keep-Alive":"x"}}`,
			header: http.Header{"Connection": nil, "Transfer-Encoding": nil, "Keep-Alive": nil},
			says:   []string{"headers.Connection is ignored", "headers.Keep-Alive is ignored", "headers.transfer-encoding is ignored"}},
		{name: "W22", response: `{"statusCode":418,"statusDescription":"418 I'm a teapot"}`, status: 418},
		{name: "W23", response: `{"statusCode":599,"statusDescription":"599 Unknown"}`, status: 599},
		// UNK: the load balancer's own counts.
		{name: "W28", response: `{"statusCode":200,"headers":{"Server":"mine"}}`, header: http.Header{"Server": {"awselb/2.0"}},
			says: []string{"headers.Server is replaced"}},
		{name: "W29", multi: true, response: `{"statusCode":200,"multiValueHeaders":{"X":[]}}`, header: http.Header{"X": nil}},
		{name: "B6", response: `{"statusCode":200}`},
		{name: "B9", response: `{"statusCode":200,` + typed + `,"multiValueHeaders":null,"body":"x"}`, header: http.Header{"Content-Type": {"text/plain"}}, body: "x"},
		{name: "null of the other mode, multi", multi: true, response: `{"statusCode":200,"headers":null,` + typedM + `,"body":"x"}`, body: "x"},
		{name: "B11", multi: true, response: `{"statusCode":200,` + typed + `,"body":"x"}`, header: http.Header{"Content-Type": {octet}}, body: "x",
			says: []string{"lambda.multi_value_headers.enabled to false", "octet-stream"}},
		{name: "B12", response: `{"statusCode":200,` + typedM + `,"body":"x"}`, header: http.Header{"Content-Type": {octet}}, body: "x",
			says: []string{"lambda.multi_value_headers.enabled to true", "octet-stream"}},
		// UNK: the mode's own family counts.
		{name: "B13 single", response: `{"statusCode":200,` + typed + `,"multiValueHeaders":{"X":["y"]}}`,
			header: http.Header{"Content-Type": {"text/plain"}, "X": nil}, says: []string{"multiValueHeaders is ignored"}},
		{name: "B13 multi", multi: true, response: `{"statusCode":200,"headers":{"X":"y"},` + typedM + `}`,
			header: http.Header{"Content-Type": {"text/plain"}, "X": nil}, says: []string{"headers is ignored"}},
		// UNK: accepted, with a finding.
		{name: "B19 no code", response: `{"statusCode":200,"statusDescription":"OK"}`, says: []string{`"200 OK"`}},
		{name: "B19 empty", response: `{"statusCode":404,"statusDescription":""}`, status: 404, says: []string{`"404 Not Found"`}},
		{name: "B19 other code", response: `{"statusCode":404,"statusDescription":"200 OK"}`, status: 404, says: []string{`"404 Not Found"`}},
		{name: "B23", response: `{"statusCode":200,"isBase64Encoded":true,"body":""}`},
		{name: "B25 just fits", response: sized(1 << 20), body: strings.Repeat("x", 1<<20-len(sized(100))+100-len(`{"statusCode":200,`+typed+`,"body":""}`))},
		{name: "B30", response: `{"statusCode":200,"cookies":["a=1"],"foo":1}`, header: http.Header{"Set-Cookie": nil},
			says: []string{"Set-Cookie in headers", "foo is ignored"}},
		{name: "wrong case", response: `{"statusCode":200,"Body":"x","is_base64_encoded":true}`, says: []string{"did you mean body?", "did you mean isBase64Encoded?"}},
		// UNK: the last counts, with a finding.
		{name: "B34", response: `{"statusCode":500,"statusCode":200,"headers":{"A":"1","A":"2"}}`, header: http.Header{"A": {"2"}},
			says: []string{"statusCode stands twice", "headers.A stands twice"}},
		{name: "non-ASCII header", response: `{"statusCode":200,"headers":{"X":"é"}}`, header: http.Header{"X": {"é"}}, says: []string{"percent-encode"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status := tt.status
			if status == 0 {
				status = 200
			}
			w, l := serve(says(tt.response), get(t, "/"), multi(tt.multi))
			if w.status != status || w.body.String() != tt.body {
				t.Errorf("answer %d, %.100q; want %d, %.100q", w.status, w.body.String(), status, tt.body)
			}
			for name, want := range tt.header {
				if diff := cmp.Diff(want, w.header[name]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
			}
			findings := balancer.Explain([]byte(tt.response), tt.multi)
			if len(findings) != len(tt.says) {
				t.Fatalf("findings %v, want %d", findings, len(tt.says))
			}
			for i, f := range findings {
				if f.Reason != "" || !strings.Contains(f.String(), tt.says[i]) {
					t.Errorf("finding %v, want %q", f, tt.says[i])
				}
			}
			if got := strings.Count(l.errors.String(), "\n"); got != len(tt.says) {
				t.Errorf("error log %q", l.errors.String())
			}
			if l.exchange.TargetStatus != status || l.exchange.Reason != "" || l.exchange.Err != nil {
				t.Errorf("exchange %+v", l.exchange)
			}
			if got := accessField(t, l.access.String(), targetStatus); got != itoa(status) {
				t.Errorf("target_status_code %s", got)
			}
		})
	}
}

// W14: the body of a HEAD response is dropped, its length is not.
func TestHead(t *testing.T) {
	w, _ := serve(says(hello), request(t, line("HEAD /")))
	if w.status != 200 || w.body.Len() != 0 || w.header.Get("Content-Length") != "5" || w.header.Get("Content-Type") != "text/plain" {
		t.Errorf("W14: %d %v %q", w.status, w.header, w.body.String())
	}
}

// W32: the listener's value replaces the function's.
func TestW32ResponseHeader(t *testing.T) {
	w, _ := serve(says(`{"statusCode":200,"headers":{"access-control-allow-origin":"https://a.example"}}`), get(t, "/"),
		balancer.WithResponseHeader("access-control-allow-origin", "*"), balancer.WithResponseHeader("X-Frame-Options", "DENY"))
	if diff := cmp.Diff([]string{"*"}, w.header["Access-Control-Allow-Origin"]); diff != "" {
		t.Errorf("W32: %s", diff)
	}
	if w.header.Get("X-Frame-Options") != "DENY" {
		t.Errorf("W32: %v", w.header)
	}
}

// Every byte gets through in base64.
func TestBinary(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	w, _ := serve(says(`{"statusCode":200,"headers":{"Content-Type":"image/png"},"isBase64Encoded":true,"body":"`+
		base64.StdEncoding.EncodeToString(all)+`"}`), get(t, "/"))
	if w.body.String() != string(all) {
		t.Errorf("got %q", w.body.String())
	}
}

// The most severe finding comes first, and a finding is one line whatever it quotes.
func TestFindings(t *testing.T) {
	findings := balancer.Explain([]byte(`{"statusCode":200,"a\nb":1,"cookies":[],"body":null}`), false)
	want := []string{balancer.LambdaInvalidResponse, "", ""}
	var got []string
	for _, f := range findings {
		got = append(got, f.Reason)
		if strings.ContainsAny(f.String(), "\r\n") {
			t.Errorf("%q has a line break", f)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
