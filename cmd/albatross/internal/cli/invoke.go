package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
	"github.com/albatross-go/albatross/router/balancer"
)

func newInvoke(t *tool) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "invoke [options] [curl's arguments] URL -- command...",
		Short: "Run a function once, on a request or an event",
		Long: `Invoke starts the function, sends it one request through the load balancer and prints the HTTP response, as curl -i
does. With --event it hands it the event of a file and prints the answer JSON. What the function prints goes to
standard error, and so does what a load balancer holds against the answer. The exit status is 1 when a client would
get an answer of the load balancer's own, such as a 502, in place of the function's.

The function is a command behind --, or a Go package with --package.

"albatross --json invoke" prints one record: {"id", "start", "durationMs", "multiValueHeaders", "request", "event",
"answer", "response", "invocation", "log", "reason", "error", "findings"}, as the inspector exports it and
"albatross replay" reads it.`,
		Example: `  albatross invoke http://localhost/orders -- ./bootstrap
  albatross invoke --package ./cmd/orders --json '{"sku": "a"}' http://localhost/orders
  albatross invoke --multi-value -I localhost -- python3 -m awslambdaric app.handler
  albatross invoke --event event.json -- ./bootstrap`,
	}
	var (
		group      balancerFlags
		connection connectionFlags
		target     functionFlags
		event      string
	)
	cmd.Flags().StringVar(&event, "event", "", "invoke with the event JSON in this `file`, or - for standard input")
	group.add(cmd.Flags())
	connection.add(cmd.Flags())
	target.add(cmd.Flags())
	takeCurl(cmd, func(cmd *cobra.Command, args, command []string) error {
		spec, err := target.spec(command)
		if err != nil {
			return err
		}
		opts, err := group.options()
		if err != nil {
			return err
		}
		var run func(context.Context, *function.Function) *record.Record
		if event != "" {
			if len(args) > 0 {
				return usage("--event has the request, so %s says too much; give either", args[0])
			}
			data, err := t.read(event)
			if err != nil {
				return err
			}
			if !json.Valid(data) {
				return usage("--event %s is not JSON; give one event, or see albatross replay for several", event)
			}
			run = func(ctx context.Context, fn *function.Function) *record.Record { return invokeEvent(ctx, fn, data) }
		} else {
			r, err := connection.request(cmd.Context(), args, t.Stdin)
			if err != nil {
				return err
			}
			run = func(ctx context.Context, fn *function.Function) *record.Record {
				return send(r.WithContext(ctx), fn, opts)
			}
		}
		rec, err := t.run(cmd.Context(), spec, run)
		if err != nil {
			return err
		}
		return t.report(rec, event != "")
	})
	return cmd
}

// run starts the function, does one thing with it and ends it.
func (t *tool) run(ctx context.Context, spec function.Spec, do func(context.Context, *function.Function) *record.Record) (*record.Record, error) {
	screen := &console{to: t.Stderr}
	fn := function.New(spec, function.Options{OnLine: screen.add})
	defer context.AfterFunc(ctx, fn.Close)()
	if err := fn.Start(ctx); err != nil {
		fn.Close()
		return nil, err
	}
	rec := do(ctx, fn)
	fn.Close() // after which every line has been printed
	rec.Log = screen.take()
	return rec, ctx.Err()
}

// invokeEvent hands the function one event. What an ALB makes of the answer depends on the event's header mode.
func invokeEvent(ctx context.Context, fn *function.Function, event []byte) *record.Record {
	call := new(function.Call)
	rec := &record.Record{ID: 1, Start: time.Now(), MultiValue: isMultiValue(event), Event: record.Body{Bytes: event}}
	answer, err := fn.Invoke(function.WithCall(ctx, call), event)
	rec.Duration = record.Milliseconds(time.Since(rec.Start))
	rec.Answer.Bytes = answer
	rec.Invocation = invocationOf(call)
	if err != nil {
		rec.Reason, rec.Error = balancer.LambdaUnhandled, err.Error()
		return rec
	}
	rec.Findings = record.FindingsOf(balancer.Explain(answer, rec.MultiValue))
	if len(rec.Findings) > 0 {
		rec.Reason = rec.Findings[0].Reason
	}
	return rec
}

// isMultiValue reports whether the event is of a target group with multi-value headers.
func isMultiValue(event []byte) bool {
	var e struct {
		Header map[string]json.RawMessage `json:"multiValueHeaders"`
	}
	return json.Unmarshal(event, &e) == nil && e.Header != nil
}

// report prints the record, and what is held against the answer.
func (t *tool) report(rec *record.Record, answerOnly bool) error {
	switch {
	case t.json:
		if err := t.writeJSON(rec); err != nil {
			return err
		}
	case answerOnly:
		if len(rec.Answer.Bytes) > 0 {
			fmt.Fprintln(t.Stdout, indent(rec.Answer.Bytes))
		}
	default:
		writeResponse(t.Stdout, rec)
	}
	if !t.json {
		if rec.Error != "" && len(rec.Findings) == 0 {
			fmt.Fprintf(t.Stderr, "albatross: %s\n", rec.Error)
		}
		explain(t.Stderr, "albatross: ", rec.Findings)
	}
	if rec.Reason != "" || rec.Error != "" {
		return errBadNews
	}
	return nil
}

// writeResponse writes what the client got, as curl -i does.
func writeResponse(w io.Writer, rec *record.Record) {
	fmt.Fprintf(w, "HTTP/1.1 %d %s\r\n", rec.Response.Status, http.StatusText(rec.Response.Status))
	for _, h := range rec.Response.Headers {
		fmt.Fprintf(w, "%s: %s\r\n", h[0], h[1])
	}
	fmt.Fprint(w, "\r\n")
	_, _ = w.Write(rec.Response.Body.Bytes)
}
