package main_test

import (
	"bufio"
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// The program as it is installed, in front of a program as Lambda runs it.
func TestProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds two programs")
	}
	albatross := build(t, ".")
	function := build(t, "../../examples/whatismyip", "-tags", "lambda.norpc")
	tests := []struct {
		name   string
		stdin  string
		args   []string
		status int
		want   string
	}{
		{"version", "", []string{"version"}, 0, "albatross "},
		{"invoke", "", []string{"invoke", "--client", "203.0.113.7", "http://localhost/whatismyip", "--", function}, 0, "\r\n\r\n203.0.113.7\n"},
		{"explain", `{"statusCode": "200"}`, []string{"explain"}, 1, "LambdaInvalidResponse"},
		{"usage", "", []string{"event"}, 2, "there is no URL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), albatross, tt.args...)
			cmd.Stdin = strings.NewReader(tt.stdin)
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			if cmd.ProcessState == nil {
				t.Fatal(err)
			}
			if status := cmd.ProcessState.ExitCode(); status != tt.status || !strings.Contains(out.String(), tt.want) {
				t.Errorf("status %d, want %d: %s", status, tt.status, &out)
			}
		})
	}
}

// A package is built and run in one go.
func TestPackage(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds two programs")
	}
	cmd := exec.CommandContext(t.Context(), build(t, "."), "invoke", "--dir", filepath.Join("..", ".."), "--package", "./examples/whatismyip",
		"--client", "203.0.113.7", "http://localhost/whatismyip")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.HasSuffix(string(out), "203.0.113.7\n") {
		t.Errorf("%v: %s", err, out)
	}
}

// A server goes on when nobody reads its output any more, and ends in order when its terminal is closed.
func TestServeTerminal(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("it builds two programs, and sends signals")
	}
	function := build(t, "../../examples/whatismyip", "-tags", "lambda.norpc")
	cmd := exec.CommandContext(t.Context(), build(t, "."), "serve", "--port", "0", "--no-inspect", "--no-watch", "--access-log", "-", "--", function)
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	defer write.Close()
	cmd.Stdout = write
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	url := ""
	for url == "" && lines.Scan() {
		if _, after, ok := strings.Cut(lines.Text(), "listener on "); ok {
			url, _, _ = strings.Cut(after, ";")
		}
	}
	for range 3 {
		res, err := http.Get(url + "/whatismyip")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK {
			t.Errorf("status %d", res.StatusCode)
		}
	}
	end := syscall.SIGHUP
	if signal.Ignored(end) { // under nohup, and then by the tool too
		end = syscall.SIGTERM
	}
	if err := cmd.Process.Signal(end); err != nil {
		t.Fatal(err)
	}
	last := ""
	for lines.Scan() {
		last = lines.Text()
	}
	_ = cmd.Wait() // what follows tells
	if !cmd.ProcessState.Exited() || !strings.Contains(last, "broken pipe") {
		t.Errorf("%v: %s", cmd.ProcessState, last)
	}
}

func build(t *testing.T, pkg string, flags ...string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	cmd := exec.CommandContext(t.Context(), "go", append(append([]string{"build", "-o", program}, flags...), pkg)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return program
}
