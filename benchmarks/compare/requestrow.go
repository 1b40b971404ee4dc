package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// requestRows are about what the framework makes of an event.
func requestRows() []row {
	return []row{
		{
			name: "query decoded once", byALB: true,
			expected: "the event's query is as the client sent it, `?q=a%2520b&r=a%20b`; the service sees `a%20b` and `a b`",
			requests: []request{{method: "GET", target: "/echo/query?q=a%2520b&r=a%20b"}},
			judge: judgeEcho(func(_ mode, e echo) bool {
				return slices.Equal(e.Query["q"], []string{"a%20b"}) && slices.Equal(e.Query["r"], []string{"a b"})
			}, query),
		},
		{
			name:     "repeated query keys",
			expected: "`?k=1&k=2`: both values with multi-value headers; without, the load balancer passes on the last",
			requests: []request{{method: "GET", target: "/echo/query?k=1&k=2"}},
			judge: judgeEcho(func(m mode, e echo) bool {
				return slices.Equal(e.Query["k"], perMode(m, []string{"2"}, []string{"1", "2"}))
			}, query),
		},
		{
			name: "plus sign", byALB: true,
			expected: "`/echo/a+b?q=a+b`: a space in the query, a plus sign in the path",
			requests: []request{{method: "GET", target: "/echo/a+b?q=a+b"}},
			judge: judgeEcho(func(_ mode, e echo) bool {
				return slices.Equal(e.Query["q"], []string{"a b"}) && e.Path == "/echo/a+b"
			}, func(e echo) any { return []any{e.Path, e.Query} }),
		},
		{
			name:     "empty query values",
			expected: "`?a=&b`: both keys are there, with empty values",
			requests: []request{{method: "GET", target: "/echo/query?a=&b"}},
			judge: judgeEcho(func(_ mode, e echo) bool {
				return slices.Equal(e.Query["a"], []string{""}) && slices.Equal(e.Query["b"], []string{""})
			}, query),
		},
		{
			name: "bad escape in the query", byALB: true,
			expected: "`?q=100%` is any client's to send: the text as it is, or a 4xx; never a 5xx or a lost value",
			requests: []request{{method: "GET", target: "/echo/query?q=100%"}},
			judge:    judgeBadEscape,
		},
		{
			name: "escaped slash in the path", byALB: true,
			expected: "`/items/a%2Fb` is the item `a/b`; a 4xx is marked as a refusal",
			requests: []request{{method: "GET", target: "/items/a%2Fb"}},
			judge:    judgeSlash,
		},
		{
			name:     "Host",
			expected: "the host that the client asked for",
			requests: []request{{method: "GET", target: "/echo/host"}},
			judge:    judgeEcho(func(_ mode, e echo) bool { return e.Host == host }, func(e echo) any { return e.Host }),
		},
		{
			name:     "client address",
			expected: "with a forged `X-Forwarded-For: 203.0.113.9`, still the address that the load balancer saw",
			requests: []request{{method: "GET", target: "/whatismyip", header: []string{"X-Forwarded-For: 203.0.113.9"}}},
			judge: judgeFirst(func(_ mode, a answer) bool {
				return a.status == http.StatusOK && strings.TrimSpace(string(a.body)) == "127.0.0.1"
			}),
		},
		{
			name:     "repeated request header",
			expected: "two `X-Test` lines: both values with multi-value headers, as two or as one list; without, the last",
			requests: []request{{method: "GET", target: "/echo/header", header: []string{"X-Test: 1", "X-Test: 2"}}},
			judge: judgeEcho(func(m mode, e echo) bool {
				list := strings.ReplaceAll(strings.Join(e.Test, ","), " ", "") // RFC 9110, section 5.3: the two forms mean the same
				return list == perMode(m, "2", "1,2")
			}, func(e echo) any { return e.Test }),
		},
		{
			name:     "binary request",
			expected: "4 KB of all byte values arrive as they were sent",
			requests: []request{{
				method: "POST", target: "/upload", header: []string{"Content-Type: application/octet-stream"}, body: allBytes(4096),
			}},
			judge: judgeFirst(func(_ mode, a answer) bool {
				return strings.TrimSpace(string(a.body)) == fmt.Sprintf("%x", sha256.Sum256([]byte(allBytes(4096))))
			}),
		},
		{
			name: "health check", byALB: true, health: true,
			expected: "the load balancer's own request, without Host and X-Forwarded-For: 200",
			judge:    judgeFirst(func(_ mode, a answer) bool { return a.status == http.StatusOK }),
		},
		{
			name:     "validation",
			expected: "a good item is a 201; broken JSON and values out of bounds are a 4xx with a JSON body",
			requests: []request{
				postItem(`{"name":"teapot","quantity":2}`), postItem(`{"name":`), postItem(`{"name":"","quantity":1000}`),
			},
			judge: judgeValidation,
		},
	}
}

func query(e echo) any { return e.Query }

func postItem(body string) request {
	return request{method: "POST", target: "/items", header: []string{"Content-Type: application/json"}, body: body}
}

// allBytes are n bytes in which every value occurs.
func allBytes(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}

func judgeBadEscape(_ mode, answers []answer) (verdict, string) {
	a := answers[0]
	if isClientError(a) {
		return right, a.summary()
	}
	e, ok := a.echo()
	if !ok {
		return wrong, a.summary()
	}
	return verdictOf(slices.Equal(e.Query["q"], []string{"100%"})), fmt.Sprintf("%q", e.Query)
}

func judgeSlash(_ mode, answers []answer) (verdict, string) {
	a := answers[0]
	var item struct{ ID string }
	switch {
	case a.status == http.StatusOK && json.Unmarshal(a.body, &item) == nil && item.ID == "a/b":
		return right, a.summary()
	case isClientError(a):
		return refused, a.summary()
	}
	return wrong, a.summary()
}

func judgeValidation(_ mode, answers []answer) (verdict, string) {
	var item struct {
		ID, Name string
		Quantity int
	}
	good := answers[0]
	if good.status != http.StatusCreated || json.Unmarshal(good.body, &item) != nil ||
		item.ID != "1" || item.Name != "teapot" || item.Quantity != 2 {
		return wrong, "a good item: " + good.summary()
	}
	for i, what := range []string{"broken JSON", "values out of bounds"} {
		if a := answers[i+1]; !isClientError(a) || !a.isJSON() {
			return wrong, what + ": " + a.summary()
		}
	}
	return right, fmt.Sprintf("%d, %d, %d", answers[0].status, answers[1].status, answers[2].status)
}

// isClientError says that the function, and not the load balancer, answered with a 4xx.
func isClientError(a answer) bool { return a.reason == "" && a.status >= 400 && a.status < 500 }
