//go:build unix

package runtimeapi

import (
	"os"
	"syscall"
)

// newProcessGroup makes the process the leader of a group of its own, so that its children end with it and a terminal's
// Ctrl-C does not reach it.
func newProcessGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}

// terminateGroup asks the group that p leads to end. That none of it may be left is no error.
func terminateGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGTERM)
}

// killGroup ends the group that p leads, even after p itself has ended.
func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
}
