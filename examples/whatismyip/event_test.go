package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestEvent(t *testing.T) {
	tests := []struct {
		name, method, target, contentType, body string
		single, multi                           string // of the event: the parts that are the same for every request left out
	}{
		{"R2", "GET", "/browser?a=1&a=2", "", "",
			`{"httpMethod":"GET","path":"/browser","queryStringParameters":{"a":"2"},"body":"","isBase64Encoded":false}`,
			`{"httpMethod":"GET","path":"/browser","multiValueQueryStringParameters":{"a":["1","2"]},"body":"","isBase64Encoded":false}`},
		{"R7", "GET", "/", "", "",
			`{"httpMethod":"GET","path":"/","queryStringParameters":{},"body":"","isBase64Encoded":false}`,
			`{"httpMethod":"GET","path":"/","multiValueQueryStringParameters":{},"body":"","isBase64Encoded":false}`},
		{"R18", "GET", "/a?q=100%", "", "",
			`{"httpMethod":"GET","path":"/a","queryStringParameters":{"q":"100%"},"body":"","isBase64Encoded":false}`,
			`{"httpMethod":"GET","path":"/a","multiValueQueryStringParameters":{"q":["100%"]},"body":"","isBase64Encoded":false}`},
		{"R24", "DELETE", "/a%2Fb", "", "",
			`{"httpMethod":"DELETE","path":"/a%2Fb","queryStringParameters":{},"body":"","isBase64Encoded":false}`,
			`{"httpMethod":"DELETE","path":"/a%2Fb","multiValueQueryStringParameters":{},"body":"","isBase64Encoded":false}`},
		{"R52", "POST", "/no/such/path", "application/json", `{"a":"<é>"}`,
			`{"httpMethod":"POST","path":"/no/such/path","queryStringParameters":{},"body":"{\"a\":\"<é>\"}","isBase64Encoded":false}`,
			`{"httpMethod":"POST","path":"/no/such/path","multiValueQueryStringParameters":{},"body":"{\"a\":\"<é>\"}","isBase64Encoded":false}`},
		{"R54", "PUT", "/form", "application/x-www-form-urlencoded", "a=1",
			`{"httpMethod":"PUT","path":"/form","queryStringParameters":{},"body":"YT0x","isBase64Encoded":true}`,
			`{"httpMethod":"PUT","path":"/form","multiValueQueryStringParameters":{},"body":"YT0x","isBase64Encoded":true}`},
	}
	for _, tt := range tests {
		for _, mode := range modes {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				r := httptest.NewRequest(tt.method, tt.target, strings.NewReader(tt.body))
				if tt.contentType != "" {
					r.Header.Set("Content-Type", tt.contentType)
				}
				res, body := serve(t, r, mode)
				if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "application/json" {
					t.Fatalf("%d %v %s", res.StatusCode, res.Header, body)
				}
				var indented bytes.Buffer
				if err := json.Indent(&indented, []byte(body), "", "  "); err != nil {
					t.Fatal(err)
				}
				if indented.String() != body || !strings.HasPrefix(body, "{\n  \"") {
					t.Errorf("not indented: %s", body)
				}

				want, headers := decode(t, tt.single), "headers"
				if mode == albtest.MultiValue {
					want, headers = decode(t, tt.multi), "multiValueHeaders"
				}
				got := decode(t, body)
				if h, ok := got[headers].(map[string]any); !ok || h["x-forwarded-for"] == nil {
					t.Errorf("%s: %v", headers, got[headers])
				}
				delete(got, headers)
				if _, ok := got["requestContext"]; !ok {
					t.Error("no requestContext")
				}
				delete(got, "requestContext")
				if diff := cmp.Diff(want, got); diff != "" { // the other mode's keys are not among the wanted
					t.Error(diff)
				}
			})
		}
	}
}

func TestEventOfAnyMethod(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		for _, mode := range modes {
			res, body := serve(t, httptest.NewRequest(method, "/any", nil), mode)
			if method == http.MethodHead {
				if res.StatusCode != http.StatusOK || body != "" {
					t.Errorf("%s: HEAD: %d %s", mode, res.StatusCode, body)
				}
				continue
			}
			if got := decode(t, body)["httpMethod"]; res.StatusCode != http.StatusOK || got != method {
				t.Errorf("%s: %s: %d %v", mode, method, res.StatusCode, got)
			}
		}
	}
}
