package template

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// Options are what the user says beside the file. The zero value says nothing.
type Options struct {
	Listener   string              // which of several listeners: the logical ID, or the address in Terraform
	Parameters map[string]string   // of a CloudFormation template, over its defaults; also "Resource.Attribute"
	Commands   map[string][]string // how a function is run, by its name
}

// A Template is what a file says.
type Template struct {
	listener.Config
	Warnings []string // what was left out because only a deployment knows it
}

// Load reads a file of any of the three kinds. What cannot be understood is in the error, with its place in the file.
func Load(path string, o Options) (*Template, error) {
	data, err := os.ReadFile(path) //nolint:gosec // G304: reading the user's file is what it is for
	if err != nil {
		return nil, fmt.Errorf("template: %w; name a file that can be read", err)
	}
	t, err := Parse(data, filepath.Dir(path), o)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", path, err)
	}
	return t, nil
}

// Parse is [Load] for a file's content. Folders in it are seen from dir.
func Parse(data []byte, dir string, o Options) (*Template, error) {
	tree, err := parse(data)
	if err != nil {
		return nil, err
	}
	root, ok := tree.(map[string]any)
	if !ok {
		return nil, errors.New("template: the file holds no object; give a rules file, a CloudFormation template or terraform show -json")
	}
	b := &builder{dir: dir, options: o, out: &Template{Config: listener.Config{Functions: map[string]listener.FunctionSpec{}}}}
	switch {
	case root["Resources"] != nil:
		b.cloudFormation(root)
	case root["Rules"] != nil:
		b.rulesFile(root)
	case root["format_version"] != nil:
		b.terraform(data)
	default:
		return nil, errors.New("template: the file has none of Rules, Resources and format_version at its top; " +
			"give a rules file, a CloudFormation template or terraform show -json")
	}
	b.checkCommands()
	if err := errors.Join(b.faults...); err != nil {
		return nil, err
	}
	return b.out, nil
}

// builder collects what a file says, and all that is wrong with it.
type builder struct {
	dir     string
	options Options
	out     *Template
	faults  []error
}

func (b *builder) fault(format string, args ...any) {
	b.faults = append(b.faults, fmt.Errorf("template: "+format, args...))
}

func (b *builder) warn(format string, args ...any) {
	b.out.Warnings = append(b.out.Warnings, fmt.Sprintf(format, args...))
}

// decode fills dst, a pointer, and says where it could not.
func (b *builder) decode(v any, dst any, path string) bool {
	faults := decode(v, dst, path)
	for _, f := range faults {
		b.fault("%w", f)
	}
	return len(faults) == 0
}

// checkCommands tells a --function that the file has no use for: it is a slip of the pen more often than not.
func (b *builder) checkCommands() {
	if len(b.faults) > 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(b.options.Commands)) {
		if _, ok := b.out.Functions[name]; !ok {
			b.fault("no rule forwards to %q, for which there is a command; functions are %s", name,
				strings.Join(slices.Sorted(maps.Keys(b.out.Functions)), ", "))
		}
	}
}

// choose picks the listener.
func (b *builder) choose(names []string) (string, bool) {
	slices.Sort(names)
	switch {
	case len(names) == 0:
		b.fault("there is no listener; give a file that has one")
	case b.options.Listener != "":
		if slices.Contains(names, b.options.Listener) {
			return b.options.Listener, true
		}
		b.fault("there is no listener %q; name one of %s", b.options.Listener, strings.Join(names, ", "))
	case len(names) > 1:
		b.fault("there are several listeners; choose one with --listener: %s", strings.Join(names, ", "))
	default:
		return names[0], true
	}
	return "", false
}

// add registers a function under its name. Of two target groups for one function the modes must agree.
func (b *builder) add(name string, spec listener.FunctionSpec) {
	if command, ok := b.options.Commands[name]; ok {
		spec.Command, spec.Package, spec.Dir = command, "", ""
	}
	if before, ok := b.out.Functions[name]; ok && before.MultiValueHeaders != spec.MultiValueHeaders {
		b.fault("%s has two target groups that differ in lambda.multi_value_headers.enabled; set it alike", name)
	}
	b.out.Functions[name] = spec
}

// outside is for a target that the file names but does not hold: the user must say what runs in its stead.
func (b *builder) outside(name, where, why string, spec listener.FunctionSpec) string {
	if _, ok := b.options.Commands[name]; !ok {
		b.fault("%s: %s; say what runs in its stead with --function %s=command", where, why, name)
	}
	b.add(name, spec)
	return name
}
