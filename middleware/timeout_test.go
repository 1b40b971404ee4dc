package middleware_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/google/go-cmp/cmp"

	"github.com/albatross-go/albatross/middleware"
	"github.com/albatross-go/albatross/router"
	"github.com/albatross-go/albatross/router/alb"
	"github.com/albatross-go/albatross/router/albtest"
	"github.com/albatross-go/albatross/router/balancer"
	"github.com/albatross-go/albatross/router/problem"
)

const gatewayTimeout = `{"title":"Gateway Timeout","status":504,"detail":"The request took too long."}`

// within gives requests a deadline, as Lambda does.
func within(d time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), d)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// What a handler does in time reaches the client as if there were no Timeout.
func TestTimeoutInTime(t *testing.T) {
	tests := []struct {
		name    string
		handler http.HandlerFunc
	}{
		{"nothing", func(http.ResponseWriter, *http.Request) {}},
		{"headers alone", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-A", "1") }},
		{"status alone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201) }},
		{"body", func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("<html>"))
			io.WriteString(w, "x")
			io.Copy(w, strings.NewReader("y"))
		}},
		{"headers are frozen", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("X-A", "1")
			w.WriteHeader(404)
			w.Header()["X-A"][0] = "2"
			w.Header().Set("X-B", "2")
			w.WriteHeader(500)
			io.WriteString(w, "x")
		}},
		{"Flush freezes headers", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/x") // net/http finds one only if there is something to send
			w.Header().Set("Content-Length", "1")
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
			w.Header().Set("X-B", "2")
			io.WriteString(w, "x")
		}},
		{"outer headers, added to and deleted", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Add("Vary", "Accept")
			w.Header().Del("X-Outer")
		}},
		{"an informational status", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(202)
		}},
		{"204 has no body", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := io.WriteString(w, "x"); err != http.ErrBodyNotAllowed {
				t.Error(err)
			}
		}},
		{"no type", func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			io.WriteString(w, "x")
		}},
		{"a problem", func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, problem.NotFound("x")) }},
	}
	for _, tt := range tests {
		for _, method := range []string{"GET", "HEAD"} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				outer := func(next http.Handler) http.Handler {
					return within(time.Hour, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						w.Header().Set("Vary", "Origin")
						w.Header().Set("X-Outer", "1")
						next.ServeHTTP(w, r)
					}))
				}
				newRequest := func() *http.Request { return httptest.NewRequest(method, "/", nil) }
				var want []string
				describe := func(res *http.Response, body string) string {
					res.Header.Del("Date")
					return fmt.Sprint(res.StatusCode, res.Header, res.ContentLength, body)
				}
				onEverySide(t, outer(tt.handler), newRequest, func(_ *testing.T, res *http.Response, body string) {
					want = append(want, describe(res, body))
				})
				onEverySide(t, outer(middleware.Timeout(time.Second)(tt.handler)), newRequest, func(t *testing.T, res *http.Response, body string) {
					if diff := cmp.Diff(want[0], describe(res, body)); diff != "" {
						t.Error(diff)
					}
					want = want[1:]
				})
			})
		}
	}
}

func TestTimeoutWithoutDeadline(t *testing.T) {
	rec, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, got *http.Request) {
		if w != http.ResponseWriter(rec) || got != r {
			t.Error("the handler did not get what came")
		}
	})).ServeHTTP(rec, r)
}

// A handler that heeds nothing is answered for, and then reaches nobody. Run with -race.
func TestTimeoutIgnored(t *testing.T) {
	for _, mode := range []albtest.Mode{albtest.SingleValue, albtest.MultiValue} {
		synctest.Test(t, func(t *testing.T) {
			var observed []error
			h := middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Set-Cookie", "half=done")
				io.WriteString(w, "half")
				for range 100 {
					w.Header().Add("X-Late", "1")
					_, err := io.WriteString(w, "late")
					if time.Sleep(100 * time.Millisecond); err == nil {
						continue
					}
					if err != http.ErrHandlerTimeout {
						t.Errorf("a late write: %v", err)
					}
					w.WriteHeader(200)
					http.NewResponseController(w).Flush()
				}
				if _, err := w.Write([]byte("x")); err != http.ErrHandlerTimeout {
					t.Errorf("a late write: %v", err)
				}
			}))
			observing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Outer", "1")
				h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(err error) { observed = append(observed, err) })))
				w.Header().Set("X-After", "1") // no race with the handler
			})
			start := time.Now()
			res := albtest.Do(t, within(3*time.Second, observing), httptest.NewRequest("GET", "/", nil), mode)
			if took := time.Since(start); took != 2*time.Second {
				t.Errorf("answered after %s, want 2s", took)
			}
			if body := readAll(t, res.Body); res.StatusCode != 504 || body != gatewayTimeout {
				t.Errorf("got %d %s", res.StatusCode, body)
			}
			if h := res.Header; h.Get("X-Outer") != "1" || h.Get("X-Late") != "" || h.Get("Set-Cookie") != "" || h.Get("Content-Type") != problem.ContentType {
				t.Errorf("header %v", h)
			}
			if len(observed) != 1 || !errors.Is(observed[0], context.DeadlineExceeded) || !strings.Contains(observed[0].Error(), "not done 1s before the deadline") {
				t.Errorf("the observer saw %v", observed)
			}
			time.Sleep(time.Hour) // for the handler
		})
	}
}

func TestTimeoutIgnoredOverHTTP(t *testing.T) {
	release, late := make(chan struct{}), make(chan error)
	h := middleware.Timeout(time.Hour)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-release
		_, err := io.WriteString(w, "late")
		late <- err
	}))
	quiet := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(problem.WithObserver(r.Context(), func(error) {})))
	})
	res := overHTTP(t, within(time.Hour+50*time.Millisecond, quiet), httptest.NewRequest("GET", "/", nil))
	if body := readAll(t, res.Body); res.StatusCode != 504 || body != gatewayTimeout {
		t.Errorf("got %d %s", res.StatusCode, body)
	}
	close(release)
	if err := <-late; err != http.ErrHandlerTimeout {
		t.Errorf("a late write: %v", err)
	}
}

// The load balancer's client sees a 504 with words, where it would have seen a bare 502.
func TestTimeoutBeforeTheFunctions(t *testing.T) {
	hang := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "half")
		<-r.Context().Done() // and then gives up, which is no answer
	})
	for name, want := range map[string]int{"with": 504, "without": 502} {
		synctest.Test(t, func(t *testing.T) {
			var h http.Handler = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) })
			if want == 504 {
				h = middleware.Timeout(time.Second)(hang)
			}
			b := balancer.New(alb.NewHandler(h, alb.WithErrorLog(func(context.Context, error) {})),
				balancer.WithFunctionTimeout(3*time.Second), balancer.WithErrorLog(log.New(io.Discard, "", 0)))
			rec := httptest.NewRecorder()
			b.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			if rec.Code != want {
				t.Errorf("%s Timeout: got %d %s, want %d", name, rec.Code, rec.Body, want)
			}
			time.Sleep(time.Hour) // for what is left of the function
		})
	}
}

func TestTimeoutTooLateAtTheStart(t *testing.T) {
	tests := []struct {
		name   string
		left   time.Duration
		status int
	}{
		{"more than the margin", time.Second + time.Nanosecond, 200},
		{"the margin", time.Second, 504},
		{"less", time.Millisecond, 504},
		{"nothing", -time.Second, 504},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ran := false
				var observed error
				ctx, cancel := context.WithTimeout(problem.WithObserver(t.Context(), func(err error) { observed = err }), tt.left)
				defer cancel()
				rec := httptest.NewRecorder()
				middleware.Timeout(time.Second)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { ran = true })).
					ServeHTTP(rec, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
				if rec.Code != tt.status || ran != (tt.status == 200) {
					t.Errorf("got %d, the handler ran: %v", rec.Code, ran)
				}
				if tt.status == 504 && (observed == nil || !strings.Contains(observed.Error(), "give the function more time")) {
					t.Errorf("the observer saw %v", observed)
				}
			})
		})
	}
}

func TestTimeoutContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept *http.Request
		h := middleware.Timeout(time.Second)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			kept = r
			if deadline, ok := kept.Context().Deadline(); !ok || time.Until(deadline) != 2*time.Second {
				t.Errorf("deadline %v %v", deadline, ok)
			}
			if r.URL.Path == "/slow" {
				<-kept.Context().Done()
			}
		}))
		for path, want := range map[string]error{"/quick": context.Canceled, "/slow": context.DeadlineExceeded} {
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", path, nil).WithContext(problem.WithObserver(ctx, func(error) {})))
			cancel()
			cause := context.Cause(kept.Context())
			if kept.Context().Err() != want || !errors.Is(cause, want) {
				t.Errorf("%s: %v because of %v, want %v", path, kept.Context().Err(), cause, want)
			}
			if said := strings.Contains(cause.Error(), "1s before the deadline"); said != (path == "/slow") {
				t.Errorf("%s: cause %v", path, cause)
			}
			synctest.Wait()
		}
	})
}

// A client that goes away is no reason to leave its handler behind.
func TestTimeoutRequestGivenUp(t *testing.T) {
	for name, tt := range map[string]struct {
		goesOn time.Duration
		status int
	}{"comes to an end": {time.Second, 418}, "hangs": {time.Minute, 504}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(problem.WithObserver(t.Context(), func(error) {}), 4*time.Second)
				time.AfterFunc(time.Second, cancel)
				rec := httptest.NewRecorder()
				middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					<-r.Context().Done()
					time.Sleep(tt.goesOn)
					w.WriteHeader(418)
				})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil).WithContext(ctx))
				if rec.Code != tt.status {
					t.Errorf("got %d, want %d", rec.Code, tt.status)
				}
				time.Sleep(time.Hour)
			})
		})
	}
}

func boom(v any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		panic(v)
	}
}

func TestTimeoutPanic(t *testing.T) {
	serve := func(h http.Handler) (rec *httptest.ResponseRecorder, panicked any) {
		rec = httptest.NewRecorder()
		defer func() { panicked = recover() }()
		within(time.Hour, middleware.Timeout(time.Second)(h)).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		return rec, nil
	}
	rec, v := serve(boom("x"))
	p, ok := v.(*alb.PanicError)
	if !ok || p.Value != "x" || !bytes.Contains(p.Stack, []byte("boom.func")) {
		t.Errorf("a panic became %v", v)
	}
	if rec.Body.Len() > 0 {
		t.Errorf("half a response was sent: %s", rec.Body)
	}
	if _, v = serve(boom(http.ErrAbortHandler)); v != http.ErrAbortHandler {
		t.Errorf("http.ErrAbortHandler became %v", v)
	}
	if _, v = serve(boom(p)); v != p {
		t.Errorf("a PanicError became %v", v)
	}
}

// As without Timeout, the goroutine of the request ends.
func TestTimeoutGoexit(t *testing.T) {
	var wg sync.WaitGroup
	returned := false
	wg.Go(func() {
		within(time.Hour, middleware.Timeout(time.Second)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() }))).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		returned = true
	})
	if wg.Wait(); returned {
		t.Error("Goexit was lost")
	}
}

// What comes too late must not reach the request's observer, which is for one goroutine, nor end the process. Not parallel: it
// reads the standard logger.
func TestTimeoutLate(t *testing.T) {
	var buf bytes.Buffer
	log.SetOutput(&buf)
	defer log.SetOutput(os.Stderr)
	for name, late := range map[string]func(http.ResponseWriter, *http.Request){
		"panic":   func(http.ResponseWriter, *http.Request) { panic("forged\nline") },
		"problem": func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, errors.New("forged\nline")) },
		"abort":   func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				buf.Reset()
				observed := 0
				ctx, cancel := context.WithTimeout(problem.WithObserver(t.Context(), func(error) { observed++ }), 2*time.Second)
				defer cancel()
				rec := httptest.NewRecorder()
				middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					time.Sleep(time.Minute)
					late(w, r)
				})).ServeHTTP(rec, httptest.NewRequest("GET", "/a%0Ab", nil).WithContext(ctx))
				time.Sleep(time.Hour)
				synctest.Wait()
				if rec.Code != 504 || rec.Body.String() != gatewayTimeout || observed != 1 {
					t.Errorf("got %d %s, observed %d times", rec.Code, rec.Body, observed)
				}
				line, stack, _ := strings.Cut(buf.String(), "\n")
				switch {
				case name == "abort" && line != "":
					t.Errorf("logged %q", line)
				case name != "abort" && !(strings.Contains(line, `"GET /a\nb", after its answer: `) && strings.Contains(line, `forged\nline`)):
					t.Errorf("logged %q", line)
				case name == "panic" && !strings.Contains(stack, "TestTimeoutLate"):
					t.Errorf("no stack of the handler: %q", stack)
				}
			})
		})
	}
}

// While the handler is in time, its problems are the request's.
func TestTimeoutObserver(t *testing.T) {
	var observed []error
	h := middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { problem.Write(w, r, io.ErrUnexpectedEOF) }))
	r := httptest.NewRequest("GET", "/", nil)
	r = r.WithContext(problem.WithObserver(r.Context(), func(err error) { observed = append(observed, err) }))
	within(time.Hour, h).ServeHTTP(httptest.NewRecorder(), r)
	if len(observed) != 1 || !errors.Is(observed[0], io.ErrUnexpectedEOF) {
		t.Errorf("observed %v", observed)
	}
}

func TestTimeoutUnderRouting(t *testing.T) {
	var pattern, matched string
	r := router.New()
	r.Use(func(next http.Handler) http.Handler {
		return within(2*time.Second, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			pattern, matched = chi.RouteContext(r.Context()).RoutePattern(), r.Pattern
		}))
	}, middleware.Timeout(time.Second))
	r.Get("/quick/{id}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, chi.URLParam(r, "id")) })
	var late string
	r.Route("/slow", func(r chi.Router) {
		r.Get("/{id}", func(_ http.ResponseWriter, r *http.Request) {
			for range 100 { // chi has given its own context to the requests below
				time.Sleep(100 * time.Millisecond)
				late = chi.URLParam(r, "id")
			}
		})
	})
	synctest.Test(t, func(t *testing.T) {
		get := func(path string) string {
			return readAll(t, albtest.Do(t, r, httptest.NewRequest("GET", path, nil), albtest.MultiValue).Body)
		}
		if body := get("/slow/mine"); body != gatewayTimeout || pattern != "/slow/{id}" {
			t.Errorf("got %s, pattern %q", body, pattern)
		}
		for i := range 20 {
			time.Sleep(50 * time.Millisecond)
			id := fmt.Sprint(i)
			if body := get("/quick/" + id); body != id || pattern != "/quick/{id}" || matched != "/quick/{id}" {
				t.Errorf("got %s, patterns %q and %q", body, pattern, matched)
			}
		}
		time.Sleep(time.Hour)
		if synctest.Wait(); late != "mine" {
			t.Errorf("a handler left behind sees another request's parameter %q", late)
		}
	})
}

// A goroutine that outlives a handler which was in time is refused, too. Run with -race.
func TestTimeoutWriteAfterReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := httptest.NewRecorder()
		within(time.Hour, middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "a")
			go func() {
				time.Sleep(time.Second)
				if _, err := io.WriteString(w, "b"); err == nil || err == http.ErrHandlerTimeout {
					t.Errorf("a write after the return: %v", err)
				}
			}()
		}))).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		if time.Sleep(time.Hour); rec.Body.String() != "a" {
			t.Errorf("body %q", rec.Body)
		}
	})
}

func TestTimeoutPanics(t *testing.T) {
	mustPanic(t, "middleware: Timeout was given a margin of 0s; give the time that it takes to answer, as time.Second", func() { middleware.Timeout(0) })
	mustPanic(t, "middleware: Timeout was given a margin of -1s; give the time that it takes to answer, as time.Second", func() { middleware.Timeout(-time.Second) })
}

func BenchmarkTimeout(b *testing.B) {
	body := []byte("hello")
	h := middleware.Timeout(time.Second)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }))
	deadline, cancel := context.WithTimeout(b.Context(), time.Hour)
	defer cancel()
	for name, ctx := range map[string]context.Context{"no deadline": b.Context(), "deadline": deadline} {
		b.Run(name, func(b *testing.B) {
			w, r := discard{}, httptest.NewRequest("GET", "/", nil).WithContext(ctx)
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(w, r)
			}
		})
	}
}

func ExampleTimeout() {
	h := middleware.Timeout(time.Second)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // a query that takes too long
	}))
	// On Lambda the deadline is that of the invocation.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second+10*time.Millisecond)
	defer cancel()
	ctx = problem.WithObserver(ctx, func(err error) { fmt.Println("log:", err) })
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/report", nil).WithContext(ctx))
	fmt.Println(rec.Code, rec.Body)
	// Output:
	// log: middleware: the handler was not done 1s before the deadline: context deadline exceeded
	// 504 {"title":"Gateway Timeout","status":504,"detail":"The request took too long."}
}

// The type is that of what was written at the first Flush, as net/http sniffs it.
func TestTimeoutSniffsAtFlush(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<ht")
		_ = http.NewResponseController(w).Flush()
		_, _ = io.WriteString(w, "ml>")
	})
	for name, handler := range map[string]http.Handler{"bare": h, "Timeout": within(time.Hour, middleware.Timeout(time.Second)(h))} {
		viaEach(t, handler, http.MethodGet, "/", nil, func(t *testing.T, res *http.Response, body string) {
			if got := res.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" || body != "<html>" {
				t.Errorf("%s: %s %q", name, got, body)
			}
		})
	}
}

// A goroutine of a handler that was in time keeps its own parameters, whatever chi makes of the context for the next request.
func TestTimeoutKeepsParameters(t *testing.T) {
	var kept *chi.Context
	r := chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r)
			route := chi.RouteContext(r.Context())
			route.RoutePatterns[0], route.URLParams.Values[0] = "/other", "other"
		})
	})
	r.Use(func(next http.Handler) http.Handler { return within(time.Hour, middleware.Timeout(time.Second)(next)) })
	r.Get("/{tenant}", func(_ http.ResponseWriter, r *http.Request) { kept = chi.RouteContext(r.Context()) })
	r.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/own", nil))
	if kept.URLParam("tenant") != "own" || kept.RoutePatterns[0] != "/{tenant}" {
		t.Errorf("tenant %q, patterns %v", kept.URLParam("tenant"), kept.RoutePatterns)
	}
}
