// Coldstart measures whole processes: how large a bootstrap is, how soon it answers, and what it takes of memory. Run it in the
// folder benchmarks:
//
//	go run ./coldstart
//	go run ./coldstart -readme README.md
//
// Each program under programs is the same hello. It is built as for production and run by package runtimeapi, which stands in for
// Lambda. Every round starts each program once, in a new random order, so that what else the machine does falls on all alike.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

func main() {
	var (
		rounds = flag.Int("rounds", 20, "how often each program is started")
		readme = flag.String("readme", "", "a file whose section \"coldstart\" is replaced by the table")
	)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *rounds, *readme)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "coldstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, rounds int, readme string) (err error) {
	event, err := os.ReadFile("testdata/get.multi.json")
	if err != nil {
		return fmt.Errorf("%w; run it in the folder benchmarks", err)
	}
	dir, err := os.MkdirTemp("", "coldstart")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	programs := newPrograms()
	for _, p := range programs {
		if err := p.build(ctx, dir); err != nil {
			return err
		}
	}
	if err := measure(ctx, programs, rounds, event); err != nil {
		return err
	}
	text := fmt.Sprintf("linux/%s, medians of %d starts.\n\n%s", runtime.GOARCH, rounds, report.Table(table(programs)))
	if _, err := fmt.Fprint(os.Stdout, text); err != nil || readme == "" {
		return err
	}
	return report.ReplaceSection(readme, "coldstart", text)
}
