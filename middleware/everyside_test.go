package middleware_test

import (
	"errors"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/albatross-go/albatross/router/albtest"
)

// onEverySide sends a request through a load balancer in both header modes, and to net/http's server, and checks each response.
func onEverySide(t *testing.T, h http.Handler, newRequest func() *http.Request, check func(t *testing.T, res *http.Response, body string)) {
	t.Helper()
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		t.Run(mode.String(), func(t *testing.T) {
			res := albtest.Do(t, h, newRequest(), mode)
			check(t, res, readAll(t, res.Body))
		})
	}
	t.Run("net/http", func(t *testing.T) {
		res := overHTTP(t, h, newRequest())
		check(t, res, readAll(t, res.Body))
	})
}

// viaEach is onEverySide for a request without a body.
func viaEach(t *testing.T, h http.Handler, method, path string, header http.Header, check func(*testing.T, *http.Response, string)) {
	t.Helper()
	onEverySide(t, h, func() *http.Request {
		r := httptest.NewRequest(method, path, nil)
		maps.Copy(r.Header, header)
		return r
	}, check)
}

// overHTTP sends a request to net/http's server.
func overHTTP(t *testing.T, h http.Handler, r *http.Request) *http.Response {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(writerFunc(func(p []byte) { t.Logf("%s", p) }), "", 0)
	srv.Start()
	t.Cleanup(srv.Close)
	target, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	r.URL.Scheme, r.URL.Host, r.RequestURI = target.Scheme, target.Host, ""
	res, err := (&http.Transport{DisableCompression: true, DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return res
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}

func readAll(t *testing.T, src io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(src)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return string(b)
}

// mustPanic expects a programmer's mistake to be named.
func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic %v\nwant  %s", got, want)
		}
	}()
	f()
}

// panicOf returns what f panics with.
func panicOf(f func()) (value any) {
	defer func() { value = recover() }()
	f()
	return nil
}
