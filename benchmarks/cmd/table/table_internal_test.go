package main

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const results = `goos: linux
goarch: amd64
pkg: github.com/albatross-go/albatross/benchmarks
cpu: Abacus 3000
BenchmarkInvoke/get-single/albatross-2         	  100	  2000 ns/op	  66.79 MB/s	    1000 B/op	      10 allocs/op
BenchmarkInvoke/get-single/albatross-2         	  100	  9000 ns/op	  66.79 MB/s	    3000 B/op	      12 allocs/op
BenchmarkInvoke/get-single/albatross-2         	  100	  4000 ns/op	  66.79 MB/s	    2000 B/op	      11 allocs/op
BenchmarkInvoke/get-single/api-proxy-2         	  100	  40000 ns/op	  24.63 MB/s	   10000 B/op	     137 allocs/op
BenchmarkInvoke/get-single/stdlib-2            	  100	  30000 ns/op	  16.61 MB/s	    7896 B/op	     129 allocs/op
BenchmarkScale/headers/5-2                     	  100	  1000 ns/op	  23.00 MB/s	    1696 B/op	       7 allocs/op
BenchmarkScale/headers/14                      	  100	  1450 ns/op	  47.43 MB/s	    2264 B/op	       9 allocs/op
BenchmarkScale/goroutines/1-2                  	  100	  3000 ns/op	   15632 B/op	      53 allocs/op
BenchmarkScale/goroutines/2-2                  	  100	  2000 ns/op	   15096 B/op	      54 allocs/op
BenchmarkScale/goroutines/4-2                  	  100	  1500 ns/op	   15640 B/op	      58 allocs/op
PASS
`

func TestSplit(t *testing.T) {
	header, lines := split([]byte(results))
	if len(header) != 4 || len(lines) != 10 {
		t.Errorf("%d lines about the machine and %d results, want 4 and 10", len(header), len(lines))
	}
	if got, want := exactly(lines[0]), "^BenchmarkInvoke$/^get-single$/^albatross$"; got != want {
		t.Errorf("pattern %s, want %s", got, want)
	}
}

func TestTables(t *testing.T) {
	s, err := parse([]byte(results))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.machine(), "linux/amd64, Abacus 3000"; got != want {
		t.Errorf("machine %q, want %q", got, want)
	}
	tests := []struct {
		name string
		rows [][]string
		want []string
	}{
		{
			"the middle of three passes, against the faster of the others", s.invokeTable(),
			[]string{"get-single", "4.0 µs · 2,000 B · 11", "40.0 µs · 10,000 B · 137", "", "30.0 µs · 7,896 B · 129", "7.5×", "7×"},
		},
		{"a case that was not run", s.invokeTable(), []string{"health", "", "", "", "", "", "4.7×"}},
		{"what one more costs", s.scaleTable(), []string{"headers", "14", "1.4", "2,264", "9", "50.00 ns a header"}},
		{"the smallest", s.scaleTable(), []string{"headers", "5", "1.0", "1,696", "7", ""}},
		{"against one goroutine", s.scaleTable(), []string{"goroutines", "4", "1.5", "15,640", "58", "2.0× the throughput of 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !slices.ContainsFunc(tt.rows, func(row []string) bool { return slices.Equal(row, tt.want) }) {
				t.Errorf("no row %q: %s", tt.want, cmp.Diff([][]string{tt.want}, tt.rows))
			}
		})
	}
}

func TestParseRejects(t *testing.T) {
	if _, err := parse([]byte("BenchmarkX 1 two ns/op\n")); err == nil {
		t.Error("no error for a result that is no number")
	}
}

func TestThousands(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := thousands(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}
