package openapi

import (
	"bytes"
	"os"
	"strings"
)

// TB is what [Check] needs of a *testing.T.
type TB interface {
	// Helper keeps Check out of the place that a failure names.
	Helper()
	// Name is the test's, for the command that writes the file.
	Name() string
	// Errorf fails the test and lets it go on.
	Errorf(format string, args ...any)
}

// updateVariable is the environment variable that makes [Check] write the file.
const updateVariable = "OPENAPI_UPDATE"

// Check fails a test if file is not what d would be written to it as: if someone changed the API, but not the document that others
// have of it. Run the test with OPENAPI_UPDATE=1 in the environment to write the file. The file's lines may end as on Windows.
//
//	func TestOpenAPI(t *testing.T) {
//		openapi.Check(t, document(), "openapi.json")
//	}
func Check(t TB, d *Document, file string) {
	t.Helper()
	var buf bytes.Buffer
	if _, err := d.WriteTo(&buf); err != nil {
		t.Errorf("%v", err)
		return
	}
	if os.Getenv(updateVariable) == "1" {
		if err := os.WriteFile(file, buf.Bytes(), 0o644); err != nil { //nolint:gosec // a source file, for everyone to read
			t.Errorf("openapi: %v", err)
		}
		return
	}
	committed, err := os.ReadFile(file) //nolint:gosec // the test names its own file
	if err != nil {
		t.Errorf("openapi: %v; write it with: %s", err, renew(t))
		return
	}
	got := strings.Split(strings.ReplaceAll(string(committed), "\r\n", "\n"), "\n")
	want := strings.Split(buf.String(), "\n")
	for i := range max(len(got), len(want)) {
		if a, b := line(got, i), line(want, i); a != b {
			t.Errorf("openapi: %s is stale from line %d on.\nfile:     %s\ndocument: %s\nRenew it with: %s", file, i+1, a, b, renew(t))
			return
		}
	}
}

// renew is the command that writes the file of the test t, to be run in the test's directory.
func renew(t TB) string {
	name := strings.ReplaceAll("^"+t.Name()+"$", "/", "$/^")
	return updateVariable + "=1 go test -run '" + name + "' ."
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end of file)"
}
