package main

import (
	"archive/zip"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
)

// Lambda's two instruction sets.
var architectures = []string{"amd64", "arm64"}

// A program is one hello and what was measured of it.
type program struct {
	name string // its folder under programs
	owns string // the import path that what it adds to aws-lambda-go begins with, "" if nothing

	command  string             // the bootstrap for this machine
	size     map[string]float64 // in bytes, by architecture
	zipped   map[string]float64
	poll     []float64 // from the start to the first poll, in ms
	response []float64 // from the start to the first response, in ms
	resident []float64 // after 1,000 invocations, in MB
	initAll  []float64 // initialisation of all packages, in µs
	initOwn  []float64 // of its own
}

func newPrograms() []*program {
	programs := []*program{
		{name: "bare"},
		{name: "chi", owns: "github.com/go-chi/"},
		{name: "albatross", owns: "github.com/albatross-go/"},
		{name: "defaults", owns: "github.com/albatross-go/"},
		{name: "apiproxy", owns: "github.com/awslabs/"},
		{name: "algnhsa", owns: "github.com/akrylysov/"},
	}
	for _, p := range programs {
		p.size, p.zipped = make(map[string]float64), make(map[string]float64)
	}
	return programs
}

// build makes the bootstrap and the archive that would be uploaded, for each architecture.
func (p *program) build(ctx context.Context, dir string) error {
	for _, arch := range architectures {
		bootstrap := filepath.Join(dir, p.name, arch, "bootstrap")
		cmd := exec.CommandContext(ctx, "go", "build", //nolint:gosec // every path is one of this program's own
			"-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w",
			"-o", bootstrap, "./coldstart/programs/"+p.name)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", cmd, err, out)
		}
		info, err := os.Stat(bootstrap)
		if err != nil {
			return err
		}
		p.size[arch] = float64(info.Size())
		if p.zipped[arch], err = zippedSize(bootstrap); err != nil {
			return err
		}
	}
	if !slices.Contains(architectures, runtime.GOARCH) || runtime.GOOS != "linux" {
		return fmt.Errorf("a program for Lambda does not run on %s/%s; use linux", runtime.GOOS, runtime.GOARCH)
	}
	p.command = filepath.Join(dir, p.name, runtime.GOARCH, "bootstrap")
	return nil
}

// zippedSize is the size of an archive that holds the file and nothing else.
func zippedSize(file string) (float64, error) {
	content, err := os.ReadFile(file) //nolint:gosec // the file was built by this program
	if err != nil {
		return 0, err
	}
	var size counter
	archive := zip.NewWriter(&size)
	out, err := archive.Create("bootstrap")
	if err != nil {
		return 0, err
	}
	if _, err := out.Write(content); err != nil {
		return 0, err
	}
	err = archive.Close()
	return float64(size), err
}

// A counter counts what is written to it.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
