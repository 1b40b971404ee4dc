package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

// verdict is the JSON of what a load balancer makes of a response.
type verdict struct {
	Delivered bool             `json:"delivered"`        // false for a 502
	Reason    string           `json:"reason,omitempty"` // of the 502, as in the access log
	Findings  []record.Finding `json:"findings"`
}

func newExplain(t *tool) *cobra.Command {
	var multiValue bool
	cmd := &cobra.Command{
		Use:   "explain [--multi-value] [file | -]",
		Short: "Say what the load balancer holds against a function's response",
		Long: `Explain reads the response JSON of a function, from a file or from standard input, and says why a load balancer
would answer 502, or what it would drop or alter in silence, and how to mend it. The exit status is 0 without
findings, 1 with findings.

With --json it prints {"delivered", "reason", "findings": [{"reason", "field", "problem", "remedy"}]}. A finding
with a reason means a 502.`,
		Example: `  albatross explain response.json
  echo '{"statusCode": "200"}' | albatross explain
  aws lambda invoke --function-name orders --payload file://event.json /dev/stdout | albatross explain --multi-value`,
		Args:                  atMost(1),
		DisableFlagsInUseLine: true,
		RunE: func(_ *cobra.Command, args []string) error {
			name := "-"
			if len(args) > 0 {
				name = args[0]
			}
			answer, err := t.read(name)
			if err != nil {
				return err
			}
			v := verdict{Delivered: true, Findings: record.FindingsOf(balancer.Explain(answer, multiValue))}
			if len(v.Findings) > 0 {
				v.Reason = v.Findings[0].Reason
				v.Delivered = v.Reason == ""
			}
			if t.json {
				err = t.writeJSON(v)
			} else {
				if len(v.Findings) == 0 {
					fmt.Fprintln(t.Stdout, "The client gets the response as it stands.")
				}
				explain(t.Stdout, "", v.Findings)
			}
			if err != nil || len(v.Findings) == 0 {
				return err
			}
			return errBadNews
		},
	}
	cmd.Flags().BoolVar(&multiValue, "multi-value", false, "the target group has multi-value headers enabled")
	return cmd
}

// explain writes the findings, each with its remedy on a line of its own.
func explain(w io.Writer, prefix string, findings []record.Finding) {
	if len(findings) == 0 {
		return
	}
	if reason := findings[0].Reason; reason != "" {
		fmt.Fprintf(w, "%sThe client gets a 502, for the reason %s.\n", prefix, reason)
	} else {
		fmt.Fprintf(w, "%sThe client gets the response, but not as it stands.\n", prefix)
	}
	for _, f := range findings {
		field := f.Field
		if field != "" {
			field += " "
		}
		fmt.Fprintf(w, "  %s%s\n    %s\n", oneLine(field), oneLine(f.Problem), oneLine(f.Remedy))
	}
}

// oneLine keeps what came out of a response from steering the terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// atMost allows n arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage("%s is one argument too many; see %s --help", args[n], cmd.CommandPath())
		}
		return nil
	}
}
