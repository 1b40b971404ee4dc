package function

import (
	"path/filepath"
	"testing"
)

func TestSources(t *testing.T) {
	root := t.TempDir()
	at := func(path string) string { return filepath.Join(root, filepath.FromSlash(path)) }
	s := &sources{
		files:   map[string]bool{at("go.mod"): true, at("api/.env"): true},
		folders: map[string]bool{at("api"): true, at("lib/text"): true},
		trees:   []string{at("scripts")},
		any:     []string{at("data")},
	}
	for _, tt := range []struct {
		path            string
		concerns, holds bool
	}{
		{"go.mod", true, false},
		{"go.sum", false, false},
		{"api/main.go", true, false},
		{"api/.env", true, false},
		{"api/main_test.go", false, false},
		{"api/README.md", false, false},
		{"api/sub/other.go", false, false},
		{"api", false, true},
		{"lib", false, true},
		{"lib/text", false, true},
		{"library", false, false},
		{"scripts/app.py", true, false},
		{"scripts/deep/app.mjs", true, false},
		{"scripts/app.pyc", false, false},
		{"scripts/.app.py", false, false},
		{"scripts/app.py~", false, false},
		{"data/any/thing", true, false},
		{"data/.hidden", false, false},
		{"database", false, false},
	} {
		if got := s.concerns(at(tt.path)); got != tt.concerns {
			t.Errorf("concerns(%s) is %v", tt.path, got)
		}
		if got := s.holds(at(tt.path)); got != tt.holds {
			t.Errorf("holds(%s) is %v", tt.path, got)
		}
	}
}
