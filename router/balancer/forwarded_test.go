package balancer_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/router/balancer"
)

func TestForwardedFor(t *testing.T) {
	port := balancer.WithClientPort(true)
	mode := balancer.WithXForwardedFor
	tests := []struct {
		name   string
		header []string
		client string
		opts   []balancer.Option
		single any // nil: absent
		multi  []any
	}{
		{name: "R1", single: "203.0.113.9", multi: []any{"203.0.113.9"}},
		{name: "R42", header: []string{"X-Forwarded-For: 8.8.8.8"},
			single: "8.8.8.8, 203.0.113.9", multi: []any{"8.8.8.8", "8.8.8.8, 203.0.113.9"}},
		{name: "R42 two lines", header: []string{"X-Forwarded-For: 1.1.1.1, 2.2.2.2", "X-Forwarded-For: 3.3.3.3"},
			single: "1.1.1.1, 2.2.2.2, 3.3.3.3, 203.0.113.9",
			multi:  []any{"1.1.1.1, 2.2.2.2", "3.3.3.3", "1.1.1.1, 2.2.2.2, 3.3.3.3, 203.0.113.9"}},
		{name: "R42 empty line", header: []string{"X-Forwarded-For:"}, single: "203.0.113.9", multi: []any{"", "203.0.113.9"}},
		{name: "R44", opts: []balancer.Option{port}, single: "203.0.113.9:54321", multi: []any{"203.0.113.9:54321"}},
		{name: "R45", client: "[2001:db8::1]:54321", opts: []balancer.Option{port},
			single: "[2001:db8::1]:54321", multi: []any{"[2001:db8::1]:54321"}},
		{name: "R46", client: "[2001:db8::1]:54321", single: "2001:db8::1", multi: []any{"2001:db8::1"}},
		{name: "R46 appended", client: "[2001:db8::1]:54321", header: []string{"X-Forwarded-For: 8.8.8.8"},
			single: "8.8.8.8, [2001:db8::1]", multi: []any{"8.8.8.8", "8.8.8.8, [2001:db8::1]"}},
		{name: "R46 zone", client: "[fe80::1%eth0]:1", single: "fe80::1", multi: []any{"fe80::1"}},
		{name: "IPv4 in IPv6", client: "[::ffff:192.0.2.7]:1", single: "192.0.2.7", multi: []any{"192.0.2.7"}},
		{name: "R47", header: []string{"X-Forwarded-For: 8.8.8.8"}, opts: []balancer.Option{mode(balancer.Remove), port}},
		{name: "R48", header: []string{"X-Forwarded-For: 8.8.8.8"}, opts: []balancer.Option{mode(balancer.Preserve), port},
			single: "8.8.8.8", multi: []any{"8.8.8.8"}},
		{name: "R48 without", opts: []balancer.Option{mode(balancer.Preserve)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t, line("GET /", tt.header...))
			if tt.client != "" {
				r.RemoteAddr = tt.client
			}
			single := event(t, r, tt.opts...)["headers"].(map[string]any)
			if diff := cmp.Diff(tt.single, single["x-forwarded-for"]); diff != "" {
				t.Errorf("single: %s", diff)
			}
			many := event(t, r, append(tt.opts, multi(true))...)["multiValueHeaders"].(map[string]any)
			got, present := many["x-forwarded-for"].([]any)
			if diff := cmp.Diff(tt.multi, got); diff != "" || present != (tt.multi != nil) {
				t.Errorf("multi: %s", diff)
			}
			if single["x-forwarded-proto"] != "http" || single["x-forwarded-port"] != "80" {
				t.Errorf("proto %v, port %v", single["x-forwarded-proto"], single["x-forwarded-port"])
			}
		})
	}
}

func TestTraceID(t *testing.T) {
	big := "X-Big: " + strings.Repeat("x", 7<<10)
	tests := []struct {
		name   string
		header []string
		want   string // the load balancer's value, fresh IDs masked
		lines  int    // elements in multi-value mode
	}{
		{"R1", nil, "Root=1-T-R", 1},
		{"R50", []string{"X-Amzn-Trace-Id: Root=1-a-b;X=1"}, "Self=1-T-R;Root=1-a-b;X=1", 2},
		{"R50 spaces", []string{"X-Amzn-Trace-Id:  X=1 ; Root=1-a-b "}, "Self=1-T-R;Root=1-a-b;X=1", 2},
		{"R50 Self is replaced", []string{"X-Amzn-Trace-Id: Self=1-c-d;Root=1-a-b;Self=e"}, "Self=1-T-R;Root=1-a-b", 2},
		{"R50 two roots", []string{"X-Amzn-Trace-Id: Root=1-a-b;Root=1-c-d"}, "Self=1-T-R;Root=1-a-b", 2},
		{"R50 7 KB", []string{"X-Amzn-Trace-Id: Root=1-a-b;X=1", big}, "Root=1-a-b", 1},
		// UNK: a fresh Root in front, the rest kept.
		{"R51", []string{"X-Amzn-Trace-Id: X=1"}, "Root=1-T-R;X=1", 2},
		{"R51 empty root", []string{"X-Amzn-Trace-Id: Root=;X=1"}, "Root=1-T-R;X=1", 2},
		{"R51 7 KB", []string{"X-Amzn-Trace-Id: X=1", big}, "Root=1-T-R", 1},
		{"R51 two lines", []string{"X-Amzn-Trace-Id: Root=1-a-b", "X-Amzn-Trace-Id: Root=1-c-d"}, "Self=1-T-R;Root=1-c-d", 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := request(t, line("GET /", tt.header...))
			got := event(t, r)["headers"].(map[string]any)["x-amzn-trace-id"].(string)
			if traceMask(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			all := event(t, r, multi(true))["multiValueHeaders"].(map[string]any)["x-amzn-trace-id"].([]any)
			if len(all) != tt.lines || traceMask(all[len(all)-1].(string)) != tt.want {
				t.Errorf("multi: %v", all)
			}
		})
	}
}

func TestTraceIDIsFresh(t *testing.T) {
	seen := make(map[string]bool)
	for range 100 {
		id := event(t, get(t, "/"))["headers"].(map[string]any)["x-amzn-trace-id"].(string)
		if seen[id] || !regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$`).MatchString(id) {
			t.Fatal(id)
		}
		seen[id] = true
	}
}
