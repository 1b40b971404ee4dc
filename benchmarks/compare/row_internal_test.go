package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"testing"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
)

func find(t *testing.T, name string) row {
	t.Helper()
	for _, r := range rows() {
		if r.name == name {
			return r
		}
	}
	t.Fatalf("no row %q", name)
	return row{}
}

func text(status int, body string, header ...string) answer {
	a := answer{status: status, header: http.Header{}, body: []byte(body)}
	for i := 0; i < len(header); i += 2 {
		a.header.Add(header[i], header[i+1])
	}
	return a
}

func TestJudge(t *testing.T) {
	var (
		blank    = answer{status: 502, reason: "LambdaUnhandled"}
		sum      = fmt.Sprintf("%x", sha256.Sum256([]byte(allBytes(4096))))
		accepted = text(201, `{"id":"1","name":"teapot","quantity":2}`)
		complain = text(422, `{"title":"no"}`)
	)
	tests := []struct {
		row     string
		mode    mode
		answers []answer
		want    verdict
	}{
		{"header mode", single, []answer{text(200, `{"id":"7"}`, "Content-Type", "application/json; charset=utf-8")}, right},
		{"header mode", single, []answer{text(200, `{"id":"7"}`, "Content-Type", "application/octet-stream")}, wrong},
		{"header mode", single, []answer{blank}, wrong},
		{"query decoded once", multi, []answer{text(200, `{"query":{"q":["a%20b"],"r":["a b"]}}`)}, right},
		{"query decoded once", multi, []answer{text(200, `{"query":{"q":["a%2520b"],"r":["a%20b"]}}`)}, wrong},
		{"query decoded once", multi, []answer{text(200, `not JSON`)}, wrong},
		{"repeated query keys", single, []answer{text(200, `{"query":{"k":["2"]}}`)}, right},
		{"repeated query keys", multi, []answer{text(200, `{"query":{"k":["2"]}}`)}, wrong},
		{"repeated query keys", multi, []answer{text(200, `{"query":{"k":["1","2"]}}`)}, right},
		{"plus sign", multi, []answer{text(200, `{"path":"/echo/a+b","query":{"q":["a b"]}}`)}, right},
		{"plus sign", multi, []answer{text(200, `{"path":"/echo/a b","query":{"q":["a b"]}}`)}, wrong},
		{"empty query values", multi, []answer{text(200, `{"query":{"a":[""],"b":[""]}}`)}, right},
		{"empty query values", multi, []answer{text(200, `{"query":{"a":[""]}}`)}, wrong},
		{"bad escape in the query", multi, []answer{text(200, `{"query":{"q":["100%"]}}`)}, right},
		{"bad escape in the query", multi, []answer{text(400, "")}, right},
		{"bad escape in the query", multi, []answer{text(200, `{"query":{}}`)}, wrong},
		{"bad escape in the query", multi, []answer{text(500, "")}, wrong},
		{"bad escape in the query", multi, []answer{{status: 413, reason: "refused"}}, wrong},
		{"escaped slash in the path", multi, []answer{text(200, `{"id":"a/b"}`)}, right},
		{"escaped slash in the path", multi, []answer{text(404, "")}, refused},
		{"escaped slash in the path", multi, []answer{text(200, `{"id":"a%2Fb"}`)}, wrong},
		{"escaped slash in the path", multi, []answer{blank}, wrong},
		{"Host", multi, []answer{text(200, `{"host":"shop.example.test"}`)}, right},
		{"Host", multi, []answer{text(200, `{"host":""}`)}, wrong},
		{"client address", multi, []answer{text(200, "127.0.0.1\n")}, right},
		{"client address", multi, []answer{text(200, "203.0.113.9")}, wrong},
		{"repeated request header", multi, []answer{text(200, `{"test":["1","2"]}`)}, right},
		{"repeated request header", multi, []answer{text(200, `{"test":["1, 2"]}`)}, right},
		{"repeated request header", multi, []answer{text(200, `{"test":["2"]}`)}, wrong},
		{"repeated request header", single, []answer{text(200, `{"test":["2"]}`)}, right},
		{"binary request", multi, []answer{text(200, sum)}, right},
		{"binary request", multi, []answer{text(200, "00")}, wrong},
		{"health check", multi, []answer{{status: 200}}, right},
		{"health check", multi, []answer{{reason: "status 500"}}, wrong},
		{"validation", multi, []answer{accepted, complain, complain}, right},
		{"validation", multi, []answer{accepted, complain, accepted}, wrong},
		{"validation", multi, []answer{accepted, text(400, "no"), complain}, wrong},
		{"validation", multi, []answer{complain, complain, complain}, wrong},
		{"two cookies", multi, []answer{text(200, "ok", "Set-Cookie", "b=2; HttpOnly; path=/", "Set-Cookie", "a=1; Path=/")}, right},
		{"two cookies", multi, []answer{text(200, "ok", "Set-Cookie", "b=2; Path=/; HttpOnly")}, wrong},
		{"two cookies", multi, []answer{text(200, "ok", "Set-Cookie", "a=1", "Set-Cookie", "b=2; Path=/; HttpOnly")}, wrong},
		{"binary response", multi, []answer{text(200, string(content.Image()), "Content-Type", "image/png")}, right},
		{"binary response", multi, []answer{text(200, "\ufffdPNG", "Content-Type", "image/png")}, wrong},
		{"over 1 MB", multi, []answer{text(500, "too large")}, right},
		{"over 1 MB", multi, []answer{text(500, "")}, wrong},
		{"over 1 MB", multi, []answer{{status: 500, output: "too large"}}, right},
		{"over 1 MB", multi, []answer{blank}, wrong},
		{"exception", multi, []answer{text(500, "internal error")}, right},
		{"exception", multi, []answer{text(500, "Error: secret detail 4711")}, wrong},
		{"exception", multi, []answer{blank}, wrong},
		{"HEAD", multi, []answer{text(200, "", "Content-Type", "application/json")}, right},
		{"HEAD", multi, []answer{text(405, "", "Content-Type", "application/json")}, wrong},
		{"wrong method", multi, []answer{text(405, "", "Allow", "GET, HEAD")}, right},
		{"wrong method", multi, []answer{text(405, "")}, wrong},
		{"unknown route", multi, []answer{text(404, "")}, right},
		{"unknown route", multi, []answer{text(403, "")}, wrong},
		{"redirect", multi, []answer{text(302, "", "Location", "/whatismyip")}, right},
		{"redirect", multi, []answer{text(302, "")}, wrong},
	}
	judged := map[string]bool{}
	for _, tt := range tests {
		r := find(t, tt.row)
		judged[tt.row] = true
		if got, words := r.judge(tt.mode, tt.answers); got != tt.want {
			t.Errorf("%s, %s: %s (%s), want %s", tt.row, tt.mode, got, words, tt.want)
		}
	}
	for _, r := range rows() {
		if !judged[r.name] {
			t.Errorf("row %q has no case", r.name)
		}
	}
}
