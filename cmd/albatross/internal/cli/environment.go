package cli

import (
	"slices"
	"strings"
)

// environment reads --env-file and --env; the latter come last and win.
func (f *functionFlags) environment() ([]string, error) {
	var env []string
	if f.envFile != "" {
		data, err := readFile(f.envFile)
		if err != nil {
			return nil, usage("--env-file: %w; name a file of lines NAME=value", err)
		}
		if env, err = parseEnvironment(f.envFile, string(data)); err != nil {
			return nil, err
		}
	}
	for _, pair := range f.env {
		if name, _, ok := strings.Cut(pair, "="); !ok || name == "" {
			return nil, usage("--env is %q; write NAME=value", pair)
		}
	}
	return slices.Concat(env, f.env), nil
}

// parseEnvironment reads lines NAME=value. Empty lines and comments are skipped, "export " before a name and one pair of quotes around
// a value are taken off; in the value nothing is replaced.
func parseEnvironment(file, text string) ([]string, error) {
	var env []string
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, usage("%s:%d is no environment variable; write NAME=value, or # before a comment", file, n)
		}
		if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
			value = value[1 : len(value)-1]
		}
		env = append(env, name+"="+value)
	}
	return env, nil
}
