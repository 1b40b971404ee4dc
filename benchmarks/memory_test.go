package benchmarks_test

import (
	"runtime"
	"testing"

	"github.com/albatross-go/albatross/router/alb"
)

// One invocation that echoes 700 KB may take four times the body at its peak. What it allocates altogether, which is tested
// here, is never less than its peak.
func TestPeakMemory(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates on its own account")
	}
	s := newSite()
	var echo testCase
	for _, c := range cases(s) {
		if c.name == "echo-700k" {
			echo = c
		}
	}
	fn, payload := alb.NewHandler(s), echo.payload(t)
	invoke := func() {
		if _, err := fn.Invoke(t.Context(), payload); err != nil {
			t.Fatal(err)
		}
	}
	tests := []struct {
		name    string
		prepare func()
	}{
		{"warm", invoke},
		{"cold pools", func() { runtime.GC(); runtime.GC() }}, // a sync.Pool keeps its objects for one collection
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			tt.prepare()
			runtime.ReadMemStats(&before)
			invoke()
			runtime.ReadMemStats(&after)

			allocated, limit := after.TotalAlloc-before.TotalAlloc, 4*uint64(len(echo.upload))
			t.Logf("%d bytes, %.2f times the body", allocated, float64(allocated)/float64(len(echo.upload)))
			if allocated > limit {
				t.Errorf("%d bytes allocated, want at most %d", allocated, limit)
			}
		})
	}
}
