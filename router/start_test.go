//go:build unix && !lambda.norpc

package router_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/runtimeapi"
)

// With this variable set, the test binary is one of the programs below.
const programVariable = "ROUTER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	switch os.Getenv(programVariable) {
	case "plain":
		router.Start(http.HandlerFunc(program))
	case "options":
		router.Start(http.HandlerFunc(program),
			router.WithAddr("127.0.0.1:0"),
			router.WithBalancerOptions(balancer.WithMultiValueHeaders(true)),
			router.WithHandlerOptions(alb.WithMaxResponseBytes(1000)),
			router.WithLambdaOptions(lambda.WithContextValue(colourKey{}, "blue")))
	default:
		os.Exit(m.Run())
	}
}

type colourKey struct{}

// program answers what it sees of a request.
func program(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow": // until it reads something
		fmt.Fprintln(os.Stderr, "slow has begun")
		_, _ = os.Stdin.Read(make([]byte, 1))
	case "/large":
		io.WriteString(w, strings.Repeat("x", 2000))
	}
	fmt.Fprintf(w, "%s %s %q %v", r.Method, r.URL.Path, r.URL.Query()["a"], r.Context().Value(colourKey{}))
}

func TestStart(t *testing.T) {
	port := freePort(t)
	tests := []struct {
		name, program string
		env           []string
		url           *regexp.Regexp
		mode, body    string // mode "" where an option overrules the environment
	}{
		{"PORT=0", "plain", nil, regexp.MustCompile(`^http://localhost:[1-9]`), "single-value", `GET / ["2"] <nil>`},
		{"PORT", "plain", []string{"PORT=" + port}, regexp.MustCompile("^http://localhost:" + port + "$"), "single-value", `GET / ["2"] <nil>`},
		{"ALB_MULTI_VALUE_HEADERS", "plain", []string{"ALB_MULTI_VALUE_HEADERS=true"}, regexp.MustCompile(`^http://localhost:`), "multi-value", `GET / ["1" "2"] <nil>`},
		{"options win", "options", []string{"PORT=1", "ALB_MULTI_VALUE_HEADERS=false"}, regexp.MustCompile(`^http://127\.0\.0\.1:`), "multi-value", `GET / ["1" "2"] <nil>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := start(t, tt.program, tt.env...)
			if !tt.url.MatchString(p.url) || !strings.Contains(p.banner, "with "+tt.mode+" headers") {
				t.Errorf("banner %q", p.banner)
			}
			if status, body := get(t, p.url+"/?a=1&a=2"); status != 200 || body != tt.body {
				t.Errorf("%d %s", status, body)
			}
			if line := p.waitFor(t, "/?a=1&a=2"); !strings.Contains(line, "GET") || !strings.Contains(line, " 200 ") {
				t.Errorf("line of the request: %q", line)
			}
		})
	}
}

func TestStartExplains(t *testing.T) {
	p := start(t, "options")

	if status, body := get(t, p.url+"/large"); status != 500 || !strings.Contains(body, "too large") { // W26
		t.Errorf("%d %s", status, body)
	}
	if line := p.waitFor(t, "over the limit of 1000"); !strings.Contains(line, "compress") {
		t.Errorf("no remedy in %q", line)
	}

	conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for _, tt := range []struct {
		request string
		status  int
		body    string // "" is not asked for
	}{
		{"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", 200, "OPTIONS * [] <nil>"},                        // R31
		{"GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 400, ""}, // R70
	} {
		if _, err := io.WriteString(conn, tt.request); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != tt.status || tt.body != "" && string(body) != tt.body {
			t.Errorf("%q: %d %s %v", tt.request, res.StatusCode, body, err)
		}
	}
	p.waitFor(t, "LambdaWebsocketNotSupported")
}

func TestStartEnds(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		t.Run(signal.String(), func(t *testing.T) {
			p := start(t, "plain")
			answer := make(chan string, 1)
			go func() {
				res, err := http.Get(p.url + "/slow")
				if err != nil {
					answer <- err.Error()
					return
				}
				defer res.Body.Close()
				body, _ := io.ReadAll(res.Body)
				answer <- res.Status + " " + string(body)
			}()
			p.waitFor(t, "slow has begun")
			if err := p.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			eventually(t, "it stops listening", func() bool {
				conn, err := net.Dial("tcp", strings.TrimPrefix(p.url, "http://"))
				if err == nil {
					conn.Close()
				}
				return errors.Is(err, syscall.ECONNREFUSED)
			})
			io.WriteString(p.stdin, "\n")
			if got := <-answer; got != "200 OK GET /slow [] <nil>" {
				t.Errorf("the request under way was answered with %q", got)
			}
			if err := p.cmd.Wait(); err != nil {
				t.Errorf("exit: %v", err)
			}
		})
	}
}

func TestStartFails(t *testing.T) {
	occupied, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer occupied.Close()
	_, port, _ := net.SplitHostPort(occupied.Addr().String())

	tests := []struct{ name, env, remedy string }{
		{"PORT is no number", "PORT=http", "set it to a number from 0 to 65535"},
		{"PORT is too large", "PORT=65536", "set it to a number from 0 to 65535"},
		{"PORT is an address", "PORT=:8080", "set it to a number from 0 to 65535"},
		{"ALB_MULTI_VALUE_HEADERS is neither", "ALB_MULTI_VALUE_HEADERS=maybe", "set it to true or false"},
		{"the port is taken", "PORT=" + port, "set PORT to a free port"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, err := command(t, os.Args[0], programVariable+"=plain", tt.env).CombinedOutput()
			_, value, _ := strings.Cut(tt.env, "=")
			if exitCode(err) != 1 || !strings.HasPrefix(string(out), "router: ") || !strings.Contains(string(out), value) || !strings.Contains(string(out), tt.remedy) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func TestStartOnLambda(t *testing.T) {
	for _, tt := range []struct {
		program, colour string
		large           int // status of the answer that is over the limit of "options" only
	}{
		{"plain", "<nil>", 200},
		{"options", "blue", 500},
	} {
		t.Run(tt.program, func(t *testing.T) {
			fn := runtimeapi.New([]string{os.Args[0]}, runtimeapi.WithTimeout(time.Minute),
				runtimeapi.WithEnv(programVariable+"="+tt.program), runtimeapi.WithStderr(t.Output()))
			defer fn.Close()
			for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
				b := balancer.New(fn, balancer.WithMultiValueHeaders(mode == albtest.MultiValue))
				values := map[albtest.Mode]string{albtest.SingleValue: `["2"]`, albtest.MultiValue: `["1" "2"]`}[mode]
				if status, body := serve(b, "/?a=1&a=2"); status != 200 || body != "GET / "+values+" "+tt.colour {
					t.Errorf("%s: %d %s", mode, status, body)
				}
				if status, _ := serve(b, "/large"); status != tt.large {
					t.Errorf("%s: /large: %d", mode, status)
				}
			}
		})
	}
}

// The production build has no local load balancer and says so. On Lambda it serves.
func TestStartWithoutLocalLoadBalancer(t *testing.T) {
	bootstrap := filepath.Join(t.TempDir(), "bootstrap")
	build(t, bootstrap, "-tags", "lambda.norpc", "./testdata/hello")
	out, err := command(t, bootstrap).CombinedOutput()
	if exitCode(err) != 1 || !strings.Contains(string(out), "-tags lambda.norpc") || !strings.Contains(string(out), "build it without that tag") {
		t.Errorf("%v: %s", err, out)
	}
	fn := runtimeapi.New([]string{bootstrap}, runtimeapi.WithTimeout(time.Minute), runtimeapi.WithStderr(t.Output()))
	defer fn.Close()
	if status, body := serve(balancer.New(fn), "/hello"); status != 200 || body != "hello" {
		t.Errorf("%d %s", status, body)
	}
}

// serve sends a GET through a load balancer in this process.
func serve(b *balancer.Balancer, target string) (status int, body string) {
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, target, nil))
	return rec.Code, rec.Body.String()
}
