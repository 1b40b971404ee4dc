// Table runs the benchmarks of this module and prints the medians as Markdown. Run it in the folder benchmarks:
//
//	go run ./cmd/table
//	go run ./cmd/table -readme README.md
//	go run ./cmd/table -results results/v1.2.3.txt
//
// The test binary is built once. Each pass runs every benchmark in a process of its own and in a new random order, so that what
// else the machine does, and what one benchmark leaves in its process, falls on all alike.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"github.com/albatross-go/albatross/benchmarks/internal/report"
)

func main() {
	var (
		passes    = flag.Int("passes", 6, "how often each benchmark is run")
		benchtime = flag.Duration("benchtime", 200*time.Millisecond, "how long one run takes")
		pattern   = flag.String("bench", ".", "which benchmarks are run, as in go test")
		results   = flag.String("results", "", "a file for the raw results, in the format that benchstat reads")
		readme    = flag.String("readme", "", "a file whose sections \"invoke\" and \"scale\" are replaced by the tables")
	)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *passes, *benchtime, *pattern, *results, *readme)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, passes int, benchtime time.Duration, pattern, results, readme string) error {
	raw, err := measure(ctx, passes, benchtime, pattern)
	if err != nil {
		return err
	}
	if results != "" {
		if err := os.WriteFile(results, raw, 0o644); err != nil { //nolint:gosec // it is committed for all to read
			return err
		}
	}
	s, err := parse(raw)
	if err != nil {
		return err
	}
	caption := fmt.Sprintf("%s, medians of %d passes.", s.machine(), passes)
	invoke := caption + "\n\n" + report.Table(s.invokeTable())
	scale := caption + "\n\n" + report.Table(s.scaleTable())
	if _, err := fmt.Fprintf(os.Stdout, "%s\n%s", invoke, scale); err != nil || readme == "" {
		return err
	}
	if err := report.ReplaceSection(readme, "invoke", invoke); err != nil {
		return err
	}
	return report.ReplaceSection(readme, "scale", scale)
}
