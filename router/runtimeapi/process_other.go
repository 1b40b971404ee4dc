//go:build !unix

package runtimeapi

import (
	"os"
	"syscall"
)

// Without process groups and SIGTERM, the process alone is ended, and without warning.

func newProcessGroup() *syscall.SysProcAttr { return nil }

func terminateGroup(p *os.Process) { killGroup(p) }

func killGroup(p *os.Process) { _ = p.Kill() }
