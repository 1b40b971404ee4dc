package openapi_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/binding/internal/operation"
	"github.com/albatross-go/albatross/binding/openapi"
)

// failing is a test that keeps what it is told.
type failing struct{ errors []string }

func (f *failing) Helper()      {}
func (f *failing) Name() string { return "TestOpenAPI/v1" }
func (f *failing) Errorf(format string, args ...any) {
	f.errors = append(f.errors, fmt.Sprintf(format, args...))
}

func TestCheck(t *testing.T) {
	d := one(&typed{Doc: operation.Doc{Summary: "List"}})
	var buf bytes.Buffer
	if _, err := d.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	fresh := buf.String()
	const command = `OPENAPI_UPDATE=1 go test -run '^TestOpenAPI$/^v1$' .`
	tests := []struct {
		name string
		file string
		want []string // parts of the one error; none: no error
	}{
		{"fresh", fresh, nil},
		{"fresh, on Windows", strings.ReplaceAll(fresh, "\n", "\r\n"), nil},
		{
			"stale", strings.Replace(fresh, `"List"`, `"Show"`, 1),
			[]string{"stale from line 10 on", `file:             "summary": "Show",`, `document:         "summary": "List",`, command},
		},
		{"cut short", strings.TrimSuffix(fresh, "\n}\n"), []string{"file:     (end of file)", command}},
		{"too long", fresh + "more", []string{"file:     more", command}},
		{"empty", "", []string{"stale from line 1 on", command}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "openapi.json")
			if err := os.WriteFile(name, []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			wantErrors(t, d, name, tt.want)

			t.Setenv("OPENAPI_UPDATE", "1")
			wantErrors(t, d, name, nil)
			t.Setenv("OPENAPI_UPDATE", "")
			wantErrors(t, d, name, nil)
			if got, err := os.ReadFile(name); string(got) != fresh && tt.want != nil {
				t.Errorf("%v, written:\n%s", err, got)
			}
		})
	}
	t.Run("no file", func(t *testing.T) {
		wantErrors(t, d, filepath.Join(t.TempDir(), "openapi.json"), []string{"no such file", command})
	})
	t.Run("no document", func(t *testing.T) {
		wantErrors(t, one(&typed{Doc: operation.Doc{Security: []string{"x"}}}), "openapi.json", []string{`no security scheme "x"`})
	})
}

func wantErrors(t *testing.T, d *openapi.Document, file string, parts []string) {
	t.Helper()
	var f failing
	openapi.Check(&f, d, file)
	if parts == nil {
		if len(f.errors) > 0 {
			t.Errorf("failed: %s", f.errors)
		}
		return
	}
	if len(f.errors) != 1 {
		t.Fatalf("%d errors, want 1: %s", len(f.errors), f.errors)
	}
	for _, part := range parts {
		if !strings.Contains(f.errors[0], part) {
			t.Errorf("no %q in\n%s", part, f.errors[0])
		}
	}
}
