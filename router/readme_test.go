//go:build unix && !lambda.norpc

package router_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
