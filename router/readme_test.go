//go:build unix && !lambda.norpc

package router_test

import (
	"encoding/xml"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router/balancer"
)

// The program in README.md compiles, and answers as the session after it shows.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, rest := block(t, string(readme), "go")
	session, _ := block(t, rest, "console")

	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "main")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	build(t, binary, source)
	p := startCommand(t, command(t, binary))

	calls := strings.Split(session, "$ curl localhost:8080")[1:]
	if len(calls) == 0 {
		t.Errorf("no calls in %s", session)
	}
	for _, call := range calls {
		target, want, _ := strings.Cut(call, "\n")
		if _, got := get(t, p.url+target); strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
			t.Errorf("%s is answered with %q, the session has %q", target, got, want)
		}
	}
}

// The picture in README.md shows what the load balancer says of such a response.
func TestReadmePicture(t *testing.T) {
	const file = "../examples/guides/why-502.svg"
	picture, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var svg struct {
		Text  []string `xml:"text"`
		Group struct {
			Text []struct {
				Inner string `xml:",innerxml"`
			} `xml:"text"`
		} `xml:"g"`
	}
	if err := xml.Unmarshal(picture, &svg); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, line := range svg.Group.Text {
		lines = append(lines, regexp.MustCompile(`<[^>]*>`).ReplaceAllString(line.Inner, ""))
	}

	nilMaps := lambda.NewHandler(func() (events.ALBTargetGroupResponse, error) {
		return events.ALBTargetGroupResponse{StatusCode: http.StatusOK, Body: "hello"}, nil
	})
	var terminal strings.Builder
	b := balancer.New(nilMaps, balancer.WithErrorLog(log.New(&terminal, "", 0)))
	client := httptest.NewRecorder()
	b.ServeHTTP(client, httptest.NewRequest(http.MethodGet, "/hello", nil))

	if told, _, _ := strings.Cut(terminal.String(), "\n"); told != strings.Join(lines, " ") {
		t.Errorf("the terminal shows %q, %s has %q", told, file, lines)
	}
	if _, page, _ := strings.Cut(client.Body.String(), "<h1>"); !strings.HasPrefix(page, "502 Bad Gateway</h1>") || !slices.Contains(svg.Text, "502 Bad Gateway") {
		t.Errorf("the browser shows %s, %s has %q", client.Body, file, svg.Text)
	}
}

// block returns the first code block of that language and what follows it.
func block(t *testing.T, markdown, language string) (code, rest string) {
	t.Helper()
	_, after, found := strings.Cut(markdown, "\n```"+language+"\n")
	code, rest, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatalf("no block of %s in README.md", language)
	}
	return code, rest
}
