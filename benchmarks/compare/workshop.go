package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A workshop is where the services are made: each in a build folder of its own in the cache.
type workshop struct {
	cache    string // absolute, as the others
	module   string // the folder of the benchmarks module
	services string
	offline  bool // nothing is installed but what Go builds
	progress io.Writer
}

// newWorkshop finds the module that the working directory is in.
func newWorkshop(ctx context.Context, cache string, progress io.Writer) (*workshop, error) {
	const path = "github.com/albatross-go/albatross/benchmarks"
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", path)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s; run it in the folder benchmarks", err, bytes.TrimSpace(stderr.Bytes()))
	}
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("%w; name a folder with -cache", err)
		}
		cache = filepath.Join(user, "albatross-compare")
	}
	if cache, err = filepath.Abs(cache); err != nil {
		return nil, err
	}
	module := strings.TrimSpace(string(out))
	return &workshop{cache: cache, module: module, services: filepath.Join(module, "compare", "services"), progress: progress}, nil
}

// build is the framework's build folder.
func (w *workshop) build(f *framework) string { return filepath.Join(w.cache, "build", f.source) }

// expand puts the folders in their places.
func (w *workshop) expand(f *framework, args []string) []string {
	places := strings.NewReplacer(cachePlace, w.cache, buildPlace, w.build(f), modulePlace, w.module)
	expanded := make([]string, 0, len(args))
	for _, arg := range args {
		expanded = append(expanded, places.Replace(arg))
	}
	return expanded
}

// scrub takes the folders of this machine out of a text that is published.
func (w *workshop) scrub(text string) string {
	home, err := os.UserHomeDir()
	if err != nil {
		home = w.module
	}
	return strings.NewReplacer(
		w.cache+"/", cachePlace+"/", w.module+"/", modulePlace+"/", filepath.Dir(w.module)+"/", "{repository}/", home+"/", "{home}/",
	).Replace(text)
}

// make installs the framework's service, unless the build folder is from the same source and commands.
func (w *workshop) make(ctx context.Context, f *framework) error {
	build, stamp := w.build(f), w.build(f)+".installed"
	source := filepath.Join(w.services, f.source)
	sum, err := fingerprint(source, w.expand(f, flatten(f.install)))
	if err != nil {
		return err
	}
	if !f.isGo() {
		if old, err := os.ReadFile(stamp); err == nil && string(old) == sum { //nolint:gosec // a file of the cache
			return nil
		}
		if w.offline {
			return errors.New("not installed; run it once without -quick")
		}
	}
	if err := os.RemoveAll(build); err != nil {
		return err
	}
	if err := os.CopyFS(build, os.DirFS(source)); err != nil {
		return err
	}
	for i, command := range f.install {
		if err := w.run(ctx, f, fmt.Sprintf("%d/%d", i+1, len(f.install)), w.expand(f, command)); err != nil {
			return err
		}
	}
	return os.WriteFile(stamp, []byte(sum), 0o600)
}

// run is one command of an installation. Its output is shown only when it fails.
func (w *workshop) run(ctx context.Context, f *framework, step string, command []string) error {
	_, _ = fmt.Fprintf(w.progress, "install    %-20s %s  %s ", f.name, step, w.scrub(strings.Join(command, " ")))
	began := time.Now()
	cmd := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // a command of the table
	cmd.Dir = w.build(f)
	cmd.WaitDelay = time.Second
	endWithGroup(cmd)
	out, err := cmd.CombinedOutput()
	if err != nil {
		_, _ = fmt.Fprintln(w.progress, " failed")
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w: %s", command[0], err, w.scrub(tail(string(out), 600)))
	}
	_, _ = fmt.Fprintf(w.progress, " %.1f s\n", time.Since(began).Seconds())
	return nil
}

// size adds up the bytes of what a deployment package would hold.
func (w *workshop) size(f *framework) (int64, error) {
	var size int64
	for _, path := range f.packaged {
		err := filepath.WalkDir(filepath.Join(w.build(f), path), func(_ string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return err
			}
			info, err := entry.Info()
			if err == nil {
				size += info.Size()
			}
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return size, nil
}

// fingerprint changes with any file of the source and any word of the commands.
func fingerprint(source string, words []string) (string, error) {
	hash := sha256.New()
	_, _ = fmt.Fprintf(hash, "%q", words)
	err := filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path) //nolint:gosec // a file of the source
		_, _ = fmt.Fprintf(hash, "%q %d %s", path, len(content), content)
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

func flatten(commands [][]string) []string {
	var words []string
	for _, command := range commands {
		words = append(words, command...)
	}
	return words
}

// tail is the end of a text, at most n bytes of it.
func tail(text string, n int) string {
	text = strings.TrimSpace(text)
	if len(text) > n {
		text = "… " + text[len(text)-n:]
	}
	return text
}
