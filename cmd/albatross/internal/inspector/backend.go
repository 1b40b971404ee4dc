package inspector

import (
	"context"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A Backend is what the inspector inspects. It must be safe for concurrent use. Its errors are shown on the page.
type Backend interface {
	// Send sends a request through the listener, recorded like any other, and returns its record.
	Send(ctx context.Context, request record.Message, how Send) (*record.Record, error)

	// Compare sends a request once in either header mode.
	Compare(ctx context.Context, request record.Message) (single, multi *record.Record, err error)

	// Functions returns the functions, always in the same order. [Store.Wake] tells that a state has changed.
	Functions() []FunctionState

	// SetMultiValue sets the header mode of a function's target group.
	SetMultiValue(function string, on bool) error

	// Restart starts a function anew.
	Restart(function string) error
}

// Send says how a request is sent.
type Send struct {
	ReplayOf   int64 // the record that is sent again; 0 for a new request
	MultiValue *bool // header mode for this request alone; nil for the target group's
}

// A FunctionState is a function as the page shows it.
type FunctionState struct {
	Name       string    `json:"name"`
	Phase      string    `json:"phase"` // building, starting, ready, broken or stopped
	Since      time.Time `json:"since,omitzero"`
	Build      string    `json:"build,omitempty"` // what a failed build printed
	Error      string    `json:"error,omitempty"`
	MultiValue bool      `json:"multiValueHeaders"`
	Command    []string  `json:"command,omitempty"`
	Memory     int       `json:"memoryMb,omitempty"`
	Timeout    float64   `json:"timeoutSeconds,omitempty"`
	Init       float64   `json:"initMs,omitempty"`
	Generation int       `json:"generation,omitempty"` // counts the starts; 0 is none that serves
}
