package runtimeapi

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"time"
)

// An Option changes a default of [New].
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	timeout     time.Duration
	initTimeout time.Duration
	concurrency int
	env         []string
	dir         string
	stdout      io.Writer
	stderr      io.Writer
	name        string
	memory      int
	region      string
	addr        string
	observer    func(Invocation)
}

func newConfig(opts []Option) config {
	c := config{
		timeout:     3 * time.Second,
		initTimeout: 10 * time.Second,
		concurrency: 1,
		stdout:      os.Stdout,
		stderr:      os.Stderr,
		name:        "function",
		memory:      128,
		region:      cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1"),
		addr:        "127.0.0.1:0",
	}
	for _, o := range opts {
		o.apply(&c)
	}
	c.stdout = cmp.Or(c.stdout, io.Discard)
	c.stderr = cmp.Or(c.stderr, io.Discard)
	return c
}

// WithTimeout sets how long one invocation may run, Lambda's default of 3 s otherwise. It panics unless d is positive.
func WithTimeout(d time.Duration) Option {
	if d <= 0 {
		panic(fmt.Sprintf("runtimeapi: timeout %v; use a positive duration", d))
	}
	return optionFunc(func(c *config) { c.timeout = d })
}

// WithInitTimeout sets how long the process may take from its start to its first poll, Lambda's 10 s otherwise.
// It panics unless d is positive.
func WithInitTimeout(d time.Duration) Option {
	if d <= 0 {
		panic(fmt.Sprintf("runtimeapi: init timeout %v; use a positive duration", d))
	}
	return optionFunc(func(c *config) { c.initTimeout = d })
}

// WithConcurrency lets the process work on n invocations at once, 1 otherwise. The process is told through
// AWS_LAMBDA_MAX_CONCURRENCY. It panics unless n is positive.
func WithConcurrency(n int) Option {
	if n <= 0 {
		panic(fmt.Sprintf("runtimeapi: concurrency %d; use 1 or more", n))
	}
	return optionFunc(func(c *config) { c.concurrency = n })
}

// WithEnv adds variables in the form "KEY=value" to the environment of the process. They win over Lambda's, which win
// over those of this process, and a later one wins over an earlier.
func WithEnv(keyValues ...string) Option {
	keyValues = slices.Clone(keyValues)
	return optionFunc(func(c *config) { c.env = append(c.env, keyValues...) })
}

// WithDir sets the working directory of the process, that of this process otherwise. A relative command is looked up
// from there.
func WithDir(dir string) Option {
	return optionFunc(func(c *config) { c.dir = dir })
}

// WithStdout sends the standard output of the process to w, os.Stdout otherwise. Each Write has whole lines, save for
// lines over 64 KB, and no two Writes to w and to the writer of [WithStderr] overlap. On Unix, what the process prints before
// it polls or answers is written before Start or Invoke returns. A nil w discards the output.
func WithStdout(w io.Writer) Option {
	return optionFunc(func(c *config) { c.stdout = w })
}

// WithStderr is [WithStdout] for standard error, os.Stderr otherwise.
func WithStderr(w io.Writer) Option {
	return optionFunc(func(c *config) { c.stderr = w })
}

// Lambda API reference: CreateFunction, FunctionName.
var functionName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// WithFunctionName sets the name of the function, "function" otherwise. It panics on a name that Lambda would refuse:
// letters, digits, hyphens and underscores, at most 64.
func WithFunctionName(name string) Option {
	if !functionName.MatchString(name) {
		panic(fmt.Sprintf("runtimeapi: function name %q; use up to 64 letters, digits, hyphens and underscores", name))
	}
	return optionFunc(func(c *config) { c.name = name })
}

// WithMemorySize sets the memory size in MB that the process is told, 128 otherwise. Nothing enforces it.
func WithMemorySize(mb int) Option {
	return optionFunc(func(c *config) { c.memory = mb })
}

// WithRegion sets the AWS Region of the function, otherwise that of this process's AWS_REGION or AWS_DEFAULT_REGION,
// or else us-east-1.
func WithRegion(region string) Option {
	return optionFunc(func(c *config) { c.region = region })
}

// WithAddr sets the TCP address that [Runtime.Start] listens on, a free port of 127.0.0.1 otherwise. Safe only when
// everybody who can reach the address may run the function.
func WithAddr(addr string) Option {
	return optionFunc(func(c *config) { c.addr = addr })
}

// WithObserver calls f for each invocation that the process was given, once it has ended: before [Runtime.Invoke] returns
// unless the caller went away first.
func WithObserver(f func(Invocation)) Option {
	return optionFunc(func(c *config) { c.observer = f })
}
