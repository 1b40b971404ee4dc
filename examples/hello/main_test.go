package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
)

func TestHello(t *testing.T) {
	tests := []struct {
		name, method, target string
		status               int
		contentType, body    string
	}{
		{"name", "GET", "/hello/Ada", 200, "text/plain; charset=utf-8", "hello, Ada\n"},
		{"head", "HEAD", "/hello/Ada", 200, "text/plain; charset=utf-8", ""},
		{"no name", "GET", "/hello/", 404, "application/problem+json", `{"title":"Not Found","status":404,"detail":"There is nothing at this path."}`},
		{"other method", "POST", "/hello/Ada", 405, "application/problem+json",
			`{"title":"Method Not Allowed","status":405,"detail":"This path does not answer to that method."}`},
	}
	for _, tt := range tests {
		for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
			t.Run(tt.name+" "+mode.String(), func(t *testing.T) {
				res := albtest.Do(t, newHandler(), httptest.NewRequest(tt.method, tt.target, http.NoBody), mode)
				body, err := io.ReadAll(res.Body)
				if err != nil || res.StatusCode != tt.status || string(body) != tt.body || res.Header.Get("Content-Type") != tt.contentType {
					t.Errorf("%d %v %q %v", res.StatusCode, res.Header, body, err)
				}
			})
		}
	}
}
