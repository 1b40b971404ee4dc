package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// outcome is the JSON of one event that was replayed.
type outcome struct {
	File        string         `json:"file"`
	Index       int            `json:"index"` // in the file, from 1
	Compared    bool           `json:"compared"`
	Differences []difference   `json:"differences,omitempty"`
	Record      *record.Record `json:"record"`
}

func newReplay(t *tool) *cobra.Command {
	var (
		target  functionFlags
		ignored []string
	)
	cmd := &cobra.Command{
		Use:   "replay [options] file... -- command...",
		Short: "Run a function on captured events, and compare the answers",
		Long: `Replay runs the function on each event of the files (- is standard input) and prints the answers. A file holds
events or records, as "albatross --json invoke" prints and the inspector exports them: one, a JSON array, or one
after the other. Records have the answer that the function gave then, and the new one is compared with it: status,
header, and the body, as JSON where both are. The exit status is 1 when something differs, or when a client would
get a 502.

The function is a command behind --, or a Go package with --package.

With --json it prints one line per event: {"file", "index", "compared", "differences": [{"path", "before",
"after"}], "record"}. A difference without before, or without after, is something that came or went.`,
		Example: `  albatross replay events.json -- ./bootstrap
  albatross replay --package ./cmd/orders --ignore-header date --ignore-header etag capture.jsonl
  albatross --json invoke localhost/orders -- ./old > then.json; albatross replay then.json -- ./new`,
		DisableFlagsInUseLine: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			files, command := args, []string(nil)
			if dash := cmd.ArgsLenAtDash(); dash >= 0 {
				files, command = args[:dash], args[dash:]
			}
			if len(files) == 0 {
				return usage("there is no file of events; name one before --, or - for standard input")
			}
			spec, err := target.spec(command)
			if err != nil {
				return err
			}
			var captures []capture
			for _, name := range files {
				data, err := t.read(name)
				if err != nil {
					return err
				}
				c, err := parseCaptures(name, data)
				if err != nil {
					return err
				}
				captures = append(captures, c...)
			}
			return t.replay(cmd.Context(), spec, captures, ignored)
		},
	}
	cmd.Flags().StringArrayVar(&ignored, "ignore-header", nil, "do not compare the header of this `name`")
	target.add(cmd.Flags())
	return cmd
}

// replay runs the function on all captures and tells of each.
func (t *tool) replay(ctx context.Context, spec function.Spec, captures []capture, ignored []string) error {
	screen := &console{to: t.Stderr}
	fn := function.New(spec, function.Options{OnLine: screen.add})
	defer fn.Close()
	defer context.AfterFunc(ctx, fn.Close)()
	if err := fn.Start(ctx); err != nil {
		return err
	}
	bad := false
	for _, c := range captures {
		rec := invokeEvent(ctx, fn, c.event)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rec.ID, rec.ReplayOf, rec.Log = int64(c.index), c.id, screen.take()
		o := outcome{File: c.file, Index: c.index, Compared: c.hasAnswer, Record: rec}
		if o.Compared {
			o.Differences = compareAnswers(c.answer, rec.Answer.Bytes, ignored)
		}
		bad = bad || len(o.Differences) > 0 || rec.Reason != ""
		if err := t.writeOutcome(&o, c.title); err != nil {
			return err
		}
	}
	if bad {
		return errBadNews
	}
	return nil
}

func (t *tool) writeOutcome(o *outcome, title string) error {
	if t.json {
		return t.writeJSON(o)
	}
	result := ""
	switch {
	case len(o.Differences) > 0:
		result = ": differs"
	case o.Compared:
		result = ": the same"
	}
	fmt.Fprintf(t.Stdout, "%s:%d %s%s (%.0f ms)\n", o.File, o.Index, oneLine(title), result, o.Record.Duration)
	for _, d := range o.Differences {
		fmt.Fprintf(t.Stdout, "  %s\n", oneLine(d.Path))
		writeSide(t, "-", d.Before)
		writeSide(t, "+", d.After)
	}
	if len(o.Record.Answer.Bytes) > 0 && !o.Compared {
		fmt.Fprintln(t.Stdout, indent(o.Record.Answer.Bytes))
	}
	if o.Record.Error != "" {
		fmt.Fprintf(t.Stdout, "  %s\n", o.Record.Error)
	}
	explain(t.Stdout, "", o.Record.Findings)
	return nil
}

func writeSide(t *tool, sign string, v json.RawMessage) {
	if v != nil {
		fmt.Fprintf(t.Stdout, "    %s %s\n", sign, v)
	}
}
