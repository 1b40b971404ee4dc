//go:build unix && !lambda.norpc

package guides_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A workshop is where the Go of the guides is built: modules outside of the repository that require it, as a reader's would.
type workshop struct {
	modules  []*module
	packages map[*block]*goPackage // by the file that began it
}

// A module has the requirements of one of the repository's modules, so that nothing is looked up.
type module struct {
	dir      string
	requires []string // paths of modules
	packages []string // to be vetted, as ./name
}

// A goPackage is the folder of one block, with the tests and the earlier blocks that belong to it.
type goPackage struct {
	dir     string
	sources []*source
}

func TestGo(t *testing.T) {
	w := newWorkshop(t)
	for _, g := range readGuides(t) {
		w.add(t, g)
	}
	for _, m := range w.modules {
		if len(m.packages) == 0 {
			continue
		}
		if out, err := m.goCommand(t.Context(), ".", append([]string{"vet"}, m.packages...)...).CombinedOutput(); err != nil {
			t.Errorf("go vet: %s", out)
		}
	}
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	w := &workshop{packages: make(map[*block]*goPackage)}
	for _, model := range []string{".", "benchmarks"} { // the second one requires the frameworks that guides lead away from
		m := &module{dir: t.TempDir()}
		for _, name := range []string{"go.mod", "go.sum"} {
			text, err := os.ReadFile(filepath.Join(root, model, name))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(m.dir, name), string(text))
			if name == "go.mod" {
				for _, match := range regexp.MustCompile(`(?m)^(?:require)?\s+(\S+\.\S+) v`).FindAllStringSubmatch(string(text), -1) {
					m.requires = append(m.requires, match[1])
				}
			}
		}
		const albatross = "github.com/albatross-go/albatross"
		m.requires = append(m.requires, albatross)
		edit := m.goCommand(t.Context(), ".", "mod", "edit", "-module=example.com/guide", "-require="+albatross+"@v0.0.0",
			"-replace="+albatross+"="+repository)
		if out, err := edit.CombinedOutput(); err != nil {
			t.Fatalf("go mod edit: %s", out)
		}
		w.modules = append(w.modules, m)
	}
	return w
}

// goCommand is the go command in a folder of the module.
func (m *module) goCommand(ctx context.Context, dir string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = filepath.Join(m.dir, dir)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
	return cmd
}

// add writes the guide's blocks of Go into packages.
func (w *workshop) add(t *testing.T, g *guide) {
	t.Helper()
	var earlier []*source
	var last *goPackage
	for _, b := range g.blocks {
		if b.language != "go" {
			continue
		}
		s := newSource(t, b)
		if s == nil {
			continue
		}
		switch {
		case s.whole && s.test && last != nil && strings.TrimSuffix(s.pkg, "_test") == last.sources[0].pkg:
			w.packages[b] = last
			last.sources = append(last.sources, s)
		default:
			p := &goPackage{dir: b.id(), sources: append([]*source{s}, s.needed(earlier)...)}
			w.packages[b] = p
			if s.whole {
				last = p
			}
		}
		if !s.test {
			earlier = append(earlier, s)
		}
	}
	written := make(map[*goPackage]bool)
	for _, p := range w.packages {
		if !written[p] && p.sources[0].guide == g.name {
			w.write(t, p)
			written[p] = true
		}
	}
}

// needed are the earlier blocks, the nearest first, that declare what this one uses, and what those use.
func (s *source) needed(earlier []*source) []*source {
	if s.whole {
		return nil
	}
	var found []*source
	known := maps.Clone(s.declares)
	wants := slices.Clone(s.wants)
	for len(wants) > 0 {
		want := wants[0]
		wants = wants[1:]
		if known[want] {
			continue
		}
		for _, e := range slices.Backward(earlier) {
			if e.declares[want] {
				found = append(found, e)
				maps.Copy(known, e.declares)
				if !e.whole {
					wants = append(wants, e.wants...)
				}
				break
			}
		}
	}
	return found
}

// write puts the package into the first module that requires all it imports.
func (w *workshop) write(t *testing.T, p *goPackage) {
	t.Helper()
	pkg := "guide"
	known := make(map[string]bool)
	for _, s := range p.sources {
		if s.whole && !strings.HasSuffix(s.pkg, "_test") {
			pkg = s.pkg
		}
		if !s.whole {
			maps.Copy(known, s.declares)
		}
	}
	for _, s := range p.sources[1:] {
		maps.Copy(known, s.declares)
	}
	texts := make(map[string]string)
	var paths []string
	for _, s := range p.sources {
		text, imported := s.file(pkg, known)
		paths = append(paths, imported...)
		name := s.id() + ".go"
		if s.test {
			name = s.id() + "_test.go"
		}
		texts[name] = text
	}
	for _, m := range w.modules {
		if slices.ContainsFunc(paths, func(path string) bool { return !m.has(path) }) {
			continue
		}
		for name, text := range texts {
			write(t, filepath.Join(m.dir, p.dir, name), text)
		}
		m.packages = append(m.packages, "./"+p.dir)
		p.dir = filepath.Join(m.dir, p.dir)
		return
	}
	t.Errorf("%s: no go.mod of the repository requires all of %q", p.sources[0].place(), paths)
}

// has reports whether the package is of the standard library or of a module that m requires.
func (m *module) has(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".") || slices.ContainsFunc(m.requires, func(module string) bool {
		return path == module || strings.HasPrefix(path, module+"/")
	})
}
