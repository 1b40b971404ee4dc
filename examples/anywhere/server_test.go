package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// A request that is under way when the process is told to end gets its answer, a new one does not get in.
func TestServeFinishes(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	entered, leave := make(chan struct{}), make(chan struct{})
	ctx, terminate := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() {
		served <- serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(entered)
			<-leave
			_, _ = io.WriteString(w, "done")
		}))
	}()

	answered := make(chan string, 1)
	go func() {
		answered <- ask(t.Context(), "http://"+l.Addr().String())
	}()
	<-entered
	terminate()
	for refused := false; !refused; time.Sleep(time.Millisecond) {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
		if refused = err != nil; !refused {
			conn.Close()
		}
	}
	select {
	case err := <-served:
		t.Fatalf("serve returned before the request was answered: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if body := <-answered; body != "done" {
		t.Errorf("answered %q", body)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

// ask returns the body of an answer, or the error: it may be called from any goroutine.
func ask(ctx context.Context, url string) string {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err.Error()
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return string(body)
}
