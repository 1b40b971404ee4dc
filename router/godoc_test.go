package router_test

import (
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// What pkg.go.dev shows of the public packages is complete: every export says what it is, every package has a program, and every
// example shows what it prints or says why it does not.
func TestGodoc(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(imports)) {
		if strings.Contains(name, "internal/") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			p, fset, err := docOf(filepath.Join("..", filepath.FromSlash(name)), module+name)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range slices.Concat(undocumented(p, fset), silentExamples(p)) {
				t.Error(fault)
			}
			program := docProgram(p)
			switch {
			case program != "":
				vetProgram(t, program)
			case !hasProgramExample(p):
				t.Error("no program: neither a package main in the package's doc nor an Example of the package that is whole by itself")
			}
		})
	}
}

// The test above notices what it is there for.
func TestGodocFaults(t *testing.T) {
	tests := []struct {
		name, source, example string
		want                  []string
	}{
		{"nothing to say against", `// Package p is p.
package p

// A is a.
type A struct {
	B int // is b
	c int
}

// D is d.
func (A) D() {}

func (A) e() {}

type f struct{ G int }

// H and I are constants.
const (
	H = iota
	I
)
`, "// It has no output: there is nothing to print.\nfunc Example() {}", nil},
		{"the package", "package p\n", "", []string{"package p"}},
		{"a function", "// Package p.\npackage p\nfunc A() {}\n", "", []string{"func A"}},
		{"a type", "// Package p.\npackage p\ntype A int\n", "", []string{"type A"}},
		{"a function that belongs to a type", "// Package p.\npackage p\n// A is a.\ntype A int\nfunc New() A { return 0 }\n", "", []string{"func New"}},
		{"a method", "// Package p.\npackage p\n// A is a.\ntype A int\nfunc (*A) B() {}\n", "", []string{"method A.B"}},
		{"a field", "// Package p.\npackage p\n// A is a.\ntype A struct{ B, C int }\n", "", []string{"field A.B", "field A.C"}},
		{"a method of an interface", "// Package p.\npackage p\n// A is a.\ntype A interface{ B(); c() }\n", "", []string{"method A.B"}},
		{"a constant", "// Package p.\npackage p\nconst A = 1\n", "", []string{"A"}},
		{"a variable in a group", "// Package p.\npackage p\nvar (\n\tA = 1 // is a\n\tB = 2\n\tc = 3\n)\n", "", []string{"B"}},
		{"a constant of a type", "// Package p.\npackage p\n// A is a.\ntype A int\nconst B A = 1\n", "", []string{"B"}},
		{"an example", "// Package p.\npackage p\n", "// It shows something.\nfunc Example() {}", []string{"Example"}},
		{"an example of a function", "// Package p.\npackage p\n// A is a.\nfunc A() {}\n", "func ExampleA() {}", []string{"ExampleA"}},
		{"an example of a method", "// Package p.\npackage p\n// A is a.\ntype A int\n// B is b.\nfunc (A) B() {}\n", "func ExampleA_B() {}", []string{"ExampleA_B"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fset := token.NewFileSet()
			var files []*ast.File
			for name, source := range map[string]string{"p.go": tt.source, "p_test.go": "package p_test\n\n" + tt.example + "\n"} {
				f, err := parser.ParseFile(fset, name, source, parser.ParseComments)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, f)
			}
			p, err := doc.NewFromFiles(fset, files, "p")
			if err != nil {
				t.Fatal(err)
			}
			got := slices.Concat(undocumented(p, fset), silentExamples(p))
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want+" has no ") {
					t.Errorf("got %q, want %q", got[i], want)
				}
			}
		})
	}
}

func TestDocProgram(t *testing.T) {
	tests := []struct {
		name, doc string
		found     bool
	}{
		{"a program", "Package p.\n\n\tpackage main\n\n\tfunc main() {}\n", true},
		{"behind other code", "Package p.\n\n\tp.A()\n\nor\n\n\tpackage main\n\n\tfunc main() {}\n", true},
		{"a part of one", "Package p.\n\n\tfunc main() {}\n", false},
		{"none", "Package p.\n", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := docProgram(&doc.Package{Doc: tt.doc}); (got != "") != tt.found {
				t.Errorf("got %q", got)
			}
		})
	}
}

// docOf reads a package and its tests as pkg.go.dev does, on Linux and without build tags.
func docOf(dir, path string) (*doc.Package, *token.FileSet, error) {
	system := gobuild.Default
	system.GOOS, system.GOARCH, system.CgoEnabled, system.BuildTags = "linux", "amd64", false, nil
	p, err := system.ImportDir(dir, 0)
	if err != nil {
		return nil, nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.TestGoFiles, p.XTestGoFiles) {
		f, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	d, err := doc.NewFromFiles(fset, files, path)
	return d, fset, err
}

// undocumented lists the exports without a comment, with their places.
func undocumented(p *doc.Package, fset *token.FileSet) []string {
	var faults []string
	report := func(n ast.Node, what string) {
		faults = append(faults, fmt.Sprintf("%v: %s has no comment", fset.Position(n.Pos()), what))
	}
	functions := func(kind string, list []*doc.Func) {
		for _, f := range list {
			if f.Doc == "" {
				report(f.Decl, kind+f.Name)
			}
		}
	}
	values := func(list []*doc.Value) {
		for _, v := range list {
			for _, spec := range v.Decl.Specs {
				s := spec.(*ast.ValueSpec)
				for _, name := range s.Names {
					if name.IsExported() && v.Doc == "" && s.Doc == nil && s.Comment == nil {
						report(name, name.Name)
					}
				}
			}
		}
	}

	if p.Doc == "" {
		faults = append(faults, "package "+p.Name+" has no comment")
	}
	values(p.Consts)
	values(p.Vars)
	functions("func ", p.Funcs)
	for _, t := range p.Types {
		if t.Doc == "" {
			report(t.Decl, "type "+t.Name)
		}
		values(t.Consts)
		values(t.Vars)
		functions("func ", t.Funcs)
		functions("method "+t.Name+".", t.Methods)
		for kind, member := range members(t) {
			if member.Doc == nil && member.Comment == nil {
				for _, name := range member.Names {
					if name.IsExported() {
						report(name, kind+" "+t.Name+"."+name.Name)
					}
				}
			}
		}
	}
	return faults
}

// members yields the fields of a struct type and the methods of an interface type. What is embedded has no name, and the comment of
// its own type.
func members(t *doc.Type) func(yield func(kind string, member *ast.Field) bool) {
	return func(yield func(string, *ast.Field) bool) {
		for _, spec := range t.Decl.Specs {
			var kind string
			var list *ast.FieldList
			switch typ := spec.(*ast.TypeSpec).Type.(type) {
			case *ast.StructType:
				kind, list = "field", typ.Fields
			case *ast.InterfaceType:
				kind, list = "method", typ.Methods
			default:
				continue
			}
			for _, member := range list.List {
				if !yield(kind, member) {
					return
				}
			}
		}
	}
}

// silentExamples lists the examples that print nothing, so that go test does not run them, and whose comment does not say why.
func silentExamples(p *doc.Package) []string {
	var faults []string
	for _, e := range examples(p) {
		if e.Output == "" && !e.EmptyOutput && !strings.Contains(e.Doc, "no output:") {
			faults = append(faults, "Example"+e.Name+` has no output, and no comment with "It has no output: " and the reason`)
		}
	}
	return faults
}

// examples returns those of the package, its functions, its types and their methods.
func examples(p *doc.Package) []*doc.Example {
	all := slices.Clone(p.Examples)
	for _, f := range p.Funcs {
		all = append(all, f.Examples...)
	}
	for _, t := range p.Types {
		all = append(all, t.Examples...)
		for _, f := range slices.Concat(t.Funcs, t.Methods) {
			all = append(all, f.Examples...)
		}
	}
	return all
}

// hasProgramExample reports whether an example of the package itself is a program without the rest of its file.
func hasProgramExample(p *doc.Package) bool {
	return slices.ContainsFunc(p.Examples, func(e *doc.Example) bool { return e.Play != nil })
}

// docProgram returns the program in a package's doc, or "".
func docProgram(p *doc.Package) string {
	for _, block := range new(comment.Parser).Parse(p.Doc).Content {
		if code, ok := block.(*comment.Code); ok && strings.HasPrefix(code.Text, "package main\n") {
			return code.Text
		}
	}
	return ""
}

// vetProgram fails the test unless the program compiles within the module and go vet has nothing against it.
func vetProgram(t *testing.T, program string) {
	t.Helper()
	watch(t)
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "vet", file)
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
