//go:build unix && !lambda.norpc

package guides_test

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports are the packages that a block without a package clause may use, by name.
var imports = map[string]string{
	"bytes": "bytes", "context": "context", "embed": "embed", "errors": "errors", "fmt": "fmt", "fs": "io/fs", "http": "net/http",
	"httptest": "net/http/httptest", "io": "io", "json": "encoding/json", "log": "log", "maps": "maps", "netip": "net/netip", "os": "os",
	"regexp": "regexp", "slices": "slices", "slog": "log/slog", "strconv": "strconv", "strings": "strings", "sync": "sync",
	"testing": "testing", "time": "time", "url": "net/url", "x509": "crypto/x509",

	"alb":        "github.com/albatross-go/albatross/router/alb",
	"albtest":    "github.com/albatross-go/albatross/router/albtest",
	"balancer":   "github.com/albatross-go/albatross/router/balancer",
	"binding":    "github.com/albatross-go/albatross/binding",
	"compress":   "github.com/albatross-go/albatross/middleware/compress",
	"metrics":    "github.com/albatross-go/albatross/middleware/metrics",
	"middleware": "github.com/albatross-go/albatross/middleware",
	"mtls":       "github.com/albatross-go/albatross/middleware/mtls",
	"oidc":       "github.com/albatross-go/albatross/middleware/oidc",
	"openapi":    "github.com/albatross-go/albatross/binding/openapi",
	"problem":    "github.com/albatross-go/albatross/router/problem",
	"router":     "github.com/albatross-go/albatross/router",
	"runtimeapi": "github.com/albatross-go/albatross/router/runtimeapi",

	"chi":           "github.com/go-chi/chi/v5",
	"cmp":           "github.com/google/go-cmp/cmp",
	"cors":          "github.com/rs/cors",
	"events":        "github.com/aws/aws-lambda-go/events",
	"lambda":        "github.com/aws/aws-lambda-go/lambda",
	"lambdacontext": "github.com/aws/aws-lambda-go/lambdacontext",
	"lambdaurl":     "github.com/aws/aws-lambda-go/lambdaurl",
	"zap":           "go.uber.org/zap",
	"zapcore":       "go.uber.org/zap/zapcore",

	"algnhsa":     "github.com/akrylysov/algnhsa",
	"chiadapter":  "github.com/awslabs/aws-lambda-go-api-proxy/chi",
	"core":        "github.com/awslabs/aws-lambda-go-api-proxy/core",
	"httpadapter": "github.com/awslabs/aws-lambda-go-api-proxy/httpadapter",
}

// prelude are the variables that a block without a package clause may use, by name. A handler's request is req: r is the router.
var prelude = map[string]string{
	"b":        "*testing.B",
	"ctx":      "context.Context",
	"event":    "[]byte",
	"h":        "http.Handler",
	"logger":   "*zap.Logger",
	"mux":      "*http.ServeMux",
	"r":        "*chi.Mux",
	"req":      "*http.Request",
	"response": "[]byte",
	"t":        "*testing.T",
	"w":        "http.ResponseWriter",
}

// A source is a block of Go as a file.
type source struct {
	*block
	whole    bool            // it has a package clause
	test     bool            // it has functions for go test
	pkg      string          // name of the package, for a whole file
	paths    []string        // what a whole file imports
	body     string          // a part, made into declarations
	declares map[string]bool // at the top level
	wants    []string        // what it uses and does not declare
	selects  map[string]bool // which of them stand before a dot
}

var testFunction = regexp.MustCompile(`(?m)^func (Test|Benchmark|Fuzz|Example)\w*\(`)

// newSource parses a block as a file, as declarations or as statements.
func newSource(t *testing.T, b *block) *source {
	t.Helper()
	if formatted, err := format.Source([]byte(b.text)); err != nil {
		t.Errorf("%s: %v", b.place(), err)
		return nil
	} else if string(formatted) != b.text {
		t.Errorf("%s: not formatted; gofmt makes of it\n%s", b.place(), formatted)
	}
	s := &source{block: b, whole: strings.HasPrefix(b.text, "package ") || strings.Contains(b.text, "\npackage ")}
	s.test = testFunction.MatchString(b.text)
	const clause = "package guide;"
	attempts := []string{clause + b.text, clause + "func _() {" + b.text + "\n}"}
	if s.whole {
		attempts = []string{b.text}
	}
	var file *ast.File
	var err error
	for i, text := range attempts {
		if file, err = parser.ParseFile(token.NewFileSet(), b.place(), text, 0); err != nil {
			continue
		}
		if s.body = strings.TrimPrefix(text, clause); i == 1 {
			s.body = strings.TrimPrefix(function(b.text, clause+"func _() {", file), clause)
		}
		break
	}
	if err != nil {
		t.Errorf("%s: neither a file, nor declarations, nor statements: %v", b.place(), err)
		return nil
	}
	s.pkg = file.Name.Name
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		s.paths = append(s.paths, path)
	}
	s.names(file)
	return s
}

// function makes a function of statements: one that returns an error if they do, and in which no variable is unused.
func function(text, before string, file *ast.File) string {
	body := file.Decls[0].(*ast.FuncDecl).Body
	result, last := "", "\n}"
	ast.Inspect(body, func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == 1 {
			result, last = " error", "\nreturn nil\n}"
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	})
	if len(body.List) > 0 {
		if _, ok := body.List[len(body.List)-1].(*ast.ReturnStmt); ok {
			last = "\n}"
		}
	}
	for _, statement := range slices.Backward(body.List) {
		uses := ""
		for _, name := range defined(statement) {
			uses += "; _ = " + name
		}
		end := int(statement.End()) - 1 - len(before)
		text = text[:end] + uses + text[end:]
	}
	return "func _()" + result + " {" + text + last
}

// defined are the variables that a statement declares in its block.
func defined(statement ast.Stmt) []string {
	var idents []*ast.Ident
	switch s := statement.(type) {
	case *ast.AssignStmt:
		if s.Tok == token.DEFINE {
			for _, left := range s.Lhs {
				idents = append(idents, left.(*ast.Ident))
			}
		}
	case *ast.DeclStmt:
		if decl := s.Decl.(*ast.GenDecl); decl.Tok == token.VAR {
			for _, spec := range decl.Specs {
				idents = append(idents, spec.(*ast.ValueSpec).Names...)
			}
		}
	}
	var names []string
	for _, ident := range idents {
		if ident.Name != "_" {
			names = append(names, ident.Name)
		}
	}
	return names
}

// names finds out what the file declares, and what it uses without declaring it.
func (s *source) names(file *ast.File) {
	s.declares, s.selects = make(map[string]bool), make(map[string]bool)
	for _, decl := range file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				s.declares[decl.Name.Name] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					s.declares[spec.Name.Name] = true
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						s.declares[name.Name] = true
					}
				}
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if ident, ok := selector.X.(*ast.Ident); ok {
				s.selects[ident.Name] = true
			}
		}
		return true
	})
	wanted := make(map[string]bool)
	for _, ident := range file.Unresolved {
		wanted[ident.Name] = !s.declares[ident.Name]
	}
	s.wants = slices.DeleteFunc(slices.Sorted(maps.Keys(wanted)), func(name string) bool { return !wanted[name] })
}

// file is the block as a file of package pkg, and the paths that it imports. What of other blocks is in the same package is in known.
func (s *source) file(pkg string, known map[string]bool) (text string, paths []string) {
	line := fmt.Sprintf("//line %s:%d\n", s.guide+".md", s.line)
	if s.whole {
		return line + s.text, s.paths
	}
	var head strings.Builder
	named := make(map[string]bool)
	for _, name := range s.wants {
		if kind, ok := prelude[name]; ok && !known[name] {
			fmt.Fprintf(&head, "var %s %s\n", name, kind)
			if pkg, _, dot := strings.Cut(strings.TrimPrefix(kind, "*"), "."); dot {
				named[pkg] = true
			}
		} else if imports[name] != "" && s.selects[name] && !known[name] {
			named[name] = true
		}
	}
	var clause strings.Builder
	fmt.Fprintf(&clause, "package %s\n", pkg)
	for _, name := range slices.Sorted(maps.Keys(named)) {
		fmt.Fprintf(&clause, "import %s %q\n", name, imports[name])
		paths = append(paths, imports[name])
	}
	return clause.String() + head.String() + line + s.body, paths
}
