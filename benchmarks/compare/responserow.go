package main

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/benchmarks/compare/internal/content"
)

// headerModeRow is whether answers arrive at all. It is tried first: what does not answer in a mode is not asked further in it.
func headerModeRow() row {
	return row{
		name: "header mode", byALB: true,
		expected: "the event is understood and the answer's headers are in the family that the target group reads, so that its content " +
			"type arrives",
		requests: []request{{method: "GET", target: "/items/7"}},
		judge: judgeFirst(func(_ mode, a answer) bool {
			return a.status == http.StatusOK && isType(a, "application/json") && a.isJSON()
		}),
	}
}

// responseRows are about what the framework answers.
func responseRows() []row {
	return []row{
		{
			name: "two cookies",
			expected: "both arrive, each with its attributes; with single-value headers that takes names that differ in case, which works " +
				"and which AWS does not promise",
			requests: []request{{method: "GET", target: "/cookies"}},
			judge:    judgeCookies,
		},
		{
			name:     "binary response",
			expected: "64 KB that look like a PNG arrive as they were sent",
			requests: []request{{method: "GET", target: "/binary"}},
			judge: func(_ mode, answers []answer) (verdict, string) {
				a := answers[0]
				if a.reason != "" {
					return wrong, a.summary()
				}
				same := bytes.Equal(a.body, content.Image())
				got := fmt.Sprintf("%d %s, %d bytes, equal: %t", a.status, a.header.Get("Content-Type"), len(a.body), same)
				return verdictOf(a.status == http.StatusOK && same && isType(a, "image/png")), got
			},
		},
		{
			name: "over 1 MB", byALB: true,
			expected: "a response larger than the load balancer takes: an error of the function with a word on why, in the body or the log",
			requests: []request{{method: "GET", target: "/huge"}},
			judge: judgeFirst(func(_ mode, a answer) bool {
				return a.reason == "" && a.status >= 400 && len(a.body)+len(a.output) > 0
			}),
		},
		{
			name:     "exception",
			expected: "a 5xx of the function's own that keeps the exception's text to itself",
			requests: []request{{method: "GET", target: "/panic"}},
			judge: judgeFirst(func(_ mode, a answer) bool {
				return a.reason == "" && a.status >= 500 && !bytes.Contains(a.body, []byte("secret detail 4711"))
			}),
		},
		{
			name: "HEAD", byALB: true,
			expected: "where GET is served: 200 and the content type, without a body",
			requests: []request{{method: "HEAD", target: "/items/7"}},
			judge: judgeFirst(func(_ mode, a answer) bool {
				return a.status == http.StatusOK && len(a.body) == 0 && isType(a, "application/json")
			}),
		},
		{
			name: "wrong method", byALB: true,
			expected: "`DELETE /items/7`: 405 with `Allow`",
			requests: []request{{method: "DELETE", target: "/items/7"}},
			judge: func(_ mode, answers []answer) (verdict, string) {
				a := answers[0]
				got := a.summary()
				if a.reason == "" {
					got += fmt.Sprintf(", Allow: %q", a.header.Get("Allow"))
				}
				return verdictOf(a.status == http.StatusMethodNotAllowed && strings.Contains(a.header.Get("Allow"), "GET")), got
			},
		},
		{
			name: "unknown route", byALB: true,
			expected: "404",
			requests: []request{{method: "GET", target: "/nowhere"}},
			judge:    judgeFirst(func(_ mode, a answer) bool { return a.reason == "" && a.status == http.StatusNotFound }),
		},
		{
			name:     "redirect",
			expected: "302 with the `Location` that the service gave",
			requests: []request{{method: "GET", target: "/redirect"}},
			judge: func(_ mode, answers []answer) (verdict, string) {
				a := answers[0]
				location := a.header.Get("Location")
				if a.reason != "" {
					return wrong, a.summary()
				}
				return verdictOf(a.status == http.StatusFound && location == "/whatismyip"), fmt.Sprintf("%d, Location: %q", a.status, location)
			},
		},
	}
}

func isType(a answer, mediaType string) bool {
	essence, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(essence), mediaType)
}

// judgeCookies takes the attributes in any order and case, as RFC 6265 does.
func judgeCookies(_ mode, answers []answer) (verdict, string) {
	a := answers[0]
	if a.reason != "" {
		return wrong, a.summary()
	}
	lines := a.header.Values("Set-Cookie")
	var cookies []string
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			return wrong, fmt.Sprintf("%q", lines)
		}
		cookies = append(cookies, fmt.Sprintf("%s=%s path=%s httponly=%t", c.Name, c.Value, c.Path, c.HttpOnly))
	}
	slices.Sort(cookies)
	want := []string{"a=1 path=/ httponly=false", "b=2 path=/ httponly=true"}
	return verdictOf(a.status == http.StatusOK && slices.Equal(cookies, want)), fmt.Sprintf("%d, Set-Cookie: %q", a.status, lines)
}
