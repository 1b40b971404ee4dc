//go:build unix && !lambda.norpc

package guides_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The guide to 502 has every reason code that the load balancer's package knows, once as the first cell of a table's row.
func TestEveryReason(t *testing.T) {
	guide, err := os.ReadFile("why-502.md")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "router", "balancer", "reason.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			codes++
			if rows := strings.Count(string(guide), "\n| `"+spec.Names[0].Name+"` |"); rows != 1 {
				t.Errorf("%s has %d rows", spec.Names[0].Name, rows)
			}
		}
		return true
	})
	if codes != 26 { // the ELB guide's page on access logs
		t.Errorf("%d codes in router/balancer/reason.go", codes)
	}
}
