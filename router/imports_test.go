package router_test

import (
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/albatross-go/albatross/"

// imports says, for each package of the module, what it may import besides the standard library. A pattern is that of
// [path.Match], and without a host it is meant within the module. Tests may import anything.
//
// The two sides of the load balancer are written separately, so that each checks the other.
var imports = map[string][]string{
	"binding":                    {"github.com/go-chi/chi/v5", "binding/internal/operation", "binding/internal/schema", "router/problem"},
	"binding/internal/operation": {"binding/internal/schema"},
	"binding/internal/schema":    {},
	"binding/openapi":            {"github.com/go-chi/chi/v5", "binding/internal/operation", "binding/internal/schema", "router/problem"},
	"middleware": {
		"github.com/aws/aws-lambda-go/lambdacontext", "github.com/go-chi/chi/v5", "github.com/rs/cors", "go.uber.org/zap", "go.uber.org/zap/*",
		"middleware/internal/response", "router/alb", "router/problem",
	},
	"middleware/compress":          {"github.com/klauspost/compress/*", "github.com/klauspost/compress/gzhttp/writer/*", "middleware/internal/response", "router/alb"},
	"middleware/internal/response": {},
	"middleware/mtls":              {"router/problem"},
	"middleware/oidc":              {"github.com/golang-jwt/jwt/v5", "router/problem"},
	"middleware/metrics":           {"github.com/aws/aws-lambda-go/lambdacontext", "github.com/go-chi/chi/v5", "middleware/internal/response", "router/alb"},
	"router":                       {"github.com/aws/aws-lambda-go/*", "github.com/go-chi/chi/v5", "router/alb", "router/balancer", "router/problem"},
	"router/alb":                   {"github.com/aws/aws-lambda-go/*", "router/problem"},
	"router/albtest":               {"router/alb", "router/balancer"},
	"router/balancer":              {"github.com/aws/aws-lambda-go/lambda"},
	"router/problem":               {},
	"router/runtimeapi":            {"github.com/aws/aws-lambda-go/*"},
}

// tool is what the packages of cmd/albatross may import, besides each other.
var tool = []string{
	"github.com/aws/aws-lambda-go/*", "github.com/fsnotify/fsnotify", "github.com/spf13/cobra", "github.com/spf13/pflag",
	"go.yaml.in/yaml/v3", "router", "router/*",
}

// programs may import whatever is in the module.
const programs = "examples/*"

func TestImports(t *testing.T) {
	for _, tags := range []string{"", "lambda.norpc"} {
		for _, p := range list(t, tags, "./...") {
			name := strings.TrimPrefix(p.path, module)
			allowed, ok := imports[name]
			switch {
			case matches(programs, name):
				continue
			case isTool(name):
				allowed = tool
			case !ok:
				t.Errorf("%s is not in the table of imports; add what it may import", name)
			}
			for _, imported := range p.imports {
				if isTool(name) && isTool(strings.TrimPrefix(imported, module)) {
					continue
				}
				if !isStandard(imported) && !slices.ContainsFunc(allowed, func(pattern string) bool { return matches(pattern, imported) }) {
					t.Errorf("%s imports %s (tags %q)", name, imported, tags)
				}
			}
		}
	}
}

// What costs a program its size or its start: profilers, which chi/middleware links, and templates, which stop the linker
// from leaving unused methods out.
func TestDependencies(t *testing.T) {
	tests := []struct {
		name, tags, pattern string
		forbidden           []string
	}{
		{"every package", "", "./...", []string{"expvar", "github.com/go-chi/chi/v5/middleware", "net/http/pprof"}},
		{"a bootstrap", "lambda.norpc", "./router/testdata/defaults", []string{
			"expvar", "github.com/go-chi/chi/v5/middleware", "html/template", "net/http/httptest", "net/http/pprof", "net/rpc", "testing", "text/template",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, p := range list(t, tt.tags, tt.pattern) {
				for _, dependency := range p.dependencies {
					if slices.Contains(tt.forbidden, dependency) {
						t.Errorf("%s links %s", p.path, dependency)
					}
				}
			}
		})
	}
}

// Who imports the library links nothing of the tool, nor what only the tool needs.
func TestLibraryWithoutTool(t *testing.T) {
	for _, p := range list(t, "", "./...") {
		name := strings.TrimPrefix(p.path, module)
		if isTool(name) || matches(programs, name) {
			continue
		}
		for _, dependency := range p.dependencies {
			switch host, _, _ := strings.Cut(strings.TrimPrefix(dependency, "github.com/"), "/"); {
			case isTool(strings.TrimPrefix(dependency, module)), host == "fsnotify", host == "spf13", host == "go.yaml.in", host == "gopkg.in":
				t.Errorf("%s links %s", name, dependency)
			}
		}
	}
}

// isTool reports whether a package of the module belongs to a program of cmd.
func isTool(name string) bool { return strings.HasPrefix(name, "cmd/") }

// goPackage is a package as go list sees it on Linux, without its tests.
type goPackage struct {
	path                  string
	imports, dependencies []string // the latter are the imports, theirs, and so on
}

func list(t *testing.T, tags, pattern string) []goPackage {
	t.Helper()
	watch(t)
	cmd := exec.CommandContext(t.Context(), "go", "list", "-tags", tags,
		"-f", `{{.ImportPath}};{{join .Imports " "}};{{join .Deps " "}}`, pattern)
	cmd.Dir = ".."
	cmd.Env = append(cmd.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		if exit, ok := err.(*exec.ExitError); ok {
			t.Fatalf("%v: %s", cmd, exit.Stderr)
		}
		t.Fatal(err)
	}
	var packages []goPackage
	for line := range strings.Lines(string(out)) {
		field := strings.Split(strings.TrimSpace(line), ";")
		packages = append(packages, goPackage{field[0], strings.Fields(field[1]), strings.Fields(field[2])})
	}
	if len(packages) == 0 {
		t.Fatalf("%v lists nothing", cmd)
	}
	return packages
}

// watch keeps go test from answering out of its cache after a change to any file of the module: it knows which folders and
// files a test opens, and not what go list and go build read for it.
func watch(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != ".." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isStandard knows the standard library by its paths, which begin with no host.
func isStandard(importPath string) bool {
	host, _, _ := strings.Cut(importPath, "/")
	return !strings.Contains(host, ".")
}

func matches(pattern, importPath string) bool {
	ok, err := path.Match(pattern, strings.TrimPrefix(importPath, module))
	return ok && err == nil
}
