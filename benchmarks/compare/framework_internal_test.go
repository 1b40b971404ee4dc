package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every row of the table is whole, and its service is there.
func TestFrameworks(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range frameworks() {
		if info, err := os.Stat(filepath.Join("services", f.source)); err != nil || !info.IsDir() {
			t.Errorf("%s: no service: %v", f.name, err)
		}
		if seen[f.source] || seen[f.name] {
			t.Errorf("%s comes twice", f.name)
		}
		seen[f.source], seen[f.name] = true, true
		if f.version == "" || f.language == "" || f.runtime == "" || len(f.command) == 0 || len(f.packaged) == 0 || len(f.needs) == 0 {
			t.Errorf("%s lacks something: %+v", f.name, f)
		}
	}
}

func TestChoose(t *testing.T) {
	all := []framework{{source: "a", language: "Go"}, {source: "b", language: "Rust"}, {source: "c", language: "Go"}}
	tests := []struct {
		name          string
		only          string
		quick         bool
		want, unknown []string
	}{
		{"all", "", false, []string{"a", "b", "c"}, nil},
		{"quick means Go", "", true, []string{"a", "c"}, nil},
		{"named ones", "c, b", false, []string{"b", "c"}, nil},
		{"named ones win over quick", "b", true, []string{"b"}, nil},
		{"an unknown one", "b,d", false, []string{"b"}, []string{"d"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			chosen, unknown := choose(all, tt.only, tt.quick)
			var got []string
			for _, f := range chosen {
				got = append(got, f.source)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || !slices.Equal(unknown, tt.unknown) {
				t.Errorf("%s\nunknown: %q", diff, unknown)
			}
		})
	}
}

func TestWorkshopFolders(t *testing.T) {
	w := &workshop{cache: "/c", module: "/r/benchmarks"}
	f := &framework{source: "s"}
	want := []string{"go", "/r/benchmarks", "/c/build/s/bootstrap", "/c/python"}
	if diff := cmp.Diff(want, w.expand(f, []string{"go", modulePlace, buildPlace + "/bootstrap", cachePlace + "/python"})); diff != "" {
		t.Error(diff)
	}
	if got := w.scrub("/c/build/s/app.py and /r/benchmarks/x and /r/router"); got != "{cache}/build/s/app.py and {module}/x and {repository}/router" {
		t.Error(got)
	}
}

// What was installed is not installed again until its source changes, and not at all when that is forbidden.
func TestMake(t *testing.T) {
	folder := t.TempDir()
	w := &workshop{
		cache: filepath.Join(folder, "cache"), module: filepath.Join(folder, "module"),
		services: filepath.Join(folder, "services"), progress: t.Output(),
	}
	f := &framework{
		source: "s", language: "shell", packaged: []string{"app", "made"},
		install: [][]string{{"sh", "-c", "echo once >>" + cachePlace + "/log"}, {"sh", "-c", "echo 12345 >made"}},
	}
	source := filepath.Join(w.services, "s")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(source, "app"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(source, 0o700); err != nil {
		t.Fatal(err)
	}
	write("first")
	w.offline = true
	if err := w.make(t.Context(), f); err == nil {
		t.Error("installed although that is forbidden")
	}
	w.offline = false
	for i, text := range []string{"first", "first", "second"} {
		write(text)
		if err := w.make(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(filepath.Join(w.cache, "log"))
		if want := []string{"once\n", "once\n", "once\nonce\n"}[i]; err != nil || string(log) != want {
			t.Errorf("after %q: installed %q, want %q (%v)", text, log, want, err)
		}
	}
	if size, err := w.size(f); err != nil || size != int64(len("second")+len("12345\n")) {
		t.Errorf("size %d, %v", size, err)
	}
	f.install = [][]string{{"sh", "-c", "echo because; exit 3"}}
	if err := w.make(t.Context(), f); err == nil || err.Error() != "sh: exit status 3: because" {
		t.Errorf("a failing command gives %v", err)
	}
}
