package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseInitTrace(t *testing.T) {
	const trace = `a line of the program
init internal/bytealg @0.004 ms, 0.002 ms clock, 0 bytes, 0 allocs
init net/http @0.61 ms, 0.12 ms clock, 3920 bytes, 36 allocs
`
	got, err := parseInitTrace(trace)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]float64{"internal/bytealg": 2, "net/http": 120}, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "init net/http @soon"} {
		if _, err := parseInitTrace(bad); err == nil {
			t.Errorf("no error for %q", bad)
		}
	}
}

// An archive stores what cannot be compressed and squeezes what can.
func TestZippedSize(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bootstrap")
	if err := os.WriteFile(file, []byte(strings.Repeat("a", 1e6)), 0o600); err != nil {
		t.Fatal(err)
	}
	size, err := zippedSize(file)
	if err != nil || size < 100 || size > 10_000 {
		t.Errorf("a million equal bytes take %v (%v), want between 100 and 10,000", size, err)
	}
}

func TestTable(t *testing.T) {
	programs := newPrograms()
	for i, p := range programs {
		p.poll = []float64{float64(i), float64(i + 9), float64(i + 1)}
	}
	rows := table(programs)
	if got, want := len(rows), 1+len(programs)+2; got != want {
		t.Fatalf("%d rows, want %d", got, want)
	}
	want := []string{"bare 1.00", "chi 2.00", "albatross 3.00", "defaults 4.00", "apiproxy 5.00", "algnhsa 6.00", "albatross − chi +1.00", "defaults − chi +2.00"}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[0]+" "+row[5])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
