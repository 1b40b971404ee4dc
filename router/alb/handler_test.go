package alb_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/problem"
)

var deadline = time.Now().Add(time.Hour)

func TestNewHandlerNil(t *testing.T) {
	for name, f := range map[string]func(){
		"nil handler": func() { alb.NewHandler(nil) },
		"no limit":    func() { alb.WithMaxResponseBytes(0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if v := recover(); !strings.HasPrefix(fmt.Sprint(v), "alb: ") {
					t.Errorf("panicked with %v", v)
				}
			}()
			f()
		})
	}
}

// A panic leaves the process alive and the next request fine.
func TestPanic(t *testing.T) {
	boom := errors.New("boom")
	var got error
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/boom" {
			panic(boom)
		}
		io.WriteString(w, "fine")
	}), alb.WithErrorLog(func(_ context.Context, err error) { got = err }))

	_, a := invoke(t, h, get("/boom").json(true))
	var p *alb.PanicError
	if a.StatusCode != "500" || strings.Contains(*a.Body, "boom") {
		t.Errorf("the client sees %s %s", a.StatusCode, *a.Body)
	}
	if !errors.As(got, &p) || p.Value != boom || !errors.Is(got, boom) || !bytes.Contains(p.Stack, []byte("TestPanic")) {
		t.Errorf("the log sees %v", got)
	}
	if _, a := invoke(t, h, get("/").json(true)); *a.Body != "fine" {
		t.Errorf("next: %s", *a.Body)
	}
}

// Not parallel: it reads the standard logger.
func TestDefaultErrorLog(t *testing.T) {
	var buf bytes.Buffer
	log.SetOutput(&buf)
	defer log.SetOutput(os.Stderr)
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/boom" {
			panic("boom")
		}
		w.WriteHeader(42)
	}))
	invoke(t, h, get("/boom").json(false))
	invoke(t, h, get("/").json(false))
	if s := buf.String(); !strings.Contains(s, `"GET /boom": panic: boom`) || !strings.Contains(s, "TestDefaultErrorLog") || !strings.Contains(s, "status 42") {
		t.Errorf("%s", s)
	}
}

// The context ends with the invocation, and carries what it was given.
func TestContext(t *testing.T) {
	type key struct{}
	var kept *http.Request
	h := alb.NewHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		kept = r
		if ctx := r.Context(); ctx.Err() != nil || ctx.Value(key{}) != "v" {
			t.Errorf("%v %v", ctx.Err(), ctx.Value(key{}))
		}
	}))
	if _, err := h.Invoke(context.WithValue(t.Context(), key{}, "v"), get("/").json(false)); err != nil {
		t.Fatal(err)
	}
	if err := kept.Context().Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("after the invocation: %v", err)
	}
}

// A goroutine that outlives its handler gets errors and reaches nothing of the next invocation.
func TestLeakedGoroutine(t *testing.T) {
	returned := make(chan struct{})
	var wg sync.WaitGroup
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/leak" {
			body, _ := io.ReadAll(r.Body)
			w.Write(body)
			return
		}
		io.WriteString(w, "mine")
		wg.Go(func() {
			<-returned
			for range 200 {
				if n, err := w.Write([]byte("stray")); n != 0 || err == nil {
					t.Errorf("Write after return: %d %v", n, err)
				}
				if _, err := io.WriteString(w, "stray"); err == nil {
					t.Error("WriteString after return succeeded")
				}
				if _, err := io.Copy(w, strings.NewReader("stray")); err == nil {
					t.Error("Copy after return succeeded")
				}
				if _, err := r.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
					t.Errorf("Read after return: %v", err)
				}
				w.Header().Set("X-Stray", "1")
				w.WriteHeader(http.StatusTeapot)
				w.(http.Flusher).Flush()
			}
		})
	}), alb.WithErrorLog(func(_ context.Context, err error) { t.Errorf("error log: %v", err) }))

	e := get("/leak")
	e.method, e.body = http.MethodPost, "body"
	if _, a := invoke(t, h, e.json(false)); *a.Body != "mine" {
		t.Errorf("%s", *a.Body)
	}
	close(returned)
	e.path = "/"
	for i := range 500 {
		e.body = strings.Repeat("x", i)
		if _, a := invoke(t, h, e.json(i%2 == 0)); *a.Body != e.body || a.StatusCode != "200" {
			t.Errorf("%s %.40q", a.StatusCode, *a.Body)
		}
	}
	wg.Wait()
}

// A copy that blocks after the handler has returned does not hold the invocation.
func TestLeakedCopy(t *testing.T) {
	pr, pw := io.Pipe()
	copied := make(chan error, 1)
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "mine")
		go func() { _, err := io.Copy(w, pr); copied <- err }()
	}))
	if _, a := invoke(t, h, get("/").json(false)); *a.Body != "mine" {
		t.Errorf("%s", *a.Body)
	}
	io.WriteString(pw, "stray")
	if err := <-copied; err == nil {
		t.Error("the copy succeeded")
	}
}

func TestResponseController(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		if err := rc.Flush(); err != nil {
			t.Errorf("Flush: %v", err)
		}
		if _, _, err := rc.Hijack(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("Hijack: %v", err)
		}
		if err := rc.EnableFullDuplex(); !errors.Is(err, http.ErrNotSupported) {
			t.Errorf("EnableFullDuplex: %v", err)
		}
		for _, set := range []func() error{
			func() error { return rc.SetReadDeadline(deadline) },
			func() error { return rc.SetWriteDeadline(deadline) },
		} {
			if err := set(); !errors.Is(err, http.ErrNotSupported) {
				t.Errorf("deadline: %v", err)
			}
		}
	}))
	invoke(t, h, get("/").json(false))
}

// A proxied response that breaks off is a 500, not a shorter 200: ReverseProxy asks the context whether a server is there to
// abort it.
func TestReverseProxyBreaksOff(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "half")
	}))
	defer upstream.Close()
	target, err := url.Parse(upstream.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:  func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ErrorLog: log.New(io.Discard, "", 0),
	}
	var errs errorLog
	_, a := invoke(t, alb.NewHandler(proxy, errs.option()), get("/").json(false))
	if a.StatusCode != "500" || strings.Contains(*a.Body, "half") || !strings.Contains(errs.String(), "abort Handler") {
		t.Errorf("%s %s, error log %q", a.StatusCode, *a.Body, &errs)
	}
}

// A goroutine that still changes the header does not turn the handler's panic into the end of the process.
func TestPanicWhileHeaderChanges(t *testing.T) {
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := make(chan struct{})
		go func() {
			header := w.Header()
			close(started)
			for r.Context().Err() == nil {
				header.Set("X-A", "1")
			}
		}()
		<-started
		panic("boom")
	}), new(errorLog).option())
	for range 200 {
		if _, a := invoke(t, h, get("/").json(true)); a.StatusCode != "500" {
			t.Fatalf("%s %s", a.StatusCode, *a.Body)
		}
	}
}

// Whatever is answered as a 5xx, and whatever comes too late to be answered, is in the error log, which names the request.
func TestReported(t *testing.T) {
	cause := errors.New("cause")
	for name, h := range map[string]http.HandlerFunc{
		"a status that is none": func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, problem.Wrap(cause, 200, "x")) },
		"any error":             func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, cause) },
		"late, as a 404": func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "half")
			problem.Observe(r.Context(), problem.Wrap(cause, 404, "x"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log errorLog
			invoke(t, alb.NewHandler(h, log.option()), get("/x").json(true))
			if s := log.String(); !strings.HasPrefix(s, `alb: "GET /x": `) || !strings.Contains(s, "cause") || len(log.errs) != 1 || !errors.Is(log.errs[0], cause) {
				t.Errorf("error log %q", s)
			}
		})
	}
}

// Not parallel: it reads the standard logger. A client's text makes no line of its own.
func TestDefaultErrorLogIsOneLine(t *testing.T) {
	var buf bytes.Buffer
	log.SetOutput(&buf)
	defer log.SetOutput(os.Stderr)
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, errors.New("no such id "+r.FormValue("id")))
	}))
	invoke(t, h, get("/x%0Ay", kv{"id", []string{"7%0A2026/11/22%20forged%1b[31m"}}).json(false))
	if s := buf.String(); strings.Count(s, "\n") != 1 || strings.Contains(s, "\x1b") || !strings.Contains(s, "forged") {
		t.Errorf("%q", s)
	}
}

// A response that is far too large to send is not kept for the next one.
func TestLargeResponseIsLetGo(t *testing.T) {
	const huge = 64 << 20
	h := alb.NewHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/huge" {
			chunk := bytes.Repeat([]byte("1"), 1<<20)
			for range huge / len(chunk) {
				w.Write(chunk)
			}
		}
	}), new(errorLog).option())
	invoke(t, h, get("/huge").json(true))
	for range 4 { // a pool keeps what it has for two collections, and for longer what is in use
		invoke(t, h, get("/").json(true))
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > huge/2 {
		t.Errorf("%d MB are in use", m.HeapAlloc>>20)
	}
}

// A panic that middleware recovered, and answered or raised again, is reported as it was.
func TestPanicOfMiddleware(t *testing.T) {
	panicked := &alb.PanicError{Value: "boom", Stack: []byte("goroutine 7 [running]:\nmain.handler")}
	for name, h := range map[string]http.HandlerFunc{
		"raised again": func(http.ResponseWriter, *http.Request) { panic(panicked) },
		"answered": func(w http.ResponseWriter, r *http.Request) {
			problem.Write(w, r, problem.Wrap(panicked, http.StatusInternalServerError, ""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			var reported []error
			handler := alb.NewHandler(h, alb.WithErrorLog(func(_ context.Context, err error) { reported = append(reported, err) }))
			if _, err := handler.Invoke(t.Context(), []byte(`{"requestContext":{"elb":{}},"httpMethod":"GET","path":"/x"}`)); err != nil {
				t.Fatal(err)
			}
			if len(reported) != 1 || errors.Unwrap(reported[0]) != error(panicked) || reported[0].Error() != `alb: "GET /x": panic: boom` {
				t.Errorf("reported %v", reported)
			}
		})
	}
}
