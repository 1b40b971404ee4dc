package function_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/albatross-go/albatross/cmd/albatross/internal/function"
	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

var _ lambda.Handler = (*function.Function)(nil)

// With this variable set, the test binary is the function under test.
const bootstrapVariable = "FUNCTION_TEST_BOOTSTRAP"

func TestMain(m *testing.M) {
	switch os.Getenv(bootstrapVariable) {
	case "":
		os.Exit(m.Run())
	case "exit":
		fmt.Fprintln(os.Stderr, "no database")
		os.Exit(1)
	}
	fmt.Println("init")
	lambda.Start(func(event map[string]string) (any, error) {
		switch {
		case event["print"] != "":
			fmt.Println(event["print"])
		case event["meet"] != "": // answers once as many are there
			name := filepath.Join(event["meet"], fmt.Sprint(os.Getpid()))
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				return nil, err
			}
			for {
				if others, _ := filepath.Glob(event["meet"] + "/*"); len(others) >= 3 {
					break
				}
				time.Sleep(5 * time.Millisecond)
			}
		case event["wait"] != "": // answers once the file is there
			for {
				if _, err := os.Stat(event["wait"]); err == nil {
					break
				}
				time.Sleep(5 * time.Millisecond)
			}
		case event["exit"] != "":
			os.Exit(7)
		}
		return map[string]any{"pid": os.Getpid(), "mode": os.Getenv("MODE")}, nil
	})
}

// lines collects what functions print.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) add(line record.Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, line.Text)
}

// wait returns the lines once there are n of them.
func (l *lines) wait(t *testing.T, n int) []string {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		l.mu.Lock()
		text := l.text
		l.mu.Unlock()
		if len(text) >= n {
			return text
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d lines, want %d: %q", len(text), n, text)
		}
	}
}

func start(t *testing.T, spec function.Spec, options function.Options) *function.Function {
	t.Helper()
	f := function.New(spec, options)
	t.Cleanup(f.Close)
	if err := f.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f
}

// itself is a spec that runs this test's binary.
func itself(t *testing.T, mode string) function.Spec {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return function.Spec{Command: []string{exe}, Dir: t.TempDir(), Env: []string{bootstrapVariable + "=" + mode}, Timeout: time.Minute}
}

func invoke(t *testing.T, f *function.Function, event string) string {
	t.Helper()
	answer, err := f.Invoke(t.Context(), []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

func TestCall(t *testing.T) {
	var all lines
	f := start(t, itself(t, "function"), function.Options{OnLine: all.add})
	for i, text := range []string{"first", "second"} {
		var own lines
		call := &function.Call{OnLine: own.add}
		if _, err := f.Invoke(function.WithCall(t.Context(), call), fmt.Appendf(nil, `{"print":%q}`, text)); err != nil {
			t.Fatal(err)
		}
		if got := own.wait(t, 1); len(got) != 1 || got[0] != text {
			t.Errorf("printed %q, want %q", got, text)
		}
		inv := call.Invocation
		if inv.RequestID == "" || inv.Cold != (i == 0) || inv.Duration <= 0 || (inv.Init > 0) != inv.Cold {
			t.Errorf("%s: %+v", text, inv)
		}
	}
	if got := strings.Join(all.wait(t, 3), " "); got != "init first second" {
		t.Errorf("in all %q", got)
	}
	if s := f.State(); s.Phase != function.Ready || s.Generation != 1 || s.Init <= 0 {
		t.Errorf("state %+v", s)
	}
}

// Events that come together each get an environment, up to the limit; what comes later takes a free one.
func TestEnvironments(t *testing.T) {
	f := start(t, itself(t, "function"), function.Options{})
	dir := t.TempDir()
	var pids sync.Map
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			answer, err := f.Invoke(t.Context(), fmt.Appendf(nil, `{"meet":%q}`, dir))
			if err != nil {
				t.Error(err)
			}
			pids.Store(string(answer), true)
		})
	}
	wg.Wait()
	n := 0
	pids.Range(func(any, any) bool { n++; return true })
	if n != 3 {
		t.Errorf("%d processes worked on 3 events at once", n)
	}
	last := invoke(t, f, `{}`)
	if _, known := pids.Load(last); !known {
		t.Error("a new process though others are free")
	}
	for range 5 {
		if now := invoke(t, f, `{}`); now != last {
			t.Error("not the process that was used last")
		}
	}
}

func TestLimit(t *testing.T) {
	spec := itself(t, "function")
	spec.Concurrency = 1
	f := start(t, spec, function.Options{})
	want := invoke(t, f, `{}`)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if answer, err := f.Invoke(t.Context(), []byte(`{}`)); err != nil || string(answer) != want {
				t.Errorf("%s, %v, want %s", answer, err, want)
			}
		})
	}
	wg.Wait()
}

// A crash fails its own event only.
func TestCrash(t *testing.T) {
	f := start(t, itself(t, "function"), function.Options{})
	before := invoke(t, f, `{}`)
	if answer, err := f.Invoke(t.Context(), []byte(`{"exit":"now"}`)); err == nil || !strings.Contains(err.Error(), "exit status 7") {
		t.Errorf("%s, %v", answer, err)
	}
	call := new(function.Call)
	answer, err := f.Invoke(function.WithCall(t.Context(), call), []byte(`{}`))
	if err != nil || string(answer) == before || !call.Invocation.Cold {
		t.Errorf("%s, %v, %+v; before the crash %s", answer, err, call.Invocation, before)
	}
}

func TestBrokenInit(t *testing.T) {
	f := function.New(itself(t, "exit"), function.Options{})
	t.Cleanup(f.Close)
	err := f.Start(t.Context())
	if err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Fatalf("Start: %v", err)
	}
	if s := f.State(); s.Phase != function.Broken || s.Error != err.Error() || s.Generation != 0 {
		t.Errorf("%+v", s)
	}
	var notReady *function.NotReadyError
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.As(err, &notReady) {
		t.Errorf("Invoke: %v", err)
	}
}

// A restart waits for the events under way, and nothing fails meanwhile.
func TestRestart(t *testing.T) {
	states := make(chan function.State, 100)
	f := start(t, itself(t, "function"), function.Options{OnState: func(s function.State) { states <- s }})
	until := func(phase function.Phase, generation int) {
		t.Helper()
		for s := range states {
			if s.Phase == phase && s.Generation == generation {
				return
			}
		}
	}
	until(function.Ready, 1)
	before := invoke(t, f, `{}`)
	file := filepath.Join(t.TempDir(), "go")
	slow := make(chan string)
	go func() {
		answer, err := f.Invoke(t.Context(), fmt.Appendf(nil, `{"wait":%q}`, file))
		slow <- fmt.Sprintf("%s %v", answer, err)
	}()
	var stop atomic.Bool
	var others sync.WaitGroup
	others.Go(func() {
		for !stop.Load() {
			if _, err := f.Invoke(t.Context(), []byte(`{}`)); err != nil {
				t.Error(err)
				return
			}
		}
	})
	time.Sleep(20 * time.Millisecond) // so that both are under way; without it the test is weaker, not wrong
	f.Restart()
	until(function.Ready, 2)
	stop.Store(true)
	others.Wait()
	if after := invoke(t, f, `{}`); after == before {
		t.Error("the same process after a restart")
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := <-slow; !strings.HasSuffix(got, "} <nil>") {
		t.Errorf("the event under way: %s", got)
	}
}

func TestClose(t *testing.T) {
	f := start(t, itself(t, "function"), function.Options{})
	hung := make(chan error)
	go func() {
		_, err := f.Invoke(t.Context(), []byte(`{"wait":"/never"}`))
		hung <- err
	}()
	time.Sleep(20 * time.Millisecond) // so that it is under way; without it the test is weaker, not wrong
	f.Close()
	if err := <-hung; err == nil {
		t.Error("a hung event has an answer")
	}
	if _, err := f.Invoke(t.Context(), []byte(`{}`)); !errors.Is(err, function.ErrStopped) {
		t.Errorf("Invoke after Close: %v", err)
	}
	if s := f.State(); s.Phase != function.Stopped {
		t.Errorf("%+v", s)
	}
}

// A program that is not there yet is started when it comes.
func TestProgramComesLater(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	spec := itself(t, "function")
	spec.Command = []string{"./bootstrap"}
	ready := make(chan struct{})
	f := function.New(spec, function.Options{OnState: func(s function.State) {
		if s.Phase == function.Ready {
			close(ready)
		}
	}})
	t.Cleanup(f.Close)
	if err := f.Start(t.Context()); err == nil {
		t.Fatal("it started")
	}
	if err := os.Symlink(exe, filepath.Join(spec.Dir, "bootstrap")); err != nil {
		t.Fatal(err)
	}
	<-ready
	invoke(t, f, `{}`)
}

func TestInvokeCall(t *testing.T) {
	for name, known := range map[string]string{
		"orders":                     "orders",
		"aws_lambda_function.orders": "aws_lambda_function-orders",
		"my ünusual folder":          "my--nusual-folder",
		strings.Repeat("x", 65):      strings.Repeat("x", 64),
	} {
		spec := itself(t, "function")
		spec.Name = name
		f := start(t, spec, function.Options{})
		if !f.Knows(known) || !f.Knows(known+":live") || f.Knows(known+"x") {
			t.Errorf("%s is not known as %s", name, known)
		}
		r := httptest.NewRequest(http.MethodPost, "/2015-03-31/functions/"+known+"/invocations", strings.NewReader(`{"print":"x"}`))
		rec := httptest.NewRecorder()
		f.ServeHTTP(rec, r)
		if rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), `"pid"`) {
			t.Errorf("%s: %d %s", name, rec.Code, rec.Body)
		}
	}
}

// module writes a Go module that is a function which answers with text.
func module(t *testing.T, dir, text string) {
	t.Helper()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/function\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "text", "text.go"), "package text\n\nconst Text = `"+text+"`\n")
	write(t, filepath.Join(dir, "main.go"), `package main

import (
	"net/http"
	"os"
	"strings"

	"example.com/function/text"
)

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		res, err := http.Get(api + "next")
		if err != nil || res.StatusCode != 200 {
			return
		}
		res.Body.Close()
		id := res.Header.Get("Lambda-Runtime-Aws-Request-Id")
		if res, err := http.Post(api+id+"/response", "", strings.NewReader(`+"`\"`+text.Text+`\"`"+`)); err == nil {
			res.Body.Close()
		}
	}
}
`)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A change of any package is built and put in place; what does not build leaves the old one to serve, and its errors are told.
func TestPackage(t *testing.T) {
	dir := t.TempDir()
	module(t, dir, "one")
	states := make(chan function.State, 100)
	f := start(t, function.Spec{Package: dir, Timeout: time.Minute}, function.Options{OnState: func(s function.State) { states <- s }})
	until := func(phase function.Phase) function.State {
		t.Helper()
		for {
			select {
			case s := <-states:
				if s.Phase == phase {
					return s
				}
			case <-time.After(time.Minute):
				t.Fatalf("not %s within a minute", phase)
			}
		}
	}
	until(function.Ready)
	if got := invoke(t, f, `{}`); got != `"one"` {
		t.Fatalf("answer %s", got)
	}

	text := filepath.Join(dir, "text", "text.go")
	write(t, filepath.Join(dir, "text", "text_test.go"), "package text\n") // changes nothing
	write(t, text, "package text\n\nconst Text = 1 +\n")
	if s := until(function.Broken); !strings.Contains(s.Build, "text.go:4:1: syntax error") || s.Generation != 1 {
		t.Errorf("%+v", s)
	}
	if got := invoke(t, f, `{}`); got != `"one"` {
		t.Errorf("answer %s while it does not build", got)
	}

	module(t, dir, "two")
	if s := until(function.Ready); s.Generation != 2 {
		t.Errorf("%+v", s)
	}
	if got := invoke(t, f, `{}`); got != `"two"` {
		t.Errorf("answer %s after the change", got)
	}
}

// A script's change restarts it, and a failed build at the start is mended by a change.
func TestWatch(t *testing.T) {
	spec := itself(t, "function")
	states := make(chan function.State, 100)
	f := start(t, spec, function.Options{OnState: func(s function.State) { states <- s }})
	before := invoke(t, f, `{}`)
	for range 2 { // starting, ready
		<-states
	}
	write(t, filepath.Join(spec.Dir, "data.json"), "{}") // no source
	write(t, filepath.Join(spec.Dir, "lib", "app.py"), "")
	for s := range states {
		if s.Phase == function.Ready {
			break
		}
	}
	if invoke(t, f, `{}`) == before {
		t.Error("the same process")
	}

	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/function\n\ngo 1.26\n")
	broken := function.New(function.Spec{Package: ".", Dir: dir, Timeout: time.Minute}, function.Options{})
	t.Cleanup(broken.Close)
	var build *function.BuildError
	if err := broken.Start(t.Context()); !errors.As(err, &build) {
		t.Fatal(err)
	}
	module(t, dir, "mended")
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if answer, err := broken.Invoke(t.Context(), []byte(`{}`)); err == nil && string(answer) == `"mended"` {
			return
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// A package's folder may go, as when a branch is changed, and come back. Of the programs that were built only the newest is kept.
func TestPackageMoves(t *testing.T) {
	temporary := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP"} {
		t.Setenv(name, temporary)
	}
	dir := t.TempDir()
	module(t, dir, "one")
	if err := os.MkdirAll(filepath.Join(dir, "cmd", "api"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "main.go"), filepath.Join(dir, "cmd", "api", "main.go")); err != nil {
		t.Fatal(err)
	}
	states := make(chan function.State, 100)
	f := start(t, function.Spec{Package: "./cmd/api", Dir: dir, Timeout: time.Minute}, function.Options{OnState: func(s function.State) { states <- s }})
	until := func(phase function.Phase) {
		t.Helper()
		for {
			select {
			case s := <-states:
				if s.Phase == phase {
					return
				}
			case <-time.After(20 * time.Second):
				t.Fatalf("not %s within 20 s", phase)
			}
		}
	}
	until(function.Ready)
	write(t, filepath.Join(dir, "cmd", "api", "more.go"), "package main\n\nvar x int = nothing\n")
	until(function.Broken)
	if got := f.State().Build; !strings.Contains(got, filepath.Join("cmd", "api", "more.go")+":3:13: undefined: nothing") {
		t.Errorf("build output %s, want the file by its path in the module", got)
	}
	if err := os.Remove(filepath.Join(dir, "cmd", "api", "more.go")); err != nil {
		t.Fatal(err)
	}
	until(function.Ready)
	for _, path := range []string{filepath.Join(dir, "cmd", "api"), filepath.Join(dir, "cmd")} {
		if err := os.Rename(path, path+".old"); err != nil {
			t.Fatal(err)
		}
		until(function.Broken)
		if err := os.Rename(path+".old", path); err != nil {
			t.Fatal(err)
		}
		until(function.Ready)
	}
	write(t, filepath.Join(dir, "text", "text.go"), "package text\n\nconst Text = `two`\n")
	until(function.Ready)
	if got := invoke(t, f, `{}`); got != `"two"` {
		t.Errorf("answer %s after the change", got)
	}
	programs := func() int {
		found, err := filepath.Glob(filepath.Join(temporary, "albatross-*", "*", "bootstrap*"))
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	for deadline := time.Now().Add(20 * time.Second); programs() != 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d programs are kept, want the newest", programs())
		}
	}
	f.Close()
	if n := programs(); n != 0 {
		t.Errorf("%d programs are left behind", n)
	}
}

// What ends a start is told with how to mend it.
func TestRemedies(t *testing.T) {
	for _, test := range []struct {
		name string
		edit func(*function.Spec)
		want string
	}{
		{"no program", func(s *function.Spec) { s.Command = []string{"./nothing"} }, "check the command"},
		{"one that ends", func(s *function.Spec) { s.Env = []string{bootstrapVariable + "=exit"} }, "see what it printed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := itself(t, "function")
			test.edit(&spec)
			f := function.New(spec, function.Options{})
			t.Cleanup(f.Close)
			if err := f.Start(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) || f.State().Error != err.Error() {
				t.Errorf("%v, state %+v", err, f.State())
			}
			if _, err := f.Invoke(t.Context(), []byte(`{}`)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("Invoke: %v", err)
			}
		})
	}
}

// A caller that goes away leaves its event to the process. What becomes of that is not told to whoever comes next.
func TestCallersGoAway(t *testing.T) {
	spec := itself(t, "function")
	spec.Concurrency = 1
	f := start(t, spec, function.Options{})
	var calls [2]function.Call
	for i := range calls {
		ctx, cancel := context.WithTimeout(function.WithCall(t.Context(), &calls[i]), 50*time.Millisecond)
		if i == 0 { // a cancelled context is no deadline for the function
			ctx, cancel = context.WithCancel(function.WithCall(t.Context(), &calls[i]))
			time.AfterFunc(50*time.Millisecond, cancel)
		}
		if _, err := f.Invoke(ctx, []byte(`{"wait":"/never"}`)); err == nil {
			t.Fatal("an answer before its time")
		}
		cancel()
	}
	f.Close()
	time.Sleep(20 * time.Millisecond) // so that what comes late has come; without it the test is weaker, not wrong
	if id := calls[1].Invocation.RequestID; id != "" {
		t.Errorf("an event that no process was given has the request ID %s", id)
	}
}
