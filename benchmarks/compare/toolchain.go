package main

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// checkTime is how long a program may take to tell its version.
const checkTime = 20 * time.Second

// checkToolchains asks every program that a framework needs for its version. Programs that are missing have none.
func checkToolchains(ctx context.Context, list []framework, progress io.Writer) map[string]string {
	versions := map[string]string{}
	for _, f := range list {
		for _, program := range f.needs {
			if _, ok := versions[program]; ok {
				continue
			}
			version, err := programVersion(ctx, program)
			if err != nil {
				versions[program] = ""
				_, _ = fmt.Fprintf(progress, "toolchain  %-10s missing: %v\n", program, err)
				continue
			}
			versions[program] = version
			_, _ = fmt.Fprintf(progress, "toolchain  %-10s %s\n", program, version)
		}
	}
	return versions
}

func programVersion(ctx context.Context, program string) (string, error) {
	if _, err := exec.LookPath(program); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	argument := "--version"
	if program == "go" {
		argument = "version"
	}
	out, err := exec.CommandContext(ctx, program, argument).CombinedOutput()
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line, nil
}

// missing names the programs that the framework needs and the machine lacks.
func (f *framework) missing(versions map[string]string) []string {
	return slices.DeleteFunc(slices.Clone(f.needs), func(program string) bool { return versions[program] != "" })
}
