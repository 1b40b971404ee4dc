package benchmarks_test

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/alb"
)

// TestSoak serves mixed cases in one process and sees to it that neither memory nor goroutines grow once the first 10,000 are
// through. SOAK is how many invocations there are, 50,000 by default; make soak runs a million.
func TestSoak(t *testing.T) {
	if underRace {
		t.Skip("the race detector needs memory on its own account")
	}
	const warmUp = 10_000
	total := 5 * warmUp
	if s := os.Getenv("SOAK"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n <= warmUp {
			t.Fatalf("SOAK=%s; use a number above %d", s, warmUp)
		}
		total = n
	}

	s := newSite()
	fn := alb.NewHandler(s)
	next := newTraffic(t, cases(s))
	serve := func(n int) {
		for range n {
			if _, err := fn.Invoke(t.Context(), next()); err != nil {
				t.Fatal(err)
			}
		}
	}
	serve(warmUp)
	goroutines, before := runtime.NumGoroutine(), residentBytes(t)
	for served := warmUp; served < total; served += warmUp {
		serve(min(warmUp, total-served))
		if got := runtime.NumGoroutine(); got > goroutines {
			t.Fatalf("%d goroutines after %d invocations, %d after the first %d", got, served, goroutines, warmUp)
		}
		// The collector swings by about this much. Ten bytes lost by each of a million invocations are past it.
		limit := before + before/4 + 4<<20
		if got := residentBytes(t); got > limit {
			t.Fatalf("RSS %d after %d invocations, %d after the first %d; want at most %d", got, served, before, warmUp, limit)
		}
	}
	t.Logf("%d invocations: RSS %.1f MB, %.1f MB after the first %d; %d goroutines",
		total, float64(residentBytes(t))/1e6, float64(before)/1e6, warmUp, runtime.NumGoroutine())
}

// newTraffic returns the events in turn: of a hundred, one has 700 KB, ten have a large response, and the rest is small.
func newTraffic(t *testing.T, cases []testCase) func() []byte {
	t.Helper()
	share := map[string]int{"get-single": 30, "get-multi": 30, "post-10k": 14, "echo-700k": 1, "json-99k": 5, "gzip": 5, "health": 15}
	var events [][]byte
	for _, c := range cases {
		payload := c.payload(t)
		for range share[c.name] {
			events = append(events, payload)
		}
	}
	i := 0
	return func() []byte {
		i += 37 // mixes them: no common factor with 100
		return events[i%len(events)]
	}
}

// residentBytes is what the process takes of this machine's memory, 0 where the system does not tell.
func residentBytes(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	f, err := os.Open("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if size, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			var kilobytes int
			if _, err := fmt.Sscanf(size, "%d kB", &kilobytes); err != nil {
				t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	t.Fatal("/proc/self/status has no VmRSS")
	return 0
}
