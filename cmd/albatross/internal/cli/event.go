package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"log"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/router/balancer"
)

// A refusal is the JSON of an answer that the load balancer gives by itself.
type refusal struct {
	Status int    `json:"status"`
	Reason string `json:"reason,omitempty"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

func newEvent(t *tool) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "event [options] [curl's arguments] URL",
		Short: "Print the event that the load balancer would make of a request",
		Long: `Event prints the event JSON that an Application Load Balancer would hand to the function for this request.
With --both it is an object of two events, singleValue and multiValue, one for each header mode.

Where the load balancer would answer by itself, the reason goes to standard error and the exit status is 1; with
"albatross --json event", it goes to standard output as {"refusal": {"status", "reason", "detail", "remedy"}}.`,
		Example: `  albatross event 'http://example.com/orders?page=2'
  albatross event --multi-value -d name=albatross https://example.com/birds
  albatross event --both -H 'Cookie: a=1' -H 'Cookie: b=2' example.com
  albatross event --client 203.0.113.7 --login claims.json https://example.com/`,
	}
	var (
		group      balancerFlags
		connection connectionFlags
		both       bool
	)
	cmd.Flags().BoolVar(&both, "both", false, "print the events of both header modes")
	group.add(cmd.Flags())
	connection.add(cmd.Flags())
	takeCurl(cmd, func(cmd *cobra.Command, args, command []string) error {
		if len(command) > 0 {
			return usage("event runs no function, so nothing follows --; to run one, see albatross invoke --help")
		}
		opts, err := group.options()
		if err != nil {
			return err
		}
		var read bytes.Buffer // of standard input, for the second event
		var stdin = io.TeeReader(t.Stdin, &read)
		event := func(multiValue bool) (json.RawMessage, error) {
			r, err := connection.request(cmd.Context(), args, stdin)
			if err != nil {
				return nil, err
			}
			return balancer.New(nil, append(opts, balancer.WithMultiValueHeaders(multiValue), quiet)...).Event(r)
		}
		if !both {
			e, err := event(group.multiValue)
			if err != nil {
				return t.refused(err)
			}
			return t.writeJSON(e)
		}
		var events struct {
			SingleValue json.RawMessage `json:"singleValue"`
			MultiValue  json.RawMessage `json:"multiValue"`
		}
		if events.SingleValue, err = event(false); err != nil {
			return t.refused(err)
		}
		stdin = &read
		if events.MultiValue, err = event(true); err != nil {
			return t.refused(err)
		}
		return t.writeJSON(events)
	})
	return cmd
}

// quiet keeps the balancer from explaining what the command itself explains.
var quiet = balancer.WithErrorLog(log.New(io.Discard, "", 0))

// refused tells why there is no event.
func (t *tool) refused(err error) error {
	r, ok := errors.AsType[*balancer.Refusal](err)
	if !ok || !t.json {
		return err
	}
	if err := t.writeJSON(map[string]refusal{"refusal": refusal(*r)}); err != nil {
		return err
	}
	return errBadNews
}
