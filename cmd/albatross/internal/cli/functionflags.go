package cli

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// functionFlags say what the function is and how it is run. The command itself is what follows "--".
type functionFlags struct {
	pkg     string
	dir     string
	env     []string
	envFile string
	timeout time.Duration
	memory  int
}

func (f *functionFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.pkg, "package", "", "build and run the Go `package` in this folder, in place of a command")
	flags.StringVar(&f.dir, "dir", "", "run the function in this `folder`")
	flags.StringArrayVar(&f.env, "env", nil, "set `NAME=value` for the function")
	flags.StringVar(&f.envFile, "env-file", "", "set the lines NAME=value of a `file` for the function")
	flags.DurationVar(&f.timeout, "timeout", 3*time.Second, "the function's timeout")
	flags.IntVar(&f.memory, "memory", 128, "memory in MB that the function is told of; it is not enforced")
}

// spec makes one function of the flags and the command after "--".
func (f *functionFlags) spec(command []string) (function.Spec, error) {
	switch {
	case f.pkg == "" && len(command) == 0:
		return function.Spec{}, usage("there is no function; write -- and its command at the end, or --package and a folder")
	case f.pkg != "" && len(command) > 0:
		return function.Spec{}, usage("--package %s and the command %s are two functions; give one", f.pkg, command[0])
	case f.timeout <= 0:
		return function.Spec{}, usage("--timeout is %v; give a positive one, such as 3s", f.timeout)
	case f.memory < 128 || f.memory > 10240:
		return function.Spec{}, usage("--memory is %d; give 128 to 10240, as Lambda takes", f.memory)
	}
	if info, err := os.Stat(f.dir); f.dir != "" && (err != nil || !info.IsDir()) {
		return function.Spec{}, usage("there is no folder %s to run the function in; name one that is there", f.dir)
	}
	env, err := f.environment()
	if err != nil {
		return function.Spec{}, err
	}
	return function.Spec{Command: command, Package: f.pkg, Dir: f.dir, Env: env, Timeout: f.timeout, Memory: f.memory, Concurrency: 1, NoWatch: true}, nil
}

// A console writes what a function prints, line by line. It is safe for concurrent use.
type console struct {
	mu    sync.Mutex
	to    io.Writer
	lines []record.Line
}

func (c *console) add(line record.Line) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lines = append(c.lines, line)
	_, _ = io.WriteString(c.to, line.Printed()+"\n") // a terminal that is gone cannot be told
}

// take returns the lines since the last call.
func (c *console) take() []record.Line {
	c.mu.Lock()
	defer c.mu.Unlock()
	lines := c.lines
	c.lines = nil
	return lines
}
