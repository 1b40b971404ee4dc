//go:build unix && !lambda.norpc

package router_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The hello program is at most 100 KB larger as a bootstrap than one that does without Albatross, and 450 KB with the recommended
// middleware: the local load balancer, and whatever else only a laptop needs, is left out of it. What a package adds counts from hello.
func TestBootstrapSize(t *testing.T) {
	for _, arch := range []string{"arm64", "amd64"} {
		t.Run(arch, func(t *testing.T) {
			t.Setenv("GOOS", "linux")
			t.Setenv("GOARCH", arch)
			size := func(program string) int64 {
				bootstrap := filepath.Join(t.TempDir(), "bootstrap")
				build(t, bootstrap, "-tags", "lambda.norpc", "-trimpath", "-ldflags", "-s -w", "./testdata/"+program)
				info, err := os.Stat(bootstrap)
				if err != nil {
					t.Fatal(err)
				}
				return info.Size()
			}
			sizes := map[string]int64{}
			for _, program := range []string{"bare", "hello", "defaults", "login", "imported", "typed"} {
				sizes[program] = size(program)
			}
			for _, tt := range []struct {
				program, than string
				most          int64
			}{
				{"hello", "bare", 100_000},
				{"defaults", "bare", 450_000},
				{"login", "hello", 120_000},    // middleware/oidc
				{"imported", "hello", 200_000}, // binding, of which the linker leaves out what is not used
				{"typed", "hello", 480_000},    // binding with a handler, which has a use for nearly all of it
			} {
				added := sizes[tt.program] - sizes[tt.than]
				t.Logf("%s %d bytes, %s %+d", tt.than, sizes[tt.than], tt.program, added)
				if added > tt.most {
					t.Errorf("%s is %d bytes larger than %s, want at most %d", tt.program, added, tt.than, tt.most)
				}
			}
		})
	}
}

// A method called through package reflect by a name that the linker cannot know keeps every exported method of every type.
func TestBootstrapIsPruned(t *testing.T) {
	watch(t)
	cmd := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-ldflags", "-dumpdep", "-o", os.DevNull, "./testdata/defaults")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "<ReflectMethod>") {
			t.Errorf("%s", line)
		}
	}
	if !strings.Contains(string(out), "main.main -> ") {
		t.Error("the linker did not say what depends on what")
	}
}
