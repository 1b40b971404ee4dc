package main

import (
	"archive/zip"
	"bytes"
	"debug/buildinfo"
	"debug/elf"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// The same source gives the same archive, from another folder and with other settings of the developer's.
func TestReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program twice")
	}
	first, second := filepath.Join(t.TempDir(), "a.zip"), filepath.Join(t.TempDir(), "b.zip")
	sum, err := run("testdata/hello", "arm64", first)
	if err != nil {
		t.Fatal(err)
	}

	elsewhere := t.TempDir()
	if err := os.CopyFS(elsewhere, os.DirFS("testdata/hello")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOFLAGS", "-trimpath=false -ldflags=-X=main.greeting=other")
	t.Setenv("GOENV", filepath.Join(t.TempDir(), "env")) // where go env -w writes
	if err := os.WriteFile(os.Getenv("GOENV"), []byte("GOFLAGS=-ldflags=-X=main.greeting=third\nGOFIPS140=latest\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOARM64", "v9.0")
	t.Setenv("GOCACHE", t.TempDir()) // nothing of the first build is left
	again, err := run(elsewhere, "arm64", second)
	if err != nil {
		t.Fatal(err)
	}
	if sum != again {
		t.Errorf("sum = %s, then %s", sum, again)
	}
	a, b := read(t, first), read(t, second)
	if !bytes.Equal(a, b) {
		t.Errorf("the archives differ: %d and %d bytes", len(a), len(b))
	}
}

// What Lambda asks of an archive for provided.al2023: one executable file called bootstrap, for Linux and the function's processor.
func TestArchive(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles a program")
	}
	path := filepath.Join(t.TempDir(), "hello.zip")
	if _, err := run("testdata/hello", "arm64", path); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	if len(archive.File) != 1 || archive.File[0].Name != "bootstrap" {
		t.Fatalf("files = %v, want bootstrap alone", archive.File)
	}
	file := archive.File[0]
	if got := file.Mode(); got != 0o755 {
		t.Errorf("mode = %v, want one that may be executed", got)
	}

	entry, err := file.Open()
	if err != nil {
		t.Fatal(err)
	}
	program, err := io.ReadAll(entry)
	if err != nil {
		t.Fatal(err)
	}
	binary, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	if binary.Machine != elf.EM_AARCH64 {
		t.Errorf("machine = %v, want %v", binary.Machine, elf.EM_AARCH64)
	}
	if libraries, err := binary.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("libraries = %v, %v, want a static program", libraries, err)
	}
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["-tags"] != "lambda.norpc" || settings["-trimpath"] != "true" {
		t.Errorf("settings = %v, want the tag lambda.norpc, and -trimpath", info.Settings)
	}
	if _, ok := settings["vcs.revision"]; ok {
		t.Error("the binary names a commit: another commit of the same source would be another version of the function")
	}
}

// A program that does not compile leaves no archive that could be deployed.
func TestBuildFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.zip")
	if _, err := run(t.TempDir(), "arm64", path); err == nil {
		t.Fatal("no error for a folder without a program")
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("stat = %v, want no file", err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
