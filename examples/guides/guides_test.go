//go:build unix && !lambda.norpc

// Package guides_test holds the guides of this folder to their word: every fenced block of every Markdown file is compiled, run or
// parsed, by the rule of its language.
//
//	go        compiled, vetted and formatted as by gofmt. A block with a package clause is a file of its own; one with tests joins the
//	          last file of its package. A block without is declarations or statements, which may use what earlier blocks of the guide
//	          declare, the packages in imports and the names in prelude, see gosource_test.go.
//	console   a session: lines with "$ " are run, with bash, in the folder of the last program above, and what follows has to be their
//	          output. See session_test.go.
//	shell     commands that need AWS or a network: bash -n, and no output.
//	json      parsed. An event is decoded, a response is judged by balancer.Explain. See json_test.go.
//	insights  a query of CloudWatch Logs Insights: its fields have to be those of a line that is really logged. See insights_test.go.
//	python    parsed by Python.
//	ts        parsed by esbuild, which is a Go program.
//	text      anything else, and unchecked: use it rarely.
//
// Another language, or none, is a mistake. A tool that is missing fails the tests where CI=true, else it skips that language.
package guides_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the folder of the repository.
const root = "../.."

var languages = []string{"go", "console", "shell", "json", "insights", "python", "ts", "text"}

// A guide is one Markdown file.
type guide struct {
	name   string // without .md
	blocks []*block
}

// A block is one fenced block of a guide.
type block struct {
	guide    string // name of its guide
	line     int    // of the first line between the fences, from 1
	language string
	text     string // between the fences, with the last line feed
	comment  string // what is in the HTML comment on the line before the fence
}

func (b *block) place() string { return b.guide + ".md:" + strconv.Itoa(b.line) }

// id is a name for files and folders.
func (b *block) id() string { return b.guide + "-" + strconv.Itoa(b.line) }

func TestLanguages(t *testing.T) {
	for _, g := range readGuides(t) {
		for _, b := range g.blocks {
			if !slices.Contains(languages, b.language) {
				t.Errorf("%s: a block of %q; the languages are %s", b.place(), b.language, strings.Join(languages, ", "))
			}
		}
	}
}

func TestShell(t *testing.T) {
	need(t, "bash")
	for _, b := range blocksOf(t, "shell") {
		if slices.ContainsFunc(strings.Split(b.text, "\n"), func(line string) bool { return strings.HasPrefix(line, "$ ") }) {
			t.Errorf("%s: shell has commands without a prompt and no output; a session is console", b.place())
		}
		cmd := exec.CommandContext(t.Context(), "bash", "-n")
		cmd.Stdin = strings.NewReader(b.text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %s", b.place(), out)
		}
	}
}

func TestPython(t *testing.T) {
	blocks := blocksOf(t, "python")
	need(t, "python3")
	for _, b := range blocks {
		cmd := exec.CommandContext(t.Context(), "python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())")
		cmd.Stdin = strings.NewReader(b.text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %s", b.place(), out)
		}
	}
}

// esbuild parses TypeScript. It needs neither Node.js nor a package.json.
const esbuild = "github.com/evanw/esbuild/cmd/esbuild@v0.28.2"

func TestTypeScript(t *testing.T) {
	blocks := blocksOf(t, "ts")
	if out, err := exec.CommandContext(t.Context(), "go", "run", esbuild, "--version").CombinedOutput(); err != nil {
		missing(t, "esbuild: "+string(out))
	}
	dir := t.TempDir()
	args := []string{"run", esbuild, "--log-level=warning", "--outdir=" + filepath.Join(dir, "out")}
	for _, b := range blocks {
		name := filepath.Join(dir, b.id()+".ts")
		write(t, name, b.text)
		args = append(args, name)
	}
	if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
		t.Errorf("%s", out)
	}
}

// readGuides reads the Markdown files of this folder.
func readGuides(t *testing.T) []*guide {
	t.Helper()
	names, err := filepath.Glob("*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no guides: %v", err)
	}
	var guides []*guide
	for _, name := range names {
		markdown, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		g := &guide{name: strings.TrimSuffix(name, ".md")}
		g.blocks = parse(t, g.name, string(markdown))
		guides = append(guides, g)
	}
	return guides
}

// blocksOf returns the blocks of one language, or ends the test if there are none.
func blocksOf(t *testing.T, language string) []*block {
	t.Helper()
	var found []*block
	for _, g := range readGuides(t) {
		for _, b := range g.blocks {
			if b.language == language {
				found = append(found, b)
			}
		}
	}
	if len(found) == 0 {
		t.Skip("no guide has a block of " + language)
	}
	return found
}

// parse finds the fenced blocks of a guide. A block in a list loses its indentation.
func parse(t *testing.T, name, markdown string) []*block {
	t.Helper()
	var blocks []*block
	var open *block
	var indent, comment string
	for i, line := range strings.Split(markdown, "\n") {
		bare := strings.TrimLeft(line, " ")
		language, fence := strings.CutPrefix(bare, "```")
		switch {
		case fence && open == nil:
			indent = line[:len(line)-len(bare)]
			open = &block{guide: name, line: i + 2, language: strings.TrimSpace(language), comment: comment}
		case fence && language == "":
			blocks, open, comment = append(blocks, open), nil, ""
		case open != nil:
			open.text += strings.TrimPrefix(line, indent) + "\n"
		case strings.HasPrefix(bare, "~~~"):
			t.Errorf("%s.md:%d: use ``` for fences", name, i+1)
		case bare != "":
			text, _ := strings.CutPrefix(bare, "<!--")
			if comment = ""; text != bare {
				comment = strings.TrimSpace(strings.TrimSuffix(text, "-->"))
			}
		}
	}
	if open != nil {
		t.Errorf("%s: the block is not closed", open.place())
	}
	return blocks
}

// need ends the test if a program is not on this machine.
func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		missing(t, program+" is not installed: install it, and run this again")
	}
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
