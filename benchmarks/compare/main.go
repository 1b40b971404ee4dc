package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

const (
	fullRounds  = 20 // a median of fewer starts says little
	quickRounds = 3
)

// A task is what the command line asks for.
type task struct {
	only   string
	rounds int
	quick  bool
	cache  string
	folder string
	readme string
}

func main() {
	var t task
	flag.StringVar(&t.only, "only", "", "run these alone: names of folders under compare/services, with commas")
	flag.IntVar(&t.rounds, "rounds", 0, fmt.Sprintf("how often each framework is started, %d unless -quick is given", fullRounds))
	flag.BoolVar(&t.quick, "quick", false, "the Go frameworks, few requests, no installation")
	flag.StringVar(&t.cache, "cache", "", "folder for what is installed; one in the user's cache if empty")
	flag.StringVar(&t.folder, "o", "", "folder for the report; compare itself if empty, or one in the cache with -quick or -only")
	flag.StringVar(&t.readme, "readme", "", "a Markdown file with a section for the summary, to write that into")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := t.run(ctx, os.Stderr)
	if ctx.Err() != nil {
		err = errors.New("interrupted; nothing is written")
	}
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func (t *task) run(ctx context.Context, progress io.Writer) error {
	w, err := newWorkshop(ctx, t.cache, progress)
	if err != nil {
		return err
	}
	w.offline = t.quick
	chosen, unknown := choose(frameworks(), t.only, t.quick)
	if len(unknown) > 0 {
		return fmt.Errorf("no framework %s; -only takes %s", strings.Join(unknown, ", "), sources())
	}
	l, rounds := fullLoad, fullRounds
	if t.quick {
		l, rounds = quickLoad, quickRounds
	}
	if t.rounds > 0 {
		rounds = t.rounds
	}
	r := &results{
		Machine: describeMachine(), Toolchains: checkToolchains(ctx, chosen, progress),
		Rounds: rounds, Warm: l.warm, Requests: l.requests,
	}
	contenders, err := w.prepare(ctx, chosen, r)
	if err != nil {
		return err
	}
	if r.Noise, err = w.measure(ctx, contenders, rounds, l); err != nil {
		return err
	}
	for _, c := range contenders {
		c.finish()
	}
	folder := t.output(w)
	if err := r.publish(folder); err != nil {
		return err
	}
	if t.readme != "" {
		if err := r.writeSummary(t.readme); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(progress, "written    %s\n", filepath.Join(folder, "report.md"))
	return r.verdict()
}

// prepare makes and tries each framework, and tells of those that cannot be run.
func (w *workshop) prepare(ctx context.Context, chosen []framework, r *results) ([]*contender, error) {
	var contenders []*contender
	for _, f := range chosen {
		result := &result{Name: f.name, Version: f.version, Language: f.language, Runtime: f.runtime, Note: f.note, Floor: f.floor}
		r.Frameworks = append(r.Frameworks, result)
		if missing := f.missing(r.Toolchains); len(missing) > 0 {
			result.Skipped = "not on this machine: " + strings.Join(missing, ", ")
		} else if err := w.try(ctx, &f, result); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			result.Skipped = oneLine(w.scrub(err.Error()), 400)
		}
		if result.Skipped != "" {
			_, _ = fmt.Fprintf(w.progress, "skipped    %-20s %s\n", f.name, result.Skipped)
			continue
		}
		_, _ = fmt.Fprintf(w.progress, "tried      %-20s %s wrong\n", f.name, wrongCount(result))
		contenders = append(contenders, &contender{framework: f, result: result, laps: map[string][]lap{}})
	}
	return contenders, ctx.Err()
}

func (w *workshop) try(ctx context.Context, f *framework, result *result) (err error) {
	if err := w.make(ctx, f); err != nil {
		return err
	}
	if result.Size, err = w.size(f); err != nil {
		return err
	}
	result.Matrix, err = w.tryRows(ctx, f)
	return err
}

// output is where the report goes. The published one is of a whole run, so another is not written over it unasked.
func (t *task) output(w *workshop) string {
	switch {
	case t.folder != "":
		return t.folder
	case t.quick || t.only != "":
		return filepath.Join(w.cache, "report")
	}
	return filepath.Join(w.module, "compare")
}

func (r *results) publish(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // it is published
		return err
	}
	timed := slices.DeleteFunc(slices.Clone(r.Frameworks), func(r *result) bool { return r.Speed == nil })
	return errors.Join(
		r.write(filepath.Join(folder, "results.json")),
		r.writeReport(filepath.Join(folder, "report.md")),
		writePlots(folder, timed),
	)
}

// verdict is an error if our own framework was chosen and did not run, or got a row wrong.
func (r *results) verdict() error {
	for _, f := range r.Frameworks {
		if f.Name != ours {
			continue
		}
		if reason := f.Skipped + f.Failed; reason != "" {
			return fmt.Errorf("%s did not run: %s", ours, reason)
		}
		if rows := f.wrongRows(); len(rows) > 0 {
			return fmt.Errorf("%s is wrong:\n%s", ours, strings.Join(rows, "\n"))
		}
	}
	return nil
}

func sources() string {
	all := frameworks()
	names := make([]string, 0, len(all))
	for i := range all {
		names = append(names, all[i].source)
	}
	return strings.Join(names, ", ")
}
