package runtimeapi

import (
	"context"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// An environment is one life of the function's process, from init phase to shutdown: what Lambda calls an execution
// environment. A poll offers itself on a channel and a caller that takes the offer begins its invocation; until then
// the invocation is the caller's, to give up or to take to the next environment.
type environment struct {
	config
	process *os.Process // nil if the process is not ours
	drain   func()      // returns when what the process has printed so far is passed on
	started time.Time

	polls chan chan<- *invocation // offers of waiting polls; a closed offer is declined
	slots chan struct{}           // held by each poll that waits and each invocation that runs

	initialised chan struct{} // closed by the first poll
	gone        chan struct{} // closed when no more invocations are accepted
	exited      chan struct{} // closed when nothing of the process is left

	mu           sync.Mutex
	running      map[string]*invocation
	extensions   map[string]string // identifier to name
	initDuration time.Duration
	warm         bool           // whether it was given an invocation
	overtime     *time.Timer    // ends a process that has answered and does not poll again; nil before the first answer
	initError    *FunctionError // what the process said of its failed init phase
	cause        cause          // set when gone is closed
}

func newEnvironment(c config) *environment {
	return &environment{
		config:      c,
		started:     time.Now(),
		polls:       make(chan chan<- *invocation),
		slots:       make(chan struct{}, c.concurrency),
		drain:       func() {},
		initialised: make(chan struct{}),
		gone:        make(chan struct{}),
		exited:      make(chan struct{}),
		running:     map[string]*invocation{},
		extensions:  map[string]string{},
	}
}

// isClosed tells whether c, which carries no values, has been closed.
func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// ready notes that the process has polled, which ends the init phase, or that of an invocation.
func (env *environment) ready() {
	env.mu.Lock()
	defer env.mu.Unlock()
	if env.overtime != nil {
		env.overtime.Stop()
	}
	if !isClosed(env.initialised) {
		env.initDuration = time.Since(env.started)
		close(env.initialised)
	}
}

// next waits for an invocation, which then counts as running. It returns nil when ctx ends or the process is gone.
// While a process is being stopped it keeps on waiting: an answer would make a Go function exit at once, before its
// SIGTERM callbacks have run.
func (env *environment) next(ctx context.Context) *invocation {
	select {
	case env.slots <- struct{}{}:
	case <-env.exited:
		return nil
	case <-ctx.Done():
		return nil
	}
	poll := make(chan *invocation, 1)
	select {
	case env.polls <- poll:
		if inv := <-poll; inv != nil {
			return inv
		}
	case <-env.gone:
	case <-ctx.Done():
	}
	<-env.slots
	select {
	case <-env.exited:
	case <-ctx.Done():
	}
	return nil
}

// begin starts the clock of an invocation that is about to be handed to a poll. It is false if the environment has just
// ended, and the invocation not affected.
func (env *environment) begin(inv *invocation) bool {
	env.mu.Lock()
	defer env.mu.Unlock()
	if env.cause != nil {
		return false
	}
	inv.started, inv.cold, inv.initDuration = time.Now(), !env.warm, env.initDuration
	env.warm = true
	inv.deadline = inv.started.Add(env.timeout)
	if !inv.limit.IsZero() && inv.limit.Before(inv.deadline) {
		inv.deadline = inv.limit
	}
	env.running[inv.id] = inv
	inv.timer = time.AfterFunc(time.Until(inv.deadline), func() { env.expire(inv) })
	return true
}

// isRunning tells whether the process owes an answer to the invocation.
func (env *environment) isRunning(requestID string) bool {
	env.mu.Lock()
	defer env.mu.Unlock()
	return env.running[requestID] != nil
}

// isFull tells whether the process already works on all that it may.
func (env *environment) isFull() bool {
	env.mu.Lock()
	defer env.mu.Unlock()
	return len(env.running) >= env.concurrency
}

// complete answers an invocation, and tells whether it was still running.
func (env *environment) complete(requestID string, response []byte, err error) bool {
	env.mu.Lock()
	inv := env.running[requestID]
	delete(env.running, requestID)
	if inv != nil && env.process != nil && env.concurrency == 1 {
		// An answer does not end an invocation, the next poll does, and until then its time runs. Lambda developer guide:
		// execution environment lifecycle, Invoke phase.
		env.overtime = time.AfterFunc(time.Until(inv.deadline), func() { env.end(timedOut("Task", env.timeout)) })
	}
	env.mu.Unlock()
	if inv == nil {
		return false
	}
	<-env.slots
	inv.timer.Stop()
	inv.finish(response, err)
	return true
}

// abandon fails what runs in a process that is not ours and that a successor has evidently replaced.
func (env *environment) abandon() {
	env.mu.Lock()
	ids := slices.Collect(maps.Keys(env.running))
	env.mu.Unlock()
	for _, id := range ids {
		env.complete(id, nil, exited(nil)(id))
	}
}

// expire fails an invocation that has passed its deadline and, if the process is ours, ends the environment in the same
// moment, so that no other invocation gets in between. Whether Lambda spares the other invocations of a concurrent
// environment is not documented; here they end with their process.
func (env *environment) expire(inv *invocation) {
	err := timedOut("Task", env.timeout)(inv.id)
	if inv.deadline.Equal(inv.limit) {
		err = context.DeadlineExceeded // the caller's own limit, which its context reports so
	}
	if env.process == nil {
		env.complete(inv.id, nil, err)
		return
	}
	env.mu.Lock()
	defer env.mu.Unlock()
	if env.running[inv.id] == nil {
		return
	}
	killed := because("Runtime.ExitError", "Runtime exited with error: signal: killed")
	env.endLocked(func(requestID string) error {
		if requestID == inv.id {
			return err
		}
		return killed(requestID)
	})
}

// expireInit ends an environment whose init phase is not over.
func (env *environment) expireInit() {
	if !isClosed(env.initialised) {
		env.end(timedOut("Init", env.initTimeout))
	}
}

// end makes the environment accept no more invocations and fails those that run. Only the first cause counts.
func (env *environment) end(why cause) {
	env.mu.Lock()
	defer env.mu.Unlock()
	env.endLocked(why)
}

func (env *environment) endLocked(why cause) {
	if env.cause != nil {
		return
	}
	env.cause = why
	close(env.gone)
	if env.overtime != nil {
		env.overtime.Stop()
	}
	for id, inv := range env.running {
		inv.timer.Stop()
		inv.finish(nil, why(id))
	}
	clear(env.running)
	if env.process == nil {
		close(env.exited)
	}
}

// exitCause is why a process that ended with err did so: its own word on a failed init phase comes first.
func (env *environment) exitCause(err error) cause {
	env.mu.Lock()
	defer env.mu.Unlock()
	if report := env.initError; report != nil {
		return func(string) error { return report }
	}
	return exited(err)
}

// failure is the cause of the end as the error of an invocation, or of none if requestID is "". It may be called once
// gone is closed.
func (env *environment) failure(requestID string) error {
	return env.cause(requestID)
}
