package deploy_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// A configuration is the Terraform files' blocks by type and labels: "resource aws_lb orders", or "locals alarms.tf", since several
// files have some. An attribute is its source text.
type configuration map[string]*hclsyntax.Body

func readConfiguration(t *testing.T) (configuration, map[string][]byte) {
	t.Helper()
	paths, err := filepath.Glob("terraform/*.tf")
	if err != nil || len(paths) == 0 {
		t.Fatalf("files = %v, %v", paths, err)
	}
	blocks, sources := configuration{}, map[string][]byte{}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, diagnostics := hclsyntax.ParseConfig(source, path, hcl.InitialPos)
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		sources[path] = source
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			name := strings.Join(append([]string{block.Type}, block.Labels...), " ")
			if block.Type == "locals" {
				name += " " + filepath.Base(path)
			}
			if _, ok := blocks[name]; ok {
				t.Errorf("%s: twice", name)
			}
			blocks[name] = block.Body
		}
	}
	return blocks, sources
}

// text returns the source of an attribute. The path leads through blocks inside the block; a dynamic block has its content's name.
func (c configuration) text(sources map[string][]byte, block, path string) (string, bool) {
	body, ok := c[block]
	if !ok {
		return "", false
	}
	steps := strings.Split(path, "/")
	for _, step := range steps[:len(steps)-1] {
		i := slices.IndexFunc(body.Blocks, func(b *hclsyntax.Block) bool { return b.Type == step || slices.Contains(b.Labels, step) })
		if i < 0 {
			return "", false
		}
		inner := body.Blocks[i]
		body = inner.Body
		if inner.Type == "dynamic" {
			body = body.Blocks[0].Body
		}
	}
	attribute, ok := body.Attributes[steps[len(steps)-1]]
	if !ok {
		return "", false
	}
	r := attribute.Expr.Range()
	return string(r.SliceBytes(sources[r.Filename])), true
}

func TestTerraformFormat(t *testing.T) {
	_, sources := readConfiguration(t)
	for path, source := range sources {
		if !bytes.Equal(hclwrite.Format(source), source) {
			t.Errorf("%s: not formatted: run terraform fmt", path)
		}
	}
}

// Every resource, data source, local value and variable that an expression names exists.
func TestTerraformReferences(t *testing.T) {
	blocks, _ := readConfiguration(t)
	known := map[string]bool{}
	for name, body := range blocks {
		parts := strings.Fields(name)
		switch parts[0] {
		case "resource":
			known[parts[1]+"."+parts[2]] = true
		case "data":
			known["data."+parts[1]+"."+parts[2]] = true
		case "variable":
			known["var."+parts[1]] = true
		case "locals":
			for local := range body.Attributes {
				known["local."+local] = true
			}
		}
	}

	seen := 0
	for name, body := range blocks {
		for _, traversal := range references(body) {
			root := traversal.RootName()
			if root == "each" || root == "path" || root == "routing_config" || root == "access_logs" {
				continue
			}
			want := 2
			if root == "data" {
				want = 3
			}
			parts := []string{root}
			for _, step := range traversal[1:] {
				if attribute, ok := step.(hcl.TraverseAttr); ok && len(parts) < want {
					parts = append(parts, attribute.Name)
				}
			}
			seen++
			if reference := strings.Join(parts, "."); !known[reference] {
				t.Errorf("%s names %s, which is not there", name, reference)
			}
		}
	}
	if seen < 30 {
		t.Errorf("saw %d references only", seen)
	}
}

func references(body *hclsyntax.Body) []hcl.Traversal {
	var found []hcl.Traversal
	for name, attribute := range body.Attributes {
		if name == "type" {
			continue // of a variable: string is a type there, no reference
		}
		found = append(found, attribute.Expr.Variables()...)
	}
	for _, block := range body.Blocks {
		found = append(found, references(block.Body)...)
	}
	return found
}
