package template

import (
	"path/filepath"

	"github.com/albatross-go/albatross/cmd/albatross/internal/listener"
)

// function reads aws_lambda_function. Its code is a folder here only when a data source archive_file made the file of it.
func (t *terraform) function(f *tfResource, spec listener.FunctionSpec) string {
	var values struct {
		Handler     string `json:"handler"`
		Runtime     string `json:"runtime"`
		Timeout     int    `json:"timeout"`
		Memory      int    `json:"memory_size"`
		Filename    string `json:"filename"`
		Environment []struct {
			Variables map[string]string `json:"variables"`
		} `json:"environment"`
	}
	t.read(f, &values)
	name := f.known.FunctionName
	if name == "" {
		name = f.Address
	}
	spec.Handler, spec.Runtime, spec.Timeout, spec.Memory = values.Handler, values.Runtime, values.Timeout, values.Memory
	for _, e := range values.Environment {
		spec.Env = e.Variables
	}
	if _, given := t.options.Commands[name]; !given {
		spec.CodeURI = t.source(values.Filename)
		t.run(name, f.Address, &spec, t.within(spec.CodeURI), "", "")
	}
	t.add(name, spec)
	return name
}

// source is the folder out of which an archive was made.
func (t *terraform) source(archive string) string {
	for _, r := range t.resources["archive_file"] {
		var values struct {
			Output string `json:"output_path"`
			Dir    string `json:"source_dir"`
			File   string `json:"source_file"`
		}
		t.read(r, &values)
		if archive == "" || filepath.Clean(values.Output) != filepath.Clean(archive) {
			continue
		}
		if values.Dir != "" {
			return values.Dir
		}
		return filepath.Dir(values.File)
	}
	return ""
}
