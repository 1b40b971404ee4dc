package function

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// A BuildError is a Go package that does not build.
type BuildError struct {
	Package string
	Output  string // of the go command
}

func (e *BuildError) Error() string {
	return fmt.Sprintf("%s does not build:\n%s", e.Package, e.Output)
}

// build builds the package as for Lambda, but for this machine, and returns the path of the program. Each has a name of its own: the
// previous one may still run.
func (f *Function) build() (string, error) {
	if f.work == "" {
		work, err := os.MkdirTemp("", "albatross-")
		if err != nil {
			return "", err
		}
		f.work = work
	}
	program, err := os.MkdirTemp(f.work, "")
	if err != nil {
		return "", err
	}
	program = filepath.Join(program, "bootstrap")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err = f.goCommand("build", "-tags", "lambda.norpc", "-trimpath", "-ldflags", "-s -w", "-o", program); err != nil {
		_ = os.RemoveAll(filepath.Dir(program))
	}
	return program, err
}

// buildGrace is how long the go command may take to end.
const buildGrace = 2 * time.Second

// interrupt lets the go command remove its temporary files, where the system knows how to ask.
func interrupt(p *os.Process) error {
	if p.Signal(os.Interrupt) == nil {
		return nil
	}
	return p.Kill()
}

// goPackage is where to run the go command, and the package as it is called there. A folder is called by its path in its module, which
// need not be that of the working directory.
func (f *Function) goPackage() (dir, name string) {
	own := f.path(f.spec.Package)
	if !isFolder(own) {
		return f.spec.Dir, f.spec.Package // an import path
	}
	for root := own; root != filepath.Dir(root); root = filepath.Dir(root) {
		if rel, err := filepath.Rel(root, own); err == nil && isFile(filepath.Join(root, "go.mod")) {
			return root, "./" + filepath.ToSlash(rel)
		}
	}
	return own, "."
}

// goCommand runs the go command on the package, and returns its standard output.
func (f *Function) goCommand(args ...string) ([]byte, error) {
	dir, name := f.goPackage()
	cmd := exec.CommandContext(f.ctx, "go", append(args, name)...) //nolint:gosec // the user's own package path
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = buildGrace
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, failed := errors.AsType[*exec.ExitError](err); failed {
		return nil, &BuildError{Package: f.spec.Package, Output: strings.TrimSpace(stdout.String() + stderr.String())}
	}
	if err != nil {
		return nil, fmt.Errorf("the go command cannot be run: %w; install Go, or give a command in place of a package", err)
	}
	return stdout.Bytes(), nil
}

// packageSources are the folders of all packages of local modules that the package is built of, what they embed, go.mod and go.sum.
// When the go command cannot tell, it is the package's own folder.
func (f *Function) packageSources(s *sources) {
	if own := f.path(f.spec.Package); isFolder(own) || strings.HasPrefix(f.spec.Package, ".") { // and no import path
		s.folders[own] = true // even if it has to come yet
	}
	out, err := f.goCommand("list", "-e", "-deps", "-tags", "lambda.norpc", "-json=Dir,Standard,EmbedFiles,Module")
	if err != nil {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p struct {
			Dir        string
			Standard   bool
			EmbedFiles []string
			Module     *struct {
				GoMod, Version string
				Replace        *struct{ Version string }
			}
		}
		if decoder.Decode(&p) != nil {
			return
		}
		local := p.Module != nil && (p.Module.Version == "" || p.Module.Replace != nil && p.Module.Replace.Version == "")
		if p.Standard || p.Dir == "" || !local {
			continue
		}
		s.folders[p.Dir] = true
		s.files[p.Module.GoMod] = true
		s.files[filepath.Join(filepath.Dir(p.Module.GoMod), "go.sum")] = true
		for _, name := range p.EmbedFiles {
			s.files[filepath.Join(p.Dir, name)] = true
		}
	}
}
