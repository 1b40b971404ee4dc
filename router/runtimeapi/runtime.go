package runtimeapi

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// readHeaderTimeout bounds how long a connection may take to say what it wants.
const readHeaderTimeout = 10 * time.Second

// A Runtime runs one Lambda function. Its methods may be called concurrently. Use [New]; the zero value is not usable.
type Runtime struct {
	config
	command []string
	log     functionLog
	routes  http.Handler

	ctx    context.Context // ends with Close
	cancel context.CancelFunc
	tasks  sync.WaitGroup // the server and asynchronous invocations

	mu      sync.Mutex
	closed  bool
	server  *http.Server
	bound   string       // the address listened on
	current *environment // the newest, nil before the first
}

// New makes a Runtime that runs command, a program and its arguments, in the manner of Lambda. Nothing is started
// before the first Start or Invoke.
//
// If command is empty, the Runtime attaches to whatever process polls it instead. There is then no init phase, a process
// that overruns is left alone, and one that ended is only noticed when its invocation times out or a successor polls.
func New(command []string, opts ...Option) *Runtime {
	rt := &Runtime{config: newConfig(opts), command: slices.Clone(command)}
	rt.ctx, rt.cancel = context.WithCancel(context.Background())

	routes := http.NewServeMux()
	routes.HandleFunc("POST /2015-03-31/functions/{name}/invocations", rt.serveInvoke)
	if rt.isAttached() {
		rt.current = newEnvironment(rt.config)
		routes.Handle("/", rt.current.routes())
	}
	rt.routes = routes
	return rt
}

func (rt *Runtime) isAttached() bool { return len(rt.command) == 0 }

// Start listens on the address of [WithAddr], once, and starts the process unless it is running. It returns when the
// process has polled, or with the error that the init phase ended with, a [*FunctionError] if the function is at fault;
// the next Start or Invoke then tries again. With no command it only listens.
func (rt *Runtime) Start(ctx context.Context) error {
	if err := rt.listen(ctx); err != nil {
		return err
	}
	if rt.isAttached() {
		return nil
	}
	env, err := rt.environment(ctx)
	if err != nil {
		return err
	}
	select {
	case <-env.initialised:
		return nil
	case <-env.gone:
		return env.failure("")
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (rt *Runtime) listen(ctx context.Context) error {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.closed {
		return ErrClosed
	}
	if rt.server != nil {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", rt.addr)
	if err != nil {
		return fmt.Errorf("runtimeapi: %w; choose another address with WithAddr", err)
	}
	server := &http.Server{Handler: rt, ReadHeaderTimeout: readHeaderTimeout}
	rt.server, rt.bound = server, listener.Addr().String()
	rt.tasks.Go(func() { _ = server.Serve(listener) })
	return nil
}

// environment returns the execution environment that takes the next invocation. It starts one if there is none, after
// the last of the previous process is gone.
func (rt *Runtime) environment(ctx context.Context) (*environment, error) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for !rt.closed {
		env := rt.current
		switch {
		case env == nil || isClosed(env.exited):
			env, err := startEnvironment(rt.config, rt.command, &rt.log)
			if err != nil {
				return nil, fmt.Errorf("runtimeapi: no room for the function's process: %w", err)
			}
			rt.current = env
			return env, nil
		case !isClosed(env.gone):
			return env, nil
		}
		rt.mu.Unlock()
		select {
		case <-env.exited:
		case <-ctx.Done():
		}
		rt.mu.Lock()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return nil, ErrClosed
}

// Invoke runs the function on one event and returns its response. Invocations beyond the concurrency wait their turn,
// which is not part of the function's time. The process is given the timeout or the deadline of ctx, whichever is
// earlier.
//
// The error is a [*FunctionError] if the function is at fault, [ErrClosed], or that of ctx. When ctx is cancelled, an
// invocation that has begun goes on without its caller, as in Lambda.
func (rt *Runtime) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return rt.invoke(ctx, newInvocation(ctx, rt.arn(), payload))
}

func (rt *Runtime) invoke(ctx context.Context, inv *invocation) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := rt.handOver(ctx, inv); err != nil {
		return nil, err
	}
	select {
	case <-inv.done:
		inv.report(ctx, rt.observer)
		return inv.response, inv.err
	case <-ctx.Done():
		go func() { // it ends by its deadline
			<-inv.done
			inv.report(ctx, rt.observer)
		}()
		return nil, ctx.Err()
	}
}

// handOver waits until a poll can be given the invocation. An environment that ends after its init phase does not matter to
// those still waiting; they go on to the next.
func (rt *Runtime) handOver(ctx context.Context, inv *invocation) error {
	for {
		env, err := rt.environment(ctx)
		if err != nil {
			return err
		}
		select {
		case poll := <-env.polls:
			if env.begin(inv) {
				poll <- inv
				return nil
			}
			close(poll)
		case <-env.gone:
			if !isClosed(env.initialised) {
				return env.failure(inv.id)
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// ServeHTTP answers the Invoke call of the Lambda service and, if the Runtime has no command, the Runtime API.
// Safe only when everybody who can reach it may run the function.
func (rt *Runtime) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	rt.routes.ServeHTTP(w, r)
}

// Close ends the process, if there is one, and returns when nothing of it is left. Calls under way return [ErrClosed].
// Close may be called again; the error is always nil.
func (rt *Runtime) Close() error {
	rt.mu.Lock()
	rt.closed = true
	env, server := rt.current, rt.server
	rt.mu.Unlock()

	rt.cancel()
	if env != nil {
		env.end(closed)
		<-env.exited
	}
	if server != nil {
		server.Close()
	}
	rt.tasks.Wait()
	return nil
}

// Addr is the address that Start listens on, "" before.
func (rt *Runtime) Addr() string {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.bound
}

// Environ lists the variables, as "KEY=value", that a process started by somebody else needs in order to attach.
// It is nil if the Runtime has a command, and lacks AWS_LAMBDA_RUNTIME_API before Start.
func (rt *Runtime) Environ() []string {
	if !rt.isAttached() {
		return nil
	}
	return rt.variables(rt.Addr())
}

// Pid is the process ID of the function's process, 0 if none is running.
func (rt *Runtime) Pid() int {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if env := rt.current; env != nil && env.process != nil && !isClosed(env.exited) {
		return env.process.Pid
	}
	return 0
}

// InitDuration is the time from the start of the newest process to its first poll, 0 if it has not polled.
func (rt *Runtime) InitDuration() time.Duration {
	rt.mu.Lock()
	env := rt.current
	rt.mu.Unlock()
	if env == nil {
		return 0
	}
	env.mu.Lock()
	defer env.mu.Unlock()
	return env.initDuration
}
