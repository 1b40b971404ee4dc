package function

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// sources are the files and folders of which a change asks for a new generation.
type sources struct {
	files   map[string]bool
	folders map[string]bool // Go packages: their .go files, without tests
	trees   []string        // with all below: files of the extensions in scripts
	any     []string        // with all below: every file
}

// scripts are the extensions of what an interpreter reads.
var scripts = []string{".cjs", ".js", ".lua", ".mjs", ".node", ".php", ".py", ".rb", ".sh", ".so", ".ts", ".wasm"}

// concerns reports whether the path, which is absolute, is one of the sources.
func (s *sources) concerns(path string) bool {
	name := filepath.Base(path)
	switch {
	case s.files[path]:
		return true
	case s.folders[filepath.Dir(path)]:
		return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
	case strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~"):
		return false
	case slices.Contains(scripts, filepath.Ext(name)) && within(s.trees, path):
		return true
	default:
		return within(s.any, path)
	}
}

// holds reports whether a package's folder is at this path or below.
func (s *sources) holds(path string) bool {
	for folder := range s.folders {
		if within([]string{path}, folder) {
			return true
		}
	}
	return false
}

func within(trees []string, path string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool {
		rel, err := filepath.Rel(tree, path)
		return err == nil && filepath.IsLocal(rel)
	})
}

// sources finds out what to watch.
func (f *Function) sources() *sources {
	s := &sources{files: map[string]bool{}, folders: map[string]bool{}}
	for _, path := range f.spec.Watch {
		path = f.path(path)
		if isFolder(path) {
			s.any = append(s.any, path)
		} else {
			s.files[path] = true
		}
	}
	if f.spec.Package != "" {
		f.packageSources(s)
		return s
	}
	s.trees = append(s.trees, f.path("."))
	for i, arg := range f.spec.Command {
		path := f.path(arg)
		program := i == 0 && filepath.Base(arg) != arg && isFolder(filepath.Dir(path)) // which may yet have to be built
		if program || isFile(path) {
			s.files[path] = true
		}
	}
	return s
}

// path is absolute; relative ones are looked up where the function is.
func (f *Function) path(path string) string {
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.spec.Dir, path)
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
