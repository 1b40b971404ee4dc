//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endWithGroup makes the command the leader of a process group that ends as a whole when the command's context does.
func endWithGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
