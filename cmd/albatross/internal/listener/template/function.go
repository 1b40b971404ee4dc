package template

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// function reads AWS::Lambda::Function and AWS::Serverless::Function, the latter with what Globals say.
func (c *cloudFormation) function(id string, spec listener.FunctionSpec) {
	path := id + ".Properties"
	read := func(name string, dst any) { c.builder.decode(c.setting(id, name), dst, path+"."+name) }
	read("Handler", &spec.Handler)
	read("Runtime", &spec.Runtime)
	read("Timeout", &spec.Timeout)
	read("MemorySize", &spec.Memory)
	spec.Env = c.variables(id)
	if _, given := c.options.Commands[id]; !given {
		spec.CodeURI = c.code(id)
		method, _ := c.value(object(object(c.resources[id])["Metadata"])["BuildMethod"]).(string)
		built := filepath.Join(c.dir, ".aws-sam", "build", id)
		c.run(id, path, &spec, c.within(spec.CodeURI), method, built)
	}
	c.add(id, spec)
}

// setting is a property of the function, or of Globals.Function.
func (c *cloudFormation) setting(id, name string) any {
	if v := c.property(id, name); v != nil {
		return v
	}
	if c.kind(id) != typeSAM {
		return nil
	}
	return c.value(object(object(c.root["Globals"])["Function"])[name])
}

// code is the folder of the function's code; "" when it is no folder here.
func (c *cloudFormation) code(id string) string {
	v := c.setting(id, "CodeUri")
	if c.kind(id) == typeFunction {
		v = c.property(id, "Code")
	}
	if folder, ok := v.(string); ok && !strings.Contains(folder, "://") {
		return folder
	}
	return ""
}

// variables are those of Globals and, over them, the function's own. What only a deployment knows is left out.
func (c *cloudFormation) variables(id string) map[string]string {
	all := map[string]any{}
	if c.kind(id) == typeSAM {
		globals := object(object(object(c.root["Globals"])["Function"])["Environment"])
		maps.Copy(all, object(c.value(globals["Variables"])))
	}
	maps.Copy(all, object(object(c.property(id, "Environment"))["Variables"]))
	out := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		value, ok := text(all[name])
		if !ok {
			why := "it is no text"
			if l, unknown := all[name].(later); unknown {
				why = l.why
			}
			c.warn("%s: the environment variable %s is left out: %s, or set it with --env-file", id, name, why)
			continue
		}
		out[name] = value
	}
	return out
}

// run says how the function is started, out of what a template tells: its runtime, its handler and the folder of its code.
func (b *builder) run(name, where string, spec *listener.FunctionSpec, code, method, built string) {
	runtime, isBuilt := spec.Runtime, isFile(filepath.Join(built, "bootstrap"))
	custom := strings.HasPrefix(runtime, "provided") || runtime == "go1.x"
	spec.Dir = code
	switch {
	case spec.CodeURI == "" && !isBuilt:
		b.fault("%s: the code is not a folder here; say how the function is run with --function %s=command", where, name)
	case custom && isGoProgram(code) && (method == "" || strings.HasPrefix(method, "go")):
		spec.Package = "."
	case custom && isFile(filepath.Join(code, "bootstrap")):
		spec.Command = []string{"./bootstrap"}
	case custom && isBuilt:
		spec.Command, spec.Dir = []string{"./bootstrap"}, built
	case custom:
		b.fault("%s: %s holds neither a Go program nor a file bootstrap; build it, or say how it is run with --function %s=command",
			where, code, name)
	case spec.Handler == "":
		b.fault("%s.Handler: it is empty; set it, or say how the function is run with --function %s=command", where, name)
	case strings.HasPrefix(runtime, "python3"):
		spec.Command = []string{"python3", "-m", "awslambdaric", spec.Handler}
	case strings.HasPrefix(runtime, "nodejs"):
		spec.Command = []string{"npx", "--yes", "aws-lambda-ric", spec.Handler}
	default:
		b.fault("%s.Runtime: how %q is run is not known here; say it with --function %s=command", where, runtime, name)
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isGoProgram tells a folder of package main.
func isGoProgram(dir string) bool {
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		data, err := os.ReadFile(f) //nolint:gosec // G304: the template names the folder
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			if strings.TrimSpace(line) == "package main" {
				return true
			}
		}
	}
	return false
}
