package balancer_test

import (
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/albatross-go/albatross/router/balancer"
)

func itoa(n int) string { return strconv.Itoa(n) }

func repeat(entry string, n int) string { return strings.Repeat(entry+", ", n-1) + entry }

// TestRefusals has every answer that a listener gives without the function.
func TestRefusals(t *testing.T) {
	tests := []struct {
		name   string
		raw    string
		change func(*http.Request)
		opts   []balancer.Option
		status int
		reason string
	}{
		{name: "R31 asterisk of another method", raw: line("GET *"), status: 400},
		{name: "target is no path", raw: line("GET x"), status: 400},
		{name: "R41", raw: line("GET /", "X-U: \xff"), status: 502, reason: "LambdaBadRequest"},
		{name: "path is not UTF-8", raw: line("GET /\xff"), status: 502, reason: "LambdaBadRequest"},
		{name: "query is not UTF-8", raw: line("GET /?a=\xff"), status: 502, reason: "LambdaBadRequest"},
		{name: "R43", raw: line("GET /", "X-Forwarded-For: "+repeat("10.0.0.1", 31)), status: 463},
		{name: "R43 in two lines", raw: line("GET /", "X-Forwarded-For: "+repeat("10.0.0.1", 16), "X-Forwarded-For: "+repeat("10.0.0.1", 15)), status: 463},
		{name: "R63", raw: post("text/plain", "\xff\xfe"), status: 502, reason: "LambdaBadRequest"},
		{name: "R65", raw: post("-", strings.Repeat("x", 1<<20+1)), status: 413, reason: "LambdaRequestTooLarge"},
		{name: "R65 chunked", raw: line("POST /", "Transfer-Encoding: chunked") + "100001\r\n" + strings.Repeat("x", 1<<20+1) + "\r\n0\r\n\r\n",
			status: 413, reason: "LambdaRequestTooLarge"},
		{name: "R67", raw: line("POST /"), change: func(r *http.Request) { r.Header.Set("Transfer-Encoding", "gzip") }, status: 501},
		{name: "R69", raw: line("TRACE /"), status: 405},
		{name: "CONNECT", raw: line("CONNECT h:443"), status: 405},
		{name: "R70", raw: line("GET /", "Upgrade: websocket"), status: 400, reason: "LambdaWebsocketNotSupported"},
		{name: "R70 in a list", raw: line("GET /", "Connection: upgrade", "Upgrade: h2c, WebSocket"), status: 400, reason: "LambdaWebsocketNotSupported"},
		{name: "R73", raw: line("GET /", "X-A: "+strings.Repeat("x", 17<<10)), status: 400},
		{name: "R73 request line", raw: line("GET /" + strings.Repeat("x", 17<<10)), status: 400},
		{name: "R74", raw: line("GET /", strings.TrimSuffix(strings.Repeat("X-A: "+strings.Repeat("x", 7<<10)+"\r\n", 10), "\r\n")), status: 400},
		{name: "R76 transform fails", raw: line("GET /a"), opts: []balancer.Option{
			balancer.WithURLRewrite(regexp.MustCompile("^/"), "")}, status: 500},
		{name: "R77", raw: line("GET /"), opts: []balancer.Option{
			balancer.WithFirewall(func(*http.Request) bool { return true })}, status: 403},
		{name: "body breaks off", raw: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc", status: 400},
		{name: "line break in a value", raw: line("GET /"), change: func(r *http.Request) { r.Header.Set("X-A", "a\r\nb: c") }, status: 400},
		{name: "header name", raw: line("GET /"), change: func(r *http.Request) { r.Header["a b"] = []string{"c"} }, status: 400},
		{name: "method", raw: line("GET /"), change: func(r *http.Request) { r.Method = "G T" }, status: 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fresh := func() *http.Request {
				r := request(t, tt.raw)
				if tt.change != nil {
					tt.change(r)
				}
				return r
			}
			e := refusal(t, fresh(), tt.opts...)
			if e.Status != tt.status || e.Reason != tt.reason || e.Detail == "" || e.Remedy == "" {
				t.Errorf("refusal %+v, want %d %q", e, tt.status, tt.reason)
			}

			w, l := serve(forbidden(t), fresh(), tt.opts...)
			if w.status != tt.status || w.header.Get("Content-Type") != "text/html" || w.header.Get("Server") != "awselb/2.0" {
				t.Errorf("answer %d %v, want %d", w.status, w.header, tt.status)
			}
			if !strings.Contains(w.body.String(), "<center><h1>"+itoa(tt.status)) {
				t.Errorf("page %q", w.body.String())
			}
			if l.exchange.Status != tt.status || l.exchange.Reason != tt.reason || l.exchange.TargetStatus != 0 || l.exchange.Event != nil {
				t.Errorf("exchange %+v", l.exchange)
			}
			if got := new(balancer.Refusal); !errors.As(l.exchange.Err, &got) || *got != *e {
				t.Errorf("error %v, want %v", l.exchange.Err, e)
			}
			if got := l.errors.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, e.Remedy) {
				t.Errorf("error log %q", got)
			}
			want := `"-"`
			if tt.reason != "" {
				want = `"` + tt.reason + `"`
			}
			if got := accessField(t, l.access.String(), errorReason); got != want {
				t.Errorf("error_reason %s, want %s", got, want)
			}
		})
	}
}

// What is just within a limit passes.
func TestLimits(t *testing.T) {
	lines := make([]string, 4) // with Host, 65 536 bytes
	for i := range lines {
		lines[i] = "X-A: " + strings.Repeat("x", 16382-len("X-A: "))
	}
	lines[3] = lines[3][:len(lines[3])-len("Host: h\r\n")]
	tests := []struct{ name, raw string }{
		{"R43", line("GET /", "X-Forwarded-For: "+repeat("10.0.0.1", 30))},
		{"R65", post("-", strings.Repeat("x", 1<<20))},
		{"R73", line("GET /", "X-A: "+strings.Repeat("x", 16<<10-len("X-A: ")))},
		{"R73 request line", line("GET /" + strings.Repeat("x", 16<<10-len("GET / HTTP/1.1")))},
		{"R74", line("GET /", lines...)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			event(t, request(t, tt.raw))
			if strings.HasPrefix(tt.name, "R74") {
				refusal(t, request(t, line("GET /", slices.Concat(lines, []string{"X: y"})...)))
			}
		})
	}
}

// R78: without a target every request is answered with 503.
func TestR78EmptyTargetGroup(t *testing.T) {
	l, w := &logs{}, &recorder{}
	balancer.New(nil, l.options()...).ServeHTTP(w, get(t, "/"))
	if w.status != 503 || !strings.Contains(w.body.String(), "<h1>503 Service Temporarily Unavailable</h1>") {
		t.Errorf("R78: %d %q", w.status, w.body.String())
	}
	if !strings.Contains(l.errors.String(), "hand a lambda.Handler to balancer.New") {
		t.Errorf("error log %q", l.errors.String())
	}
}

// A HEAD request gets no page, only its length.
func TestRefusalOfHead(t *testing.T) {
	r := request(t, line("HEAD /", "Upgrade: websocket"))
	r.Body = io.NopCloser(strings.NewReader(""))
	w, _ := serve(forbidden(t), r)
	if w.status != 400 || w.body.Len() != 0 || w.header.Get("Content-Length") == "0" {
		t.Errorf("%d %v %q", w.status, w.header, w.body.String())
	}
}
