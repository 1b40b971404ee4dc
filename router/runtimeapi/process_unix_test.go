//go:build unix

package runtimeapi_test

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

// isAlive tells whether the process runs. One that nobody has reaped yet does not.
func isAlive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func TestShutdownSignal(t *testing.T) {
	tests := []struct {
		name string
		mode string
		want bool
	}{
		{"an extension is registered", "sigterm", true},
		{"none is", "sigterm-unregistered", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out lockedBuffer
			rt := newRuntime(t, tt.mode, runtimeapi.WithStdout(&out))
			if _, err := invoke(t, rt, request{Do: "echo"}); err != nil {
				t.Fatal(err)
			}
			pid := rt.Pid()
			rt.Close()
			if got := strings.Contains(out.String(), "got SIGTERM"); got != tt.want {
				t.Errorf("SIGTERM received: %v, want %v", got, tt.want)
			}
			if isAlive(pid) {
				t.Errorf("process %d is alive", pid)
			}
		})
	}
}

func TestNothingIsLeft(t *testing.T) {
	goroutines := runtime.NumGoroutine()

	rt := newRuntime(t, "function", runtimeapi.WithConcurrency(2), runtimeapi.WithTimeout(2*time.Second))
	if err := rt.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	var children []int
	for range 2 { // one child of a process that overruns, one of a process that Close ends
		rep, err := invoke(t, rt, request{Do: "orphan"})
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, rep.PID, rt.Pid())
		if len(children) == 2 {
			if _, err := invoke(t, rt, request{Do: "hang"}); err == nil {
				t.Fatal("no timeout")
			}
		}
	}
	for _, pid := range children[2:] {
		if !isAlive(pid) {
			t.Errorf("process %d ended before Close", pid)
		}
	}
	rt.Close()

	for _, pid := range children {
		eventually(t, fmt.Sprintf("process %d ends", pid), func() bool { return !isAlive(pid) })
	}
	eventually(t, "the goroutines end", func() bool { return runtime.NumGoroutine() <= goroutines })
}
