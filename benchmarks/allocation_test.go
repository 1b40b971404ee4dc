package benchmarks_test

import (
	"testing"

	"github.com/albatross-go/albatross/router/alb"
)

func TestAllocations(t *testing.T) {
	if underRace {
		t.Skip("the race detector allocates on its own account")
	}
	s := newSite()
	for _, c := range cases(s) {
		t.Run(c.name, func(t *testing.T) {
			fn, payload := alb.NewHandler(s), c.payload(t)
			got := testing.AllocsPerRun(100, func() {
				if _, err := fn.Invoke(t.Context(), payload); err != nil {
					t.Fatal(err)
				}
			})
			if got > c.allocations {
				t.Errorf("%v allocations, want at most %v", got, c.allocations)
			}
		})
	}
}
