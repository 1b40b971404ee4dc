package runtimeapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrClosed is what Start and Invoke return once Close has been called, also to calls that were under way.
var ErrClosed = errors.New("runtimeapi: runtime closed; create another with New")

// A FunctionError says that the function was invoked and failed. Its Type is the one that the function reported, or one
// of Lambda's own:
//
//   - Runtime.ExitError: the process ended before it answered.
//   - Runtime.InvalidEntrypoint: the process could not be started.
//   - Sandbox.Timedout: the invocation, or the init phase before it, took too long.
//   - Function.ResponseSizeTooLarge: the answer was over 6 MB.
type FunctionError struct {
	Type    string // errorType, see above
	Message string // errorMessage: what the function or Lambda said

	// StackTrace has one line per frame, innermost first, if the function reported any.
	StackTrace []string

	// Payload is the JSON document that the Lambda service answers with.
	Payload []byte
}

// Error has the type and the message.
func (e *FunctionError) Error() string {
	return fmt.Sprintf("runtimeapi: function failed: %s: %s", e.Type, e.Message)
}

// newFunctionError is an error in Lambda's own words.
func newFunctionError(typ, message string) *FunctionError {
	payload, err := json.Marshal(struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}{typ, message})
	if err != nil {
		panic(err) // two strings always marshal
	}
	return &FunctionError{Type: typ, Message: message, Payload: payload}
}

// reportedError is an error in the function's words: the JSON document it sent. If that is not a JSON object, all that
// is known is typ, the type named beside it.
func reportedError(payload []byte, typ string) *FunctionError {
	var fields map[string]json.RawMessage
	if json.Unmarshal(payload, &fields) != nil || fields == nil {
		return newFunctionError(typ, "")
	}
	e := &FunctionError{
		Type:    cmp.Or(text(fields["errorType"]), typ),
		Message: text(fields["errorMessage"]),
		Payload: payload,
	}
	var frames []json.RawMessage
	if json.Unmarshal(fields["stackTrace"], &frames) == nil {
		for _, f := range frames {
			e.StackTrace = append(e.StackTrace, text(f))
		}
	}
	return e
}

// text is what a JSON value says: a string's content, "path:line label" for a frame as Go functions report it,
// otherwise the JSON itself.
func text(v json.RawMessage) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	var frame struct {
		Path  string `json:"path"`
		Line  int    `json:"line"`
		Label string `json:"label"`
	}
	if json.Unmarshal(v, &frame) == nil && frame.Label != "" {
		return fmt.Sprintf("%s:%d %s", frame.Path, frame.Line, frame.Label)
	}
	return string(v)
}

// A cause tells why an execution environment ended, as the error of one of its invocations.
type cause func(requestID string) error

// closed is the cause of an environment that Close ended.
func closed(string) error { return ErrClosed }

// because is a cause in Lambda's own words, which name the invocation if there is one.
func because(typ, what string) cause {
	return func(requestID string) error {
		if requestID == "" {
			return newFunctionError(typ, "Error: "+what)
		}
		return newFunctionError(typ, fmt.Sprintf("RequestId: %s Error: %s", requestID, what))
	}
}

// exited is the cause of a process that ended by itself. err comes from exec.Cmd.Wait.
func exited(err error) cause {
	if err == nil {
		return because("Runtime.ExitError", "Runtime exited without providing a reason")
	}
	return because("Runtime.ExitError", "Runtime exited with error: "+err.Error())
}

func timedOut(what string, limit time.Duration) cause {
	return because("Sandbox.Timedout", fmt.Sprintf("%s timed out after %.2f seconds", what, limit.Seconds()))
}
