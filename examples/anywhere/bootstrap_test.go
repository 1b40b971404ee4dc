//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// One binary, built as for Lambda, behind each front in a process of its own.
func TestBootstrap(t *testing.T) {
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-trimpath", "-o", bootstrap, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	for _, front := range []string{"", "alb"} {
		for _, multiValue := range []bool{false, true} {
			fn := runtimeapi.New([]string{bootstrap}, runtimeapi.WithEnv("ALBATROSS_FRONT="+front), runtimeapi.WithStderr(t.Output()))
			srv := httptest.NewServer(balancer.New(fn, balancer.WithMultiValueHeaders(multiValue)))
			status, body := get(t, srv.Client(), srv.URL, http.Header{"X-Forwarded-For": {"8.8.8.8"}})
			if status != http.StatusOK || body != "you are 127.0.0.1\n" {
				t.Errorf("front %q, multi-value %v: %d %q", front, multiValue, status, body)
			}
			srv.Close()
			fn.Close()
		}
	}

	t.Run("url", func(t *testing.T) {
		fn := runtimeapi.New([]string{bootstrap}, runtimeapi.WithEnv("ALBATROSS_FRONT=url"), runtimeapi.WithStderr(t.Output()))
		defer fn.Close()
		event, err := os.ReadFile("testdata/functionurl.json")
		if err != nil {
			t.Fatal(err)
		}
		answer, err := fn.Invoke(t.Context(), event)
		if err != nil {
			t.Fatal(err)
		}
		// Status and headers as JSON, eight zero bytes, the body: the form of a streamed response.
		prelude, body, _ := bytes.Cut(answer, make([]byte, 8))
		var head struct {
			StatusCode int
			Headers    map[string]string
		}
		if err := json.Unmarshal(prelude, &head); err != nil || head.StatusCode != http.StatusOK ||
			head.Headers["Content-Type"] != "text/plain; charset=utf-8" || string(body) != "you are 203.0.113.9\n" {
			t.Errorf("%q %v", answer, err)
		}
	})

	t.Run("server", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), bootstrap)
		cmd.Env = append(os.Environ(), "ALBATROSS_FRONT=server", "PORT=0")
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		banner, err := bufio.NewReader(stderr).ReadString('\n')
		port := regexp.MustCompile(`\d+$`).FindString(strings.TrimSpace(banner))
		if err != nil || port == "" {
			t.Fatalf("%q %v", banner, err)
		}
		status, body := get(t, http.DefaultClient, "http://127.0.0.1:"+port, http.Header{"X-Forwarded-For": {"8.8.8.8, 203.0.113.9"}})
		if status != http.StatusOK || body != "you are 203.0.113.9\n" {
			t.Errorf("%d %q", status, body)
		}
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("after SIGTERM: %v", err)
		}
	})

	t.Run("neither", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), bootstrap)
		cmd.Env = append(os.Environ(), "ALBATROSS_FRONT=nginx")
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "set it to alb, url or server") {
			t.Errorf("%v %s", err, out)
		}
	})
}
