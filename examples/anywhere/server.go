package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The times of the server, and what they depend on.
const (
	// ECS sends SIGTERM, and SIGKILL 30 s later unless the container's stopTimeout says otherwise.
	shutdownGrace = 25 * time.Second
	// A load balancer keeps connections for its idle timeout, 60 s by default. A server that closes one earlier may do so just when
	// the next request is under way on it, and the client gets a 502.
	keepAlive = 75 * time.Second
)

// startServer serves h on PORT until the process is told to end.
//
// Safe only when the security group of the task or instance lets nobody in but the load balancer: whoever reaches the server
// directly writes all of X-Forwarded-For, the last entry included, and so any address. The load balancer has to append to that
// field, which is the default of its attribute routing.http.xff_header_processing.mode.
func startServer(h http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", ":"+cmp.Or(os.Getenv("PORT"), "8080"))
	if err != nil {
		return fmt.Errorf("anywhere: %w; set PORT to a free port", err)
	}
	fmt.Fprintln(os.Stderr, "plain HTTP server on", l.Addr())
	return serve(ctx, l, h)
}

// serve serves h until ctx ends, and then finishes the requests that are under way.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: keepAlive}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	return server.Shutdown(grace)
}
