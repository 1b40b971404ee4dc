// Package cli is the commands of albatross.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A Terminal is what a command reads and writes.
type Terminal struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run runs the command that args name, without the program's name, and returns its exit status: 0, 1 when the answer is bad news, 2 when
// the command was not understood.
func Run(ctx context.Context, args []string, t Terminal) int {
	out := &output{to: t.Stdout}
	t.Stdout = out
	root := newRoot(t)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case out.err != nil:
		err = fmt.Errorf("standard output: %w", out.err)
	case err == nil:
		return 0
	case errors.Is(err, errBadNews):
		return 1
	case ctx.Err() != nil:
		err = errors.New("interrupted")
	}
	fmt.Fprintf(t.Stderr, "albatross: %v\n", err)
	if _, wrong := errors.AsType[*usageError](err); wrong {
		return 2
	}
	return 1
}

// An output remembers that something could not be written, so that commands need not look after every line.
type output struct {
	to  io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.to.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// errBadNews ends a command with exit status 1 that has said all there is to say.
var errBadNews = errors.New("bad news")

// A usageError is a command line that is not understood. Its text tells the remedy.
type usageError struct{ error }

func (e *usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// A tool is what the commands share.
type tool struct {
	Terminal
	json bool
}

func newRoot(t Terminal) *cobra.Command {
	shared := &tool{Terminal: t}
	root := &cobra.Command{
		Use:   "albatross",
		Short: "An Application Load Balancer in front of Lambda functions, on this machine",
		Long: `Albatross is the Application Load Balancer in front of a Lambda function, on this machine: for functions in any
language, exact down to its 502s, and it says why.

Exit status: 0 for success, 1 for bad news (a refusal, a 502, findings, a difference), 2 for a command line that
is not understood.`,
		Example: `  albatross event 'http://example.com/orders?page=2'
  albatross invoke http://localhost/orders -- ./bootstrap
  albatross explain response.json`,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		SilenceErrors:              true,
		TraverseChildren:           true, // --json before the command's name is the root's
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			hint := "see albatross --help"
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				hint = "did you mean " + strings.Join(near, " or ") + "?"
			}
			return usage("there is no command %s; %s", args[0], hint)
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(t.Stdin)
	root.SetOut(t.Stdout)
	root.SetErr(t.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usage("%w; see %s --help", err, cmd.CommandPath()) })
	root.PersistentFlags().BoolVar(&shared.json, "json", false, "write JSON, one value per line")
	root.AddCommand(newServe(shared), newEvent(shared), newInvoke(shared), newExplain(shared), newReplay(shared), newVersion(shared))
	return root
}

// writeJSON writes one value: on one line with --json, else indented.
func (t *tool) writeJSON(v any) error {
	e := json.NewEncoder(t.Stdout)
	e.SetEscapeHTML(false)
	if !t.json {
		e.SetIndent("", "  ")
	}
	return e.Encode(v)
}

// read returns a file, or all of standard input for "-".
func (t *tool) read(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(t.Stdin)
	}
	data, err := readFile(name)
	if err != nil {
		return nil, usage("%w; name a file that can be read, or - for standard input", err)
	}
	return data, nil
}
