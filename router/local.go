//go:build !lambda.norpc

package router

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/balancer"
)

// shutdownGrace is how long requests may take to end once the process is told to.
const shutdownGrace = 5 * time.Second

type balancerOptions struct{ balancer []balancer.Option }

func (o *balancerOptions) addBalancerOptions(opts []balancer.Option) {
	o.balancer = append(o.balancer, opts...)
}

func serveLocal(function *alb.Handler, c config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return runLocal(ctx, function, c, os.Getenv, os.Stderr)
}

// runLocal serves function behind a local load balancer until ctx ends.
func runLocal(ctx context.Context, function *alb.Handler, c config, getenv func(string) string, terminal io.Writer) error {
	addr, multiValue, err := environment(c.addr, getenv)
	if err != nil {
		return err
	}
	logger := log.New(terminal, "", log.Ltime)
	b := balancer.New(function, append([]balancer.Option{
		balancer.WithMultiValueHeaders(multiValue),
		balancer.WithErrorLog(logger),
		balancer.WithObserver(func(x balancer.Exchange) {
			logger.Printf("%q %d %v", x.Method+" "+x.Target, x.Status, x.Duration.Round(time.Microsecond))
		}),
	}, c.balancer...)...)
	server := &http.Server{
		Handler:                      b,
		DisableGeneralOptionsHandler: true, // OPTIONS * reaches the function
		ReadHeaderTimeout:            time.Minute,
		ErrorLog:                     logger,
	}
	remedy := "set PORT to a free port"
	if c.addr != "" {
		remedy = "give WithAddr a free one"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("router: the local load balancer cannot listen: %w; %s", err, remedy)
	}
	logger.Printf("local load balancer on %s, target group with %s; Ctrl-C ends it", url(listener.Addr()), modeHint(b.MultiValueHeaders()))

	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	select {
	case err := <-done:
		return fmt.Errorf("router: the local load balancer stopped: %w", err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("router: the local load balancer did not stop cleanly: %w", err)
	}
	return nil
}

// environment reads PORT, unless there is an address already, and ALB_MULTI_VALUE_HEADERS.
func environment(given string, getenv func(string) string) (addr string, multiValue bool, err error) {
	if addr = given; addr == "" {
		port := cmp.Or(getenv("PORT"), "8080")
		if _, err := strconv.ParseUint(port, 10, 16); err != nil {
			return "", false, fmt.Errorf("router: PORT is %q; set it to a number from 0 to 65535, or unset it for 8080", port)
		}
		addr = ":" + port
	}
	if s := getenv("ALB_MULTI_VALUE_HEADERS"); s != "" {
		if multiValue, err = strconv.ParseBool(s); err != nil {
			return "", false, fmt.Errorf("router: ALB_MULTI_VALUE_HEADERS is %q; set it to true or false", s)
		}
	}
	return addr, multiValue, nil
}

func modeHint(multiValue bool) string {
	if multiValue {
		return "multi-value headers"
	}
	return "single-value headers, as is the default on AWS (ALB_MULTI_VALUE_HEADERS=true for multi-value)"
}

// url is where a browser on this machine reaches the listener.
func url(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
