//go:build unix

package runtimeapi

import (
	"errors"
	"io"
	"syscall"
)

// readNonblocking reads what is there; nothing is no error.
func readNonblocking(fd uintptr, p []byte) (int, error) {
	n, err := syscall.Read(int(fd), p)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return 0, nil
	case err != nil:
		return 0, err
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}
