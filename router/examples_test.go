package router_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// An example is short, tested behind the load balancer, and found in examples/README.md with the command that runs it. Short is each
// file, and the program as a whole without comments and blank lines, but for two services of many routes.
func TestExamples(t *testing.T) {
	const mostLines = 200
	services := []string{"orders", "orders-sql"}
	readme, err := os.ReadFile("../examples/README.md")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob("../examples/*")
	if err != nil {
		t.Fatal(err)
	}
	programs := 0
	for _, folder := range folders {
		name, tested, longest, program := filepath.Base(folder), false, 0, 0
		for _, f := range parse(t, folder) {
			longest = max(longest, f.lines)
			switch {
			case strings.HasSuffix(f.name, "_test.go"):
				tested = tested || slices.ContainsFunc(f.syntax.Imports, isAlbtest)
			case f.syntax.Name.Name == "main":
				program += f.code
			}
		}
		if program == 0 {
			continue
		}
		programs++
		if longest > mostLines || program > mostLines && !slices.Contains(services, name) {
			t.Errorf("%s has a file of %d lines and a program of %d lines of code, want at most %d", name, longest, program, mostLines)
		}
		if !tested {
			t.Errorf("%s has no test that uses albtest", name)
		}
		command := "`go run ./examples/" + name + "`"
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			command = "`cd examples/" + name + " && go run .`"
		}
		for _, part := range []string{"[" + name + "](" + name + ")", command} {
			if !strings.Contains(string(readme), part) {
				t.Errorf("examples/README.md does not have %s", part)
			}
		}
	}
	if programs == 0 {
		t.Error("there are no examples")
	}
}

// goFile is a file with the imports of its syntax, and nothing below them.
type goFile struct {
	name   string
	syntax *ast.File
	lines  int
	code   int // lines that are neither blank nor comment
}

func parse(t *testing.T, folder string) []goFile {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	files := make([]goFile, len(names))
	for i, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		files[i] = goFile{name, syntax, strings.Count(string(source), "\n"), 0}
		for line := range strings.Lines(string(source)) {
			if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "//") {
				files[i].code++
			}
		}
	}
	return files
}

func isAlbtest(spec *ast.ImportSpec) bool {
	path, err := strconv.Unquote(spec.Path.Value)
	return err == nil && path == module+"router/albtest"
}
