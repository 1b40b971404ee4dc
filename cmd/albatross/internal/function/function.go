// Package function runs a Lambda function on this machine: it builds it, starts it as Lambda does, watches its sources and puts the new
// one in the place of the old without losing a request.
package function

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/albatross-go/albatross/cmd/albatross/internal/record"
)

// A Spec says what the function is and how it is run.
type Spec struct {
	Name        string
	Command     []string      // a program and its arguments
	Package     string        // or the path of a Go package, which is built
	Dir         string        // where both are looked up; "" is the working directory
	Env         []string      // "KEY=value"
	Timeout     time.Duration // of an invocation; 0 is Lambda's 3 s
	Memory      int           // in MB, told to the function; 0 is 128
	Concurrency int           // how many environments may run at once; 0 is 10
	Watch       []string      // files and folders, besides those that a Package is built of
	NoWatch     bool          // run what was there at the start
}

// LambdaName is the name as Lambda takes it: letters, digits, hyphens and underscores, at most 64. A folder or an address in Terraform
// may be called otherwise.
func (s Spec) LambdaName() string {
	name := notInNames.ReplaceAllString(s.Name, "-")
	return name[:min(len(name), 64)]
}

var notInNames = regexp.MustCompile(`[^a-zA-Z0-9_-]`)

// Options are the listeners of a Function. Each may be nil.
type Options struct {
	OnState func(State)       // called for every change, one at a time
	OnLine  func(record.Line) // called for every line that the function prints, one at a time
}

// A Phase is what a Function does.
type Phase string

// The phases. A function whose newest code is broken may still be served by what ran before.
const (
	Building Phase = "building"
	Starting Phase = "starting"
	Ready    Phase = "ready"
	Broken   Phase = "broken"
	Stopped  Phase = "stopped"
)

// A State is a Phase and what is known of it.
type State struct {
	Phase      Phase     `json:"phase"`
	Since      time.Time `json:"since"`
	Error      string    `json:"error,omitempty"`  // why it is broken
	Build      string    `json:"build,omitempty"`  // what the failed build printed
	Generation int       `json:"generation"`       // how often the code was put in place; 0 is never
	Init       float64   `json:"initMs,omitempty"` // of the newest generation
}

// A Function is a Lambda function on this machine, and a lambda.Handler. Make one with [New].
type Function struct {
	spec    Spec
	options Options
	lines   sync.Mutex

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup
	reload chan struct{} // asks for the code to be put in place anew
	work   string        // folder of built programs, "" before the first

	states  sync.Mutex // held while OnState is called
	mu      sync.Mutex
	state   State
	current *pool         // nil before the first generation
	changed chan struct{} // closed when current or state changes
}

// New makes a Function. Nothing runs before [Function.Start].
func New(spec Spec, options Options) *Function {
	spec.Timeout = cmp.Or(spec.Timeout, 3*time.Second)
	spec.Memory = cmp.Or(spec.Memory, 128)
	spec.Concurrency = cmp.Or(spec.Concurrency, 10)
	f := &Function{
		spec:    spec,
		options: options,
		reload:  make(chan struct{}, 1),
		changed: make(chan struct{}),
	}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	return f
}

// Spec returns what the function was made of, with the defaults filled in.
func (f *Function) Spec() Spec { return f.spec }

// Start builds and starts the function, and watches its sources from then on. It returns when the function is ready, or with the error
// of the first try, which a change of the sources may mend.
func (f *Function) Start(ctx context.Context) error {
	watch := func() error { return nil }
	if !f.spec.NoWatch {
		w, err := newWatcher(f.Restart)
		if err != nil {
			return f.fail(err)
		}
		f.tasks.Go(func() { w.run(f.ctx) })
		watch = func() error { return w.watch(f.sources()) }
	}
	first := make(chan error, 1)
	f.tasks.Go(func() {
		first <- f.replace(watch)
		for {
			select {
			case <-f.reload:
				_ = f.replace(watch) // the state tells
			case <-f.ctx.Done():
				return
			}
		}
	})
	select {
	case err := <-first:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Restart puts the code in place anew: a Package is built again. What runs goes on until the new one has started.
func (f *Function) Restart() {
	select {
	case f.reload <- struct{}{}:
	default: // it is asked for already
	}
}

// replace makes the next generation, and ends the previous one once the new one has started.
func (f *Function) replace(watch func() error) error {
	phase := Starting
	if f.spec.Package != "" {
		phase = Building
	}
	f.enter(State{Phase: phase})
	if err := watch(); err != nil { // before the build, so that no change is missed
		return f.fail(err)
	}
	command, program := f.spec.Command, ""
	if phase == Building {
		var err error
		if program, err = f.build(); err != nil {
			return f.fail(err)
		}
		command = []string{program}
		f.enter(State{Phase: Starting})
	}

	next := newPool(f, command, program)
	initDuration, err := next.start(f.ctx)
	if err != nil {
		next.kill()
		return f.fail(err)
	}
	f.mu.Lock()
	previous := f.current
	f.current = next
	f.state.Generation++
	f.mu.Unlock()
	f.enter(State{Phase: Ready, Init: record.Milliseconds(initDuration)})
	if previous != nil {
		f.tasks.Go(func() { previous.drain(f.ctx) })
	}
	return nil
}

// fail tells of a generation that did not come about.
func (f *Function) fail(err error) error {
	if f.ctx.Err() != nil {
		return f.ctx.Err()
	}
	err = withRemedy(err)
	s := State{Phase: Broken, Error: err.Error()}
	if b, ok := errors.AsType[*BuildError](err); ok {
		s.Build = b.Output
	}
	f.enter(s)
	return err
}

// enter tells of a new state.
func (f *Function) enter(s State) {
	f.states.Lock()
	defer f.states.Unlock()
	f.mu.Lock()
	s.Since, s.Generation = time.Now(), f.state.Generation
	f.state = s
	close(f.changed)
	f.changed = make(chan struct{})
	f.mu.Unlock()
	if f.options.OnState != nil {
		f.options.OnState(s)
	}
}

// State returns what the function does.
func (f *Function) State() State {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.state
}

// Invoke runs the function on one event. It waits for a first generation that is under way, and fails with why there is none. See
// [WithCall] for what there is to know besides.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	var answer []byte
	err := f.use(ctx, func(e *environment) error {
		var err error
		answer, err = e.invoke(ctx, event)
		return err
	})
	return answer, err
}

// ServeHTTP answers the Invoke call of the Lambda service.
func (f *Function) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := f.use(r.Context(), func(e *environment) error {
		e.serve(w, r)
		return nil
	})
	if err == nil {
		return
	}
	w.Header().Set("X-Amzn-Errortype", "ServiceException")
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

// use runs do with an environment of the newest generation.
func (f *Function) use(ctx context.Context, do func(*environment) error) error {
	for {
		current, err := f.newest(ctx)
		if err != nil {
			return err
		}
		e, err := current.acquire(ctx, callOf(ctx))
		if errors.Is(err, errClosed) {
			continue // with the next generation
		}
		if err != nil {
			return err
		}
		err = do(e)
		current.release(e)
		return err
	}
}

// newest waits for a first generation, if one is under way.
func (f *Function) newest(ctx context.Context) (*pool, error) {
	for {
		f.mu.Lock()
		current, state, changed := f.current, f.state, f.changed
		f.mu.Unlock()
		switch {
		case f.ctx.Err() != nil:
			return nil, ErrStopped
		case current != nil:
			return current, nil
		case state.Phase == Broken:
			return nil, &NotReadyError{State: state}
		}
		select {
		case <-changed:
		case <-f.ctx.Done():
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends the function's processes, and returns when nothing of them is left.
func (f *Function) Close() {
	f.cancel()
	f.killCurrent()
	f.tasks.Wait()
	f.killCurrent() // one may have come meanwhile
	f.enter(State{Phase: Stopped})
	if f.work != "" {
		_ = os.RemoveAll(f.work)
	}
}

func (f *Function) killCurrent() {
	f.mu.Lock()
	current := f.current
	f.mu.Unlock()
	if current != nil {
		current.kill()
	}
}

func (f *Function) print(line record.Line) {
	if f.options.OnLine == nil {
		return
	}
	f.lines.Lock()
	defer f.lines.Unlock()
	f.options.OnLine(line)
}

// Knows reports whether the Invoke call may name the function so: by its name in Lambda or ARN, with a qualifier or without.
func (f *Function) Knows(name string) bool {
	if _, short, ok := strings.Cut(name, ":function:"); ok {
		name = short
	}
	name, _, _ = strings.Cut(name, ":")
	return name == f.spec.LambdaName()
}
