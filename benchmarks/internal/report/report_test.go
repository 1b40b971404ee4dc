package report_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

func TestReplaceSection(t *testing.T) {
	tests := []struct {
		name      string
		old       string
		want      string
		wantError string
	}{
		{"filled", "a\n<!-- x -->\nold\n<!-- /x -->\nb\n", "a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n", ""},
		{"empty", "<!-- x --><!-- /x -->", "<!-- x -->\n\nnew\n\n<!-- /x -->", ""},
		{"beside another", "<!-- y -->\n<!-- /y -->\n<!-- x -->\n<!-- /x -->", "<!-- y -->\n<!-- /y -->\n<!-- x -->\n\nnew\n\n<!-- /x -->", ""},
		{"no opening", "<!-- /x -->", "<!-- /x -->", `no "<!-- x -->"`},
		{"no closing", "<!-- /x -->\n<!-- x -->", "<!-- /x -->\n<!-- x -->", `no "<!-- /x -->"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "README.md")
			if err := os.WriteFile(file, []byte(tt.old), 0o600); err != nil {
				t.Fatal(err)
			}
			err := report.ReplaceSection(file, "x", "new\n")
			if (err == nil) != (tt.wantError == "") || err != nil && !strings.Contains(err.Error(), tt.wantError) {
				t.Errorf("error %v, want %q", err, tt.wantError)
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func ExampleMedian() {
	fmt.Println(report.Median([]float64{5, 1, 3}), report.Median([]float64{4, 1, 2, 3}), report.Median(nil))
	// Output: 3 2.5 0
}

func ExampleTable() {
	fmt.Print(report.Table([][]string{{"case", "µs"}, {"get", "2.5"}, {"post-10k", "12.25"}}))
	// Output:
	// | case     |    µs |
	// |----------|------:|
	// | get      |   2.5 |
	// | post-10k | 12.25 |
}
