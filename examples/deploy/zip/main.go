// Zip builds a program for Lambda and packs it. The same source and the same Go give the same bytes, whoever builds it, wherever
// and whenever. Equal bytes are no new version of the function, so a deployment without a change changes nothing.
//
//	go -C examples/deploy run ./zip             # ../orders into orders.zip
//	go -C examples/deploy run ./zip -C ../whoami -o whoami.zip
//
// It prints the SHA-256 of the archive in base64, as Lambda shows it: CodeSha256.
package main

import (
	"archive/zip"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("zip: ")
	folder := flag.String("C", "../orders", "folder of the program")
	out := flag.String("o", "orders.zip", "archive to write")
	arch := flag.String("arch", "arm64", "processor of the function, arm64 or amd64")
	flag.Parse()

	sum, err := run(*folder, *arch, *out)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := fmt.Fprintf(os.Stdout, "%s  %s\n", sum, *out); err != nil {
		log.Fatal(err)
	}
}

func run(folder, arch, out string) (sum string, err error) {
	scratch, err := os.MkdirTemp("", "zip")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(scratch) }()

	bootstrap := filepath.Join(scratch, "bootstrap")
	if err := build(folder, arch, bootstrap); err != nil {
		return "", err
	}
	program, err := os.ReadFile(bootstrap) //nolint:gosec // the file that build has just made
	if err != nil {
		return "", err
	}
	f, err := os.Create(out) //nolint:gosec // the developer's own choice
	if err != nil {
		return "", err
	}
	digest := sha256.New()
	if err := pack(io.MultiWriter(f, digest), program); err != nil {
		_ = f.Close()
		return "", err
	}
	return base64.StdEncoding.EncodeToString(digest.Sum(nil)), f.Close()
}

// build compiles as Lambda's provided.al2023 wants it. Nothing of the machine, the folder or the commit goes into the binary, and
// nothing of the developer's own settings. An empty variable would leave room for one that was set with go env -w.
func build(folder, arch, bootstrap string) error {
	cmd := exec.Command("go", "build", //nolint:gosec,noctx // the developer's own choice; Ctrl-C reaches the compiler too
		"-tags", "lambda.norpc", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", bootstrap, ".")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(),
		"GOOS=linux", "GOARCH="+arch, "GOARM64=v8.0", "GOAMD64=v1", "CGO_ENABLED=0", "GOFLAGS=-trimpath", "GOFIPS140=off", "GOEXPERIMENT=")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build in %s: %w", folder, err)
	}
	return nil
}

// pack writes an archive that holds the program as bootstrap, which may be executed, at the earliest time that a ZIP file can tell.
func pack(w io.Writer, program []byte) error {
	archive := zip.NewWriter(w)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	if _, err := entry.Write(program); err != nil {
		return err
	}
	return archive.Close()
}
