// Albatross is the Application Load Balancer in front of Lambda functions, on this machine, for functions in any language.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/albatross-go/albatross/cmd/albatross/internal/cli"
)

func main() {
	os.Exit(run())
}

func run() int {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup does
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	defer stop()
	return cli.Run(ctx, os.Args[1:], cli.Terminal{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr})
}
