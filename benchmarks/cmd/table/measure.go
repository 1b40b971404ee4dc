package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// measure returns what the benchmarks printed, all passes as if by one process.
func measure(ctx context.Context, passes int, benchtime time.Duration, pattern string) (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "benchmarks")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	binary := filepath.Join(dir, "benchmarks.test")
	if _, err := output(ctx, "go", "test", "-c", "-o", binary, "."); err != nil {
		return nil, err
	}
	benchmark := func(pattern, benchtime string) ([]byte, error) {
		return output(ctx, binary, "-test.run", "^$", "-test.bench", pattern, "-test.benchtime", benchtime)
	}

	listing, err := benchmark(pattern, "1x")
	if err != nil {
		return nil, err
	}
	header, names := split(listing)
	if len(names) == 0 {
		return nil, fmt.Errorf("no benchmark matches %q", pattern)
	}
	results := make([][]string, len(names)) // in the order of the listing, which is that of the code
	for pass := range passes {
		fmt.Fprintf(os.Stderr, "pass %d of %d\n", pass+1, passes)
		for _, i := range rand.Perm(len(names)) { //nolint:gosec // an order, no secret
			out, err := benchmark(exactly(names[i]), benchtime.String())
			if err != nil {
				return nil, err
			}
			_, lines := split(out)
			if len(lines) != 1 {
				return nil, fmt.Errorf("%s printed %d results, want 1", exactly(names[i]), len(lines))
			}
			results[i] = append(results[i], lines...)
		}
	}
	all := slices.Concat(append([][]string{header}, results...)...)
	return []byte(strings.Join(all, "")), nil
}

// split sorts a benchmark's output into lines that tell about the machine and lines of results.
func split(out []byte) (header, results []string) {
	for line := range bytes.Lines(out) {
		switch text := string(line); {
		case strings.HasPrefix(text, "Benchmark"):
			results = append(results, text)
		case slices.ContainsFunc([]string{"goos:", "goarch:", "pkg:", "cpu:"}, func(key string) bool { return strings.HasPrefix(text, key) }):
			header = append(header, text)
		}
	}
	return header, results
}

// exactly is the pattern for the benchmark of one line of results.
func exactly(result string) string {
	name, _, _ := strings.Cut(result, "\t")
	parts := strings.Split(withoutProcs(strings.TrimSpace(name)), "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

func output(ctx context.Context, name string, args ...string) ([]byte, error) {
	out, err := exec.CommandContext(ctx, name, args...).Output() //nolint:gosec // go, or what it has just built
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s %s: %w\n%s%s", name, strings.Join(args, " "), err, exit.Stderr, out)
	}
	return out, err
}
