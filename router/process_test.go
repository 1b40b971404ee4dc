//go:build unix && !lambda.norpc

package router_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// A process is a program that serves through the local load balancer.
type process struct {
	cmd    *exec.Cmd
	stdin  io.Writer
	banner string // what it said when it began to listen
	url    string // where it listens, by its own account

	mu     sync.Mutex
	stderr bytes.Buffer
}

// start runs the program of TestMain with that name on a free port, unless env has PORT, and ends it with the test.
func start(t *testing.T, program string, env ...string) *process {
	t.Helper()
	return startCommand(t, command(t, os.Args[0], append([]string{programVariable + "=" + program}, env...)...))
}

func startCommand(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd}
	cmd.Stderr = p
	var err error
	if p.stdin, err = cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	p.banner = p.waitFor(t, "local load balancer on ")
	p.url = regexp.MustCompile(`http://[^, ]+`).FindString(p.banner)
	return p
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stderr.Write(b)
}

// waitFor returns the first line on standard error that contains text.
func (p *process) waitFor(t *testing.T, text string) (line string) {
	t.Helper()
	eventually(t, "a line with "+text, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		for line = range strings.Lines(p.stderr.String()) {
			if strings.Contains(line, text) && strings.HasSuffix(line, "\n") {
				return true
			}
		}
		return false
	})
	return line
}

// command is a program in an environment that does not come from this test's own. It is killed when the test ends.
func command(t *testing.T, name string, env ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name)
	cmd.Env = append(os.Environ(), "PORT=0", "ALB_MULTI_VALUE_HEADERS=", "AWS_LAMBDA_RUNTIME_API=", "GORACE=atexit_sleep_ms=0")
	cmd.Env = append(cmd.Env, env...)
	return cmd
}

func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return 0
}

func build(t *testing.T, output string, args ...string) {
	t.Helper()
	watch(t)
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"build", "-o", output}, args...)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// eventually waits for a condition that other processes bring about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}
