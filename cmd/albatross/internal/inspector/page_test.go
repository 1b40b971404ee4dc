package inspector_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every file that a file of the page names exists and has the right type.
func TestPageIsWhole(t *testing.T) {
	s := newSite(t)
	media := map[string]string{".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", "": "text/html"}
	reference := regexp.MustCompile(`(?:src|href)="([^"]+)"|from "([^"]+)"`)
	seen := map[string]bool{}
	var visit func(path string)
	visit = func(path string) {
		if seen[path] {
			return
		}
		seen[path] = true
		status, body, header := s.call(t, "GET", path, "")
		if want := media[filepath.Ext(path)]; status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), want) {
			t.Errorf("GET %s: %d %s, want %s", path, status, header.Get("Content-Type"), want)
		}
		for _, m := range reference.FindAllStringSubmatch(body, -1) {
			visit(filepath.ToSlash(filepath.Join(filepath.Dir(path), m[1]+m[2])))
		}
	}
	visit("/")
	for _, pattern := range []string{"page/js/*.js", "page/css/*.css"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v, %v", pattern, files, err)
		}
		for _, file := range files {
			if !seen[strings.TrimPrefix(filepath.ToSlash(file), "page")] {
				t.Errorf("%s is not used", file)
			}
		}
	}
}

// Data reaches the page as text alone, and the page reaches nothing but its server.
func TestPageIsSafe(t *testing.T) {
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|javascript:|` +
		`\son\w+="|\sstyle="|<style|(?:src|href|url)[=(]["']?(?:https?:)?//`)
	err := filepath.WalkDir("page", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if found := forbidden.Find(data); found != nil {
			t.Errorf("%s holds %q", path, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
