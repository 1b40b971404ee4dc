//go:build !race

package middleware_test

import (
	"testing"

	"github.com/albatross-go/albatross/middleware"
)

// The race detector allocates on its own account.

func TestTraceIDAllocations(t *testing.T) {
	for _, tt := range traceBenches {
		if n := testing.AllocsPerRun(100, traceBench(tt.header, tt.traceparent)); n > tt.allocations {
			t.Errorf("%s: %v allocations, want %v", tt.name, n, tt.allocations)
		}
	}
	trace := middleware.Trace{Root: guideRoot}
	if n := testing.AllocsPerRun(100, func() { trace.ID() }); n > 1 {
		t.Errorf("ID: %v allocations, want 1", n)
	}
}
