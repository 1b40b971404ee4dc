package function

import (
	"errors"
	"fmt"

	"github.com/albatross-go/albatross/router/runtimeapi"
)

// ErrStopped is what Invoke returns once Close has been called.
var ErrStopped = errors.New("the function was stopped")

// A NotReadyError says why there is nothing to invoke.
type NotReadyError struct{ State State }

// Remedy tells how to mend it.
func (e *NotReadyError) Remedy() string {
	return "mend what the function says at its start; it is started again when its sources change"
}

func (e *NotReadyError) Error() string { return "the function has not started: " + e.State.Error }

// withRemedy adds to an error of the function's start how to mend it, where it does not say so itself.
func withRemedy(err error) error {
	failure, ok := errors.AsType[*runtimeapi.FunctionError](err)
	if !ok {
		return err
	}
	remedy := "see what it printed"
	switch failure.Type {
	case "Runtime.InvalidEntrypoint":
		remedy = "check the command and the folder that it is run in"
	case "Sandbox.Timedout":
		remedy = "it has to ask Lambda's Runtime API for an event, as the runtime client of its language does"
	}
	return fmt.Errorf("%w; %s", err, remedy)
}
